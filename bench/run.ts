// npm run bench: every arm on every case, in headless Chrome or, with --runtime node, in Node, from the command line.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createServer, type ViteDevServer } from 'vite';
import { DescentError } from '../src/base/errors.js';
import { launchBrowser } from '../src/node/browser/browser.js';
import { type BenchCommand, helpText, parseBenchCommand, type TuneCommand } from './arguments.js';
import { numpy } from './arms/numpy.js';
import type { Library } from './harness.js';
import { PAGE_LIBRARIES } from './library-names.js';
import { measure, report, type Runner } from './measure.js';
import { writeReadmeTable } from './readme-table.js';
import { RemotePage } from './remote/page-remote.js';
import { tuningRow } from './tuning-row.js';

/** The libraries that run in this process or one of their own, rather than in a page. */
const HOST_LIBRARIES: readonly Library[] = [{ name: 'numpy', kind: 'peer-cpu', arms: numpy }];

export const LIBRARY_NAMES = [...PAGE_LIBRARIES, ...HOST_LIBRARIES].map(({ name }) => name);

/** Built beside this file. */
const NODE_RUNNER = fileURLToPath(new URL('bench-node.mjs', import.meta.url));

async function main(): Promise<void> {
  const command = parseBenchCommand(process.argv.slice(2), LIBRARY_NAMES);
  if (command === 'help') {
    console.log(helpText(LIBRARY_NAMES));
    return;
  }
  if ('readme' in command) {
    await writeReadmeTable(command.readme);
    return;
  }
  await installPeers(command);
  if (command.runtime === 'node') {
    process.exitCode = await runInNode(process.argv.slice(2));
    return;
  }
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interruption.abort());
  const server = await serve();
  try {
    const { browser } = await launchBrowser({ prefer: 'installed' });
    const close = () => void browser.close();
    interruption.signal.addEventListener('abort', close);
    try {
      const url = `${server.resolvedUrls?.local[0]}bench/remote/page.html`;
      if ('tune' in command) {
        const page = await RemotePage.open(browser, url);
        console.log(tuningRow(await page.call('tune'), await browser.version()));
        return;
      }
      const runner: Runner = {
        runtime: 'browser',
        browser: await browser.version(),
        open: () => RemotePage.open(browser, url),
        remoteLibraries: PAGE_LIBRARIES,
        hostLibraries: HOST_LIBRARIES,
        readFiles: async (...files) => (await import('./readers/measure.js')).measureReaders(...files),
      };
      const result = await measure(command, runner, interruption.signal);
      await report(command, result);
    } finally {
      await browser.close();
    }
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    process.exitCode = 130;
  } finally {
    await server.close();
  }
}

/** Serves the pages, as vite.config.ts says, on this machine only. */
async function serve(): Promise<ViteDevServer> {
  const server = await createServer({
    logLevel: 'error',
    server: { host: '127.0.0.1', hmr: false, watch: null }, // an edit must not reload a page that is being timed
  });
  return server.listen();
}

/** The peers weigh more than all the rest, so they come with the first benchmark. */
async function installPeers(command: BenchCommand | TuneCommand): Promise<void> {
  const isNeeded =
    command.runtime === 'node'
      ? !process.env.DAWN_NODE
      : !('tune' in command) && command.cases.length > 0 && command.arms.some((name) => name.includes('js'));
  const present = `bench/peers/node_modules/${command.runtime === 'node' ? 'webgpu' : ''}`;
  if (!isNeeded || existsSync(present)) return;
  process.stderr.write('Installing the peers (once): npm ci in bench/peers\n');
  const npm = spawn('npm', ['ci', '--silent', '--no-audit', '--no-fund'], {
    cwd: 'bench/peers',
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  const code = await new Promise<number | null>((resolve) => {
    npm.once('exit', resolve);
    npm.once('error', () => resolve(1));
  });
  if (code !== 0) process.stderr.write('The peers could not be installed: they are reported as missing.\n');
}

/** The other runner, with the same words and this process's terminal. Resolves to its exit code. */
async function runInNode(words: readonly string[]): Promise<number> {
  const runner = spawn(process.execPath, [NODE_RUNNER, ...words], { stdio: 'inherit' });
  // A terminal interrupts both processes at once; this one waits for the other to clean up.
  process.on('SIGINT', () => undefined);
  for (const name of ['SIGTERM', 'SIGHUP'] as const) process.on(name, () => runner.kill(name));
  return new Promise((resolve, reject) => {
    runner.once('error', reject);
    runner.once('exit', (code) => resolve(code ?? 1));
  });
}

main().catch((error: unknown) => {
  const isExpected = error instanceof DescentError || error instanceof RangeError;
  console.error(`bench: ${isExpected ? error.message : error instanceof Error ? error.stack : String(error)}`);
  process.exitCode = error instanceof RangeError ? 2 : 1;
});
