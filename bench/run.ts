// npm run bench: every arm on every case, in headless Chrome, from the command line.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';
import { DescentError } from '../src/errors.js';
import { launchBrowser } from '../src/node/browser.js';
import { ProgressBar } from '../src/node/terminal.js';
import { type BenchCommand, helpText, parseBenchCommand } from './arguments.js';
import { numpy } from './arms/numpy.js';
import { caseName } from './cases.js';
import { type Library, runCase } from './harness.js';
import { PAGE_LIBRARIES } from './library-names.js';
import { makeProblem } from './problem.js';
import { writeReadmeTable } from './readme-table.js';
import { RemotePage, remoteLibrary } from './remote/library.js';
import { type BenchResult, type CaseResult, type Environment, resultFileName } from './result.js';
import { caseTable, describeEnvironment } from './report.js';

/** What runs in this process or one of its own, rather than in a page. */
const HOST_LIBRARIES: readonly Library[] = [{ name: 'numpy', kind: 'peer-cpu', arms: numpy }];

export const LIBRARY_NAMES = [...PAGE_LIBRARIES, ...HOST_LIBRARIES].map(({ name }) => name);

/** How many times a fresh page is opened to see how long a cold start takes. */
const COLD_STARTS = 5;

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
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interruption.abort());
  const server = await serve();
  try {
    const { browser } = await launchBrowser({ prefer: 'installed' });
    const close = () => void browser.close();
    interruption.signal.addEventListener('abort', close);
    try {
      const url = `${server.resolvedUrls?.local[0]}bench/remote/page.html`;
      const result = await measure(
        command,
        () => RemotePage.open(browser, url),
        await browser.version(),
        interruption.signal,
      );
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

async function measure(
  command: BenchCommand,
  openPage: () => Promise<RemotePage>,
  browser: string,
  signal: AbortSignal,
): Promise<BenchResult> {
  const bar = new ProgressBar(process.stderr);
  const environment = await describe(openPage, browser);
  if (!command.json) console.log(`${describeEnvironment(environment)}\n`);
  const cases: CaseResult[] = [];
  for (const [index, size] of command.cases.entries()) {
    const opened: RemotePage[] = [];
    const openOne = async () => {
      const page = await openPage();
      opened.push(page);
      return page;
    };
    const libraries = [...PAGE_LIBRARIES.map((library) => remoteLibrary(library, openOne)), ...HOST_LIBRARIES];
    const result = await runCase(
      makeProblem(size),
      libraries.filter(({ name }) => command.arms.includes(name)),
      {
        ...command.effort,
        checkedEpochs: command.epochs,
        copyGigabytesPerSecond: environment.copyGigabytesPerSecond,
        onProgress: (note) =>
          command.json ? undefined : bar.draw(index, command.cases.length, `${caseName(size)}: ${note}`),
        signal,
      },
    ).finally(() => {
      bar.clear();
      return Promise.all(opened.map((page) => page.close().catch(() => undefined)));
    });
    cases.push(result);
    if (!command.json) console.log(`${caseTable(result).join('\n')}\n`);
  }
  return { environment, cases };
}

async function describe(openPage: () => Promise<RemotePage>, browser: string): Promise<Environment> {
  const page = await openPage();
  const { adapter, copyGigabytesPerSecond } = await page.call('adapter');
  await page.close();
  const coldStarts: number[] = [];
  for (let start = 0; start < COLD_STARTS; start++) {
    const fresh = await openPage();
    coldStarts.push(await fresh.call('coldStart'));
    await fresh.close();
  }
  const processors = cpus();
  return {
    adapter,
    runtime: 'browser',
    browser,
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    date: new Date().toISOString(),
    copyGigabytesPerSecond,
    coldStartMs: coldStarts.toSorted((a, b) => a - b)[Math.floor(COLD_STARTS / 2)] ?? null,
  };
}

/** Serves the pages, as vite.config.ts says, on this machine only. */
async function serve(): Promise<ViteDevServer> {
  const server = await createServer({
    logLevel: 'error',
    optimizeDeps: { entries: ['bench/remote/page.html'] },
    server: { host: '127.0.0.1', hmr: false, watch: null }, // an edit must not reload a page that is being timed
  });
  return server.listen();
}

/** The peers weigh more than all the rest, so they come with the first benchmark. */
async function installPeers(command: BenchCommand): Promise<void> {
  if (existsSync('bench/peers/node_modules') || !command.arms.some((name) => name.includes('js'))) return;
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

async function report(command: BenchCommand, result: BenchResult): Promise<void> {
  if (command.json) console.log(JSON.stringify(result));
  if (!command.save) return;
  const file = join('bench/results', resultFileName(result, 'json'));
  await mkdir('bench/results', { recursive: true });
  await writeFile(file, `${JSON.stringify(result, null, 1)}\n`);
  if (!command.json) console.log(`Saved as ${file}`);
}

main().catch((error: unknown) => {
  const isExpected = error instanceof DescentError || error instanceof RangeError;
  console.error(`bench: ${isExpected ? error.message : error instanceof Error ? error.stack : String(error)}`);
  process.exitCode = error instanceof RangeError ? 2 : 1;
});
