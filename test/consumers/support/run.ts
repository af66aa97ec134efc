import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';

export const ROOT = join(import.meta.dirname, '../../..');

/** The copy of the projects, with the package in its node_modules. */
export const WORK = join(import.meta.dirname, '../.work');

/** The folder of the package file. */
export const PACKED = join(WORK, 'packed');

/** The folder of the tools, which the projects find above them. */
export const TOOLS = join(import.meta.dirname, '../node_modules');

/** The end of a process. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program in a project to its end. */
export function run(
  project: string,
  [program = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const options = { cwd: join(WORK, project), env: { ...process.env, ...env }, maxBuffer: 2 ** 26, timeout: 200_000 };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) =>
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout, stderr }),
    );
  });
}

/** Runs a script of Node, and expects it to end well. Returns its output. */
export async function node(project: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { code, stdout, stderr } = await run(project, [process.execPath, ...args], env);
  expect(`${code} ${code === 0 ? '' : stdout + stderr}`).toBe('0 ');
  return stdout;
}

/** An answer of projects/outcome.js. */
export interface Answer {
  parameters: number[];
  backend: string;
  converged: boolean;
}

/** The answer of projects/in-worker.js. */
export interface WorkerAnswer extends Answer {
  saidEpochs: boolean;
  error: unknown;
  refused: string;
}

/** The parameters of y = 3·x1 − 2·x2 + 0.5, but for the last 1e-6 of the gradient, at which descent has converged. */
export function expectAnswer({ parameters, converged }: Answer): void {
  const truth = [3, -2, 0.5];
  expect(parameters.length).toBe(truth.length);
  parameters.forEach((value, j) => expect(Math.abs(value - (truth[j] as number))).toBeLessThan(1e-4));
  expect(converged).toBe(true);
}

/** Expects both answers of projects/outcome.js: of the solver, and of descent on this backend. */
export function expectOutcome(answers: readonly Answer[], backend: string): void {
  expect(answers.length).toBe(2);
  answers.forEach(expectAnswer);
  expect(answers[1]?.backend).toBe(backend);
}

export function expectInWorker({ saidEpochs, error, refused, ...answer }: WorkerAnswer): void {
  expectAnswer(answer);
  expect({ saidEpochs, error, refused }).toEqual({ saidEpochs: true, error: 'stop', refused: 'UNKNOWN_OPTION' });
}
