// @ts-check
// The package as it is after `npm run build`, kept for `npm start` and for the tests, and built only if the sources changed.
//
// dist/ would be the wrong place: a build empties it, and with it a second `npm start` takes the files away under the
// first, which loads parts of itself, and the page that it opens, only when it needs them. Instead each state of the
// sources has a folder of its own, named after them, which appears whole by one rename and does not change afterwards.
// Two that build the same at once each build for themselves; the first rename counts.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Below node_modules, where git, linters and formatters do not look, and which `npm ci` empties. */
const BUILDS = join(ROOT, 'node_modules/.cache/webgpu-descent');

/** Everything that a build is made from; the lock file stands for the packages. */
const SOURCES = ['src', 'shaders', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts'];

/** Age at which an unused build is removed: longer than any `npm start` that may still run from it. */
const KEPT_MS = 7 * 24 * 3_600_000;

/**
 * Builds the package unless that was done before, and returns its folder, with package.json and dist/ in it.
 *
 * @returns {Promise<string>}
 */
export async function buildIfChanged() {
  for (;;) {
    const sources = fingerprint();
    const folder = join(BUILDS, sources);
    if (!existsSync(folder)) {
      const unfinished = `${folder}.${process.pid}`;
      try {
        await build(unfinished);
        if (fingerprint() !== sources) continue; // edited meanwhile: this build may be of neither state
        putInPlace(unfinished, folder);
      } finally {
        rmSync(unfinished, { recursive: true, force: true });
      }
      removeOld();
    }
    const now = new Date();
    utimesSync(folder, now, now);
    return folder;
  }
}

/** The sources and the version of Node, as a file name. 250 files take some 10 ms; dates would miss a `git stash`. */
function fingerprint() {
  const hash = createHash('sha256').update(process.version);
  for (const source of SOURCES) {
    const path = join(ROOT, source);
    const isFolder = statSync(path).isDirectory();
    const inside = isFolder ? readdirSync(path, { recursive: true, encoding: 'utf8' }).sort() : [''];
    for (const file of inside) {
      const text = readIfFile(join(path, file));
      if (text) hash.update(`\0${source}/${file}\0${text.length}\0`).update(text);
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** @param {string} path */
function readIfFile(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    // A folder, or a file that an editor has just renamed.
    if (error instanceof Error && 'code' in error && (error.code === 'EISDIR' || error.code === 'ENOENT')) return null;
    throw error;
  }
}

/**
 * A process of its own: only the builder needs Vite, whose import takes longer than all the rest of a start. What it says
 * goes to stderr, since stdout belongs to what is started, and only if it fails: on a busy machine bundlers tell of their time.
 *
 * @param {string} folder
 */
async function build(folder) {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const child = spawn(
    process.execPath,
    [vite, 'build', '--logLevel', 'error', '--outDir', join(folder, 'dist'), '--emptyOutDir'],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_ENV: 'production' } }, // Vitest sets it to test
  );
  /** @type {Buffer[]} */
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(data));
  const code = await new Promise((ended, failed) => child.once('error', failed).once('close', ended));
  if (code === 0) return;
  process.stderr.write(Buffer.concat(said));
  throw new Error(`vite build ended with exit code ${String(code)}`);
}

/**
 * @param {string} unfinished
 * @param {string} folder
 */
function putInPlace(unfinished, folder) {
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // otherwise somebody else was faster, with the same files
  }
}

/** Removes builds that nobody has asked for in a long time, also those that were never finished. */
function removeOld() {
  for (const name of readdirSync(BUILDS)) {
    const path = join(BUILDS, name);
    const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - modified > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}
