import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';
import { BUILT } from './built.js';
import type { Printed } from './printed.js';

/** The built command line. */
export const CLI = join(BUILT, 'node/cli.js');

/** The script of a process that runs many commands. */
const MANY_COMMANDS = fileURLToPath(new URL('many-commands.js', import.meta.url));

/** The folder of the data sets with known answers. */
export const DATA = fileURLToPath(new URL('../data/', import.meta.url));

/** The same browser on every machine, where it is made for the machine. */
export const BROWSER =
  process.platform === 'linux' && process.arch === 'x64' ? { WEBGPU_DESCENT_CHROME: 'bundled' } : {};

/** No browser at all. */
export const NOWHERE = { WEBGPU_DESCENT_CHROME: '/nowhere/chrome' };

/** A start of Chrome takes some seconds on a busy machine, and its unpacking many more. */
export const BROWSER_TIMEOUT_MS = 120_000;

/** The contents of good.csv. */
export const GOOD = 'a,b,y\n1,7,3\n2,7,5\n3,7,7\n5,7,11\n';

/** A model of stackloss.csv whose parameters are all 0. */
export const ZERO_MODEL = {
  weights: new Float64Array(2),
  bias: 0,
  featureNames: ['air_flow', 'water_temp'],
  targetName: 'stack_loss',
  report: null,
};

/** How a command ended, and what it wrote. */
interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command line in a folder of its own with good.csv in it, which goes after the last test of a file. */
export function withCommandLine() {
  const folder = mkdtempSync(join(tmpdir(), 'webgpu-descent-test-'));
  writeFileSync(join(folder, 'good.csv'), GOOD);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function start(words: readonly string[], env: NodeJS.ProcessEnv = {}, verb = 'fit', input: string | Buffer = '') {
    const started = startOpen(words, verb, input, env);
    started.child.stdin.end();
    return started;
  }

  /** The same with a standard input that goes on. */
  function startOpen(words: readonly string[], verb: string, input: string | Buffer, env: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [CLI, verb, ...words], {
      cwd: folder,
      env: { ...process.env, ...BROWSER, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.on('error', () => undefined); // a command that reads no input may end before it has come
    child.stdin.write(input);
    const written: Run = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (text: Buffer) => (written.stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (written.stderr += text.toString()));
    const ended = new Promise<Run>((resolve) => child.once('close', (code) => resolve({ ...written, code })));
    return { child, ended };
  }

  let shared: ChildProcess | undefined;
  let last: Promise<unknown> = Promise.resolve();
  afterAll(() => void shared?.kill());

  /** Runs a command, without a browser, in one process with all others that are run so, one after another: for those that are many. */
  function run(words: readonly string[]): Promise<Run> {
    const runner = (shared ??= fork(MANY_COMMANDS, { cwd: folder, env: { ...process.env, ...NOWHERE }, silent: true }));
    const answer = async (): Promise<Run> => {
      runner.send({ cli: CLI, words });
      const [answered] = (await once(runner, 'message')) as [Run];
      return answered;
    };
    const running = last.then(answer);
    last = running.catch(() => undefined);
    return running;
  }

  /** The object on stdout. Nothing else is written, but for a line on stderr for each model that is not at its optimum or has diverged. */
  async function fitToJson(...words: string[]): Promise<Printed & { code: number | null }> {
    const { code, stdout, stderr } = await start([...words, '--json']).ended;
    expect(stdout.trimEnd()).not.toContain('\n');
    const printed = JSON.parse(stdout) as Printed;
    const missed = (printed.models ?? [printed]).filter(({ warnings }) =>
      warnings.some(({ code: word }) => word === 'NOT_CONVERGED' || word === 'DIVERGED'),
    );
    const lines = stderr.split('\n').slice(0, -1);
    expect(lines).toHaveLength(missed.length);
    for (const line of lines) expect(line).toMatch(/^webgpu-descent: warning: .*\[(?:NOT_CONVERGED|DIVERGED)\]$/);
    return { ...printed, code };
  }

  return { folder, start, startOpen, run, fitToJson };
}
