/** The four hosts, each with the way to run the vectors in it, and with what to install where it is missing. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'puppeteer';
import { launchBrowser } from '../../src/node/browser/browser.js';
import { launchFirefox } from '../firefox/launch-firefox.js';
import { denoExecutable, softwareAdapter } from '../support/deno-program.js';
import { serveFolder } from '../support/serve-folder.js';
import type { HostAnswers } from './answer-all.js';
import type { Script } from './bundle.js';

/** The time within which a host has given all answers, on a machine with other work. */
export const HOST_TIMEOUT_MS = 150_000;

/** The answers of a host, and its version. */
export interface HostRun extends HostAnswers {
  version: string;
}

export interface Host {
  name: string;
  /** The compiler of its shaders. */
  compiler: 'Tint' | 'Naga';
  /** Runs the scripts of the folder. Throws an error that says what is missing, and how to get it. */
  run: (folder: string) => Promise<HostRun>;
}

const script = (name: Script) => `${name}.js`;

export const HOSTS: readonly Host[] = [
  {
    name: 'Chrome',
    compiler: 'Tint',
    run: async (folder) => inBrowser((await launchBrowser({ prefer: 'bundled' })).browser, folder),
  },
  { name: 'Firefox', compiler: 'Naga', run: async (folder) => inBrowser(await launchFirefox(), folder) },
  { name: 'Deno', compiler: 'Naga', run: inDeno },
  { name: 'Node', compiler: 'Tint', run: inNode },
];

/** Runs the vectors in a page of the browser, and closes the browser. */
async function inBrowser(browser: Browser, folder: string): Promise<HostRun> {
  const server = await serveFolder(folder);
  try {
    const page = await browser.newPage();
    await page.goto(`${server.url}${script('answer-all')}`); // any document of this origin
    const module = JSON.stringify(`${server.url}${script('answer-all')}`);
    // A text, so that nothing rewrites its import.
    const json = await page.evaluate(`import(${module}).then(({ answerAll }) => answerAll()).then(JSON.stringify)`);
    const version = (await browser.version()).replace(/^\D*/, '');
    return { ...(JSON.parse(json as string) as HostAnswers), version };
  } finally {
    await browser.close();
    await server.close();
  }
}

async function inDeno(folder: string): Promise<HostRun> {
  const executable = await found(denoExecutable, 'npm\'s package deno is not installed: run "npm ci"');
  const args = ['run', '--allow-all', '--no-lock', '--unstable-webgpu', join(folder, script('print-answers'))];
  const answers = await printed(executable, args, { DENO_NO_UPDATE_CHECK: '1' });
  return { ...answers, version: answers.userAgent.replace(/^Deno\//, '') };
}

async function inNode(folder: string): Promise<HostRun> {
  const version = await found(
    versionOfDawn,
    'npm\'s package webgpu, which is Dawn, is not installed: run "npm ci" in test/hosts',
  );
  const answers = await printed(process.execPath, [join(folder, script('print-answers'))], {});
  return { ...answers, version: `${process.versions.node} with Dawn (webgpu ${version})` };
}

function versionOfDawn(): string {
  const resolved = createRequire(import.meta.url).resolve('webgpu');
  const manifest = join(dirname(resolved), 'package.json');
  if (!existsSync(manifest)) throw new Error(`no package.json beside ${resolved}`);
  return (createRequire(import.meta.url)(manifest) as { version: string }).version;
}

/** The result of a search, whose failure is told by these words. */
async function found<Result>(search: () => Result, missing: string): Promise<Result> {
  try {
    return search();
  } catch (cause) {
    throw new Error(missing, { cause });
  }
}

/** The answers that a program prints. Rejects with the last words of one that fails. */
async function printed(executable: string, args: string[], env: NodeJS.ProcessEnv): Promise<HostAnswers> {
  const options = {
    env: { ...process.env, ...(await softwareAdapter()), ...env },
    timeout: HOST_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 26,
  } as const;
  try {
    const { stdout } = await promisify(execFile)(executable, args, options);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as HostAnswers;
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(stderr.trim().split('\n').at(-1) || String(error), { cause: error });
  }
}
