/**
 * Vitest's tests in Deno. Its WebGPU is wgpu, where another compiler than Chrome's reads the shaders: Naga. So every
 * kernel is tried with both, by the same test files, and each test is counted like any other.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { PoolOptions, PoolRunnerInitializer, PoolWorker, WorkerRequest } from 'vitest/node';
import { decode, encode, READY } from './deno-messages.js';
import { denoExecutable, softwareAdapter } from './deno-program.js';

const WORKER = join(import.meta.dirname, 'deno-worker.ts');

/** One process of Deno, for one test file. */
class DenoWorker implements PoolWorker {
  readonly name = 'deno';
  private child: ChildProcess | undefined;

  constructor(
    private readonly options: PoolOptions,
    private readonly overrides: DenoOverrides,
  ) {}

  async start(): Promise<void> {
    const { executable = denoExecutable(), adapter = await softwareAdapter() } = this.overrides;
    // Sloppy imports: a `.js` in an import stands for the `.ts` beside it, as in all of this project.
    const args = ['run', '--allow-all', '--no-lock', '--unstable-webgpu', '--unstable-sloppy-imports', WORKER];
    const child = spawn(executable, args, {
      env: { ...this.options.env, DENO_NO_UPDATE_CHECK: '1', ...adapter },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child = child;
    // Vitest would wait a minute for the answer of a worker that ended while it loaded.
    const [said] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[];
    if (said !== READY) throw new Error(`Deno ended before it was ready, with exit code ${String(said)}`);
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL'); // Vitest has all results, and a device needs no farewell
    await ended;
  }

  send(message: WorkerRequest): void {
    this.child?.send(encode(message));
  }

  deserialize(message: unknown): unknown {
    return decode(message);
  }

  on(event: string, listener: (argument: unknown) => void): void {
    this.child?.on(event, listener);
  }

  off(event: string, listener: (argument: unknown) => void): void {
    this.child?.off(event, listener);
  }
}

/** For tests of the pool itself: another program, other variables. */
export interface DenoOverrides {
  executable?: string;
  adapter?: NodeJS.ProcessEnv;
}

/** The pool for `test.pool`. Deno without an adapter, or no Deno at all, is a failure of every test file. */
export function deno(overrides: DenoOverrides = {}): PoolRunnerInitializer {
  return { name: 'deno', createPoolWorker: (options) => new DenoWorker(options, overrides) };
}
