// What the runners share: every arm on every case, each library on a side of its own, and the report.

import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ProgressBar } from '../src/node/report/terminal.js';
import type { BenchCommand } from './arguments.js';
import { type BenchCase, caseName } from './cases.js';
import { type Library, runCase } from './harness.js';
import { hasBrokenPromise, jobTable } from './jobs/job-lines.js';
import { JOB_NAMES, type JobResult } from './jobs/job.js';
import { runJobs } from './jobs/run-jobs.js';
import type { NamedLibrary } from './library-names.js';
import { readerTable } from './readers/reader-lines.js';
import type { ReaderResult } from './readers/reader.js';
import { MANY_CASE } from './many.js';
import { makeProblem } from './problem.js';
import { remoteLibrary } from './remote/library.js';
import type { Remote } from './remote/remote.js';
import { caseTable, describeEnvironment, kernelTable, manySentence } from './report.js';
import {
  type BenchResult,
  type CaseResult,
  type Environment,
  type KernelTime,
  type ManyTime,
  OURS,
  resultFileName,
} from './result.js';

/** Number of times that a fresh page or process is opened to see how long a cold start takes. */
const COLD_STARTS = 5;

/** The page or process that the arms run in. */
export interface Runner {
  runtime: Environment['runtime'];
  /** Its name and version, or those of what stands in for a browser. */
  browser: string;
  /** A fresh page or process. */
  open: () => Promise<Remote>;
  /** The libraries that run on a side that `open` opened. */
  remoteLibraries: readonly NamedLibrary[];
  /** The libraries that run in this process, or takes care of its own. */
  hostLibraries: readonly Library[];
  /** Times the reading of files in this process; left out where the parsers are not at hand. */
  readFiles?: (
    rows: number,
    repeats: number,
    watch: { signal: AbortSignal; onResult: (result: ReaderResult) => void },
  ) => Promise<ReaderResult[]>;
}

/** Runs what the command asks for, and shows it as it comes. */
export async function measure(command: BenchCommand, runner: Runner, signal: AbortSignal): Promise<BenchResult> {
  const bar = new ProgressBar(process.stderr);
  const environment = await describe(command, runner);
  if (!command.json) console.log(`${describeEnvironment(environment)}\n`);
  const cases: CaseResult[] = [];
  for (const [index, size] of command.cases.entries()) {
    const opened: Remote[] = [];
    const openOne = async () => {
      const remote = await runner.open();
      opened.push(remote);
      return remote;
    };
    const libraries = [
      ...runner.remoteLibraries.map((library) => remoteLibrary(library, openOne)),
      ...runner.hostLibraries,
    ];
    const onProgress = (note: string) => {
      if (!command.json) bar.draw(index, command.cases.length, `${caseName(size)}: ${note}`);
    };
    const result = await runCase(
      makeProblem(size),
      libraries.filter(({ name }) => command.arms.includes(name)),
      {
        ...command.effort,
        checkedEpochs: command.epochs,
        copyGigabytesPerSecond: environment.copyGigabytesPerSecond,
        onProgress,
        signal,
      },
    ).finally(() => {
      bar.clear();
      return Promise.all(opened.map((remote) => remote.close().catch(() => undefined)));
    });
    if (command.kernels) result.kernels = await kernelsOf(runner, size);
    cases.push(result);
    if (!command.json) {
      const kernels = result.kernels ? ['', ...kernelTable(result.kernels, environment.copyGigabytesPerSecond)] : [];
      console.log(`${[...caseTable(result), ...kernels].join('\n')}\n`);
    }
  }
  const result: BenchResult = { environment, cases };
  if (isOursTimed(command)) {
    if (!command.json) bar.draw(command.cases.length, command.cases.length, 'timing several models at a time');
    result.fitMany = await manyOf(runner).finally(() => bar.clear());
    if (!command.json) console.log(`${manySentence(result.fitMany)}\n`);
  }
  if (command.jobs.length > 0) result.jobs = await jobsOf(command, runner, bar, signal);
  if (command.readerRows > 0 && command.effort.repeats > 0 && runner.readFiles) {
    const onResult = (found: ReaderResult) => {
      if (!command.json) console.log(`${readerTable(found).join('\n')}\n`);
    };
    result.readers = await runner.readFiles(command.readerRows, command.effort.repeats, { signal, onResult });
  }
  return result;
}

function isOursTimed({ arms, effort, cases }: BenchCommand): boolean {
  return effort.repeats > 0 && cases.length > 0 && arms.includes(OURS);
}

function jobsOf(command: BenchCommand, { open }: Runner, bar: ProgressBar, signal: AbortSignal): Promise<JobResult[]> {
  const isShown = !command.json;
  let done = 0;
  return runJobs(command, open, {
    onProgress: (note) => isShown && bar.draw(done, JOB_NAMES.length * command.jobs.length, note),
    onResult: (result) => {
      done += 1;
      bar.clear();
      if (isShown) console.log(`${jobTable(result).join('\n')}\n`);
    },
    signal,
  }).finally(() => bar.clear());
}

async function manyOf({ open }: Runner): Promise<ManyTime> {
  const remote = await open();
  try {
    return await remote.call('many', MANY_CASE);
  } finally {
    await remote.close();
  }
}

async function kernelsOf({ open }: Runner, size: BenchCase): Promise<KernelTime[]> {
  const remote = await open();
  try {
    return await remote.call('kernels', size);
  } finally {
    await remote.close();
  }
}

async function describe(command: BenchCommand, { runtime, browser, open }: Runner): Promise<Environment> {
  const isTimed = command.effort.repeats > 0;
  const remote = await open();
  const adapter = await remote.call('adapter');
  const copyGigabytesPerSecond = isTimed ? await remote.call('copyBandwidth') : null;
  await remote.close();
  const coldStarts: number[] = [];
  for (let start = 0; isTimed && start < COLD_STARTS; start++) {
    const fresh = await open();
    coldStarts.push(await fresh.call('coldStart'));
    await fresh.close();
  }
  const processors = cpus();
  return {
    adapter,
    runtime,
    browser,
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    date: new Date().toISOString(),
    copyGigabytesPerSecond,
    coldStartMs: coldStarts.toSorted((a, b) => a - b)[Math.floor(COLD_STARTS / 2)] ?? null,
  };
}

/** Prints and saves. A wrong result of ours fails the run. */
export async function report(command: BenchCommand, result: BenchResult): Promise<void> {
  if (command.json) console.log(JSON.stringify(result));
  const ours = result.cases.flatMap(({ results }) => results.filter(({ kind }) => kind === 'ours'));
  if (ours.some(({ correct }) => !correct) || result.fitMany?.correct === false) process.exitCode = 1;
  if (hasBrokenPromise(result.jobs ?? [])) process.exitCode = 1;
  if (result.readers?.some(({ correct }) => !correct)) process.exitCode = 1;
  if (!command.save) return;
  const file = join('bench/results', resultFileName(result, 'json'));
  await mkdir('bench/results', { recursive: true });
  await writeFile(file, `${JSON.stringify(result, null, 1)}\n`);
  if (!command.json) console.log(`Saved as ${file}`);
}
