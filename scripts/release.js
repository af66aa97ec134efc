// @ts-check
// Makes a release ready: everything that can be wrong with it is found before the tag that publishes it.
//
//     node scripts/release.js --dry-run             all but the tag
//     node scripts/release.js                       and the tag v<version>; pushing it starts .github/workflows/publish.yml
//     node scripts/release.js --verify-tag v1.2.3   in that workflow: the tag is that of the version, and all checks hold
//
// Before it: the version in package.json, and CHANGELOG.md with a section for it in place of Unreleased, both committed.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { problemsOfChangelog } from './changelog.js';

/** A reason not to release: what is wrong, and what to do. */
class Refusal extends Error {}

/**
 * The output of a program, without the line break at its end.
 *
 * @param {string} program
 * @param {string[]} args
 */
const outputOf = (program, ...args) => execFileSync(program, args, { encoding: 'utf8' }).trim();

/** @param {string} version */
function requireVersion(version) {
  if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) {
    throw new Refusal(`"${version}" in package.json is no version such as 1.2.3.`);
  }
}

function requireCleanTree() {
  const changed = outputOf('git', 'status', '--porcelain');
  if (changed) throw new Refusal(`the working tree has changes:\n${changed}\nCommit them, or put them aside.`);
}

/** @param {string} version */
function requireChangelog(version) {
  if (!existsSync('CHANGELOG.md')) throw new Refusal('there is no CHANGELOG.md.');
  const text = readFileSync('CHANGELOG.md', 'utf8');
  if (text.includes('\n## Unreleased\n')) {
    throw new Refusal(
      `CHANGELOG.md still has "## Unreleased". Give it the name of the version, and raise that in package.json where ${version} was released.`,
    );
  }
  const [problem] = problemsOfChangelog(text, version);
  if (problem) throw new Refusal(`CHANGELOG.md: ${problem}`);
}

/** @param {string} tag */
function requireNewTag(tag) {
  if (outputOf('git', 'tag', '--list', tag)) {
    throw new Refusal(`the tag ${tag} exists. Raise the version in package.json.`);
  }
}

/** The name, size and number of files of the package, packed and looked at, but not kept. */
function packedSize() {
  const [packed] = JSON.parse(outputOf('npm', 'pack', '--dry-run', '--json', '--silent'));
  const { filename, size, files } = packed;
  return `${filename}: ${(size / 1000).toFixed(0)} KB, ${files.length} files`;
}

const USAGE = 'node scripts/release.js [--dry-run | --verify-tag TAG]; see docs/contributing.md';

function readFlags() {
  try {
    return parseArgs({ options: { 'dry-run': { type: 'boolean' }, 'verify-tag': { type: 'string' } } }).values;
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\nUsage: ${USAGE}`);
  }
}

function release() {
  const values = readFlags();
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const tag = `v${version}`;
  const given = values['verify-tag'];
  requireVersion(version);
  if (given === undefined) requireNewTag(tag);
  else if (given !== tag) throw new Refusal(`the tag ${given} is not that of version ${version} in package.json.`);
  requireCleanTree();
  requireChangelog(version);
  execFileSync('npm', ['run', '--silent', 'check'], { stdio: ['ignore', 2, 2] });
  requireCleanTree(); // a build or a formatter may have changed files
  console.log(packedSize());
  if (given !== undefined || values['dry-run']) {
    console.log(`${name} ${version} is ready.`);
    return;
  }
  outputOf('git', 'tag', '--annotate', tag, '--message', `${name} ${version}`);
  console.log(`${tag} is set. Publish it with: git push origin ${tag}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    release();
  } catch (error) {
    const isFailedProgram = error instanceof Error && 'status' in error;
    if (!(error instanceof Refusal) && !isFailedProgram) throw error;
    console.error(`Not released: ${error.message}`);
    process.exitCode = 1;
  }
}
