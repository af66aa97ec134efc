/**
 * Vitest's tests in Deno. Its WebGPU is wgpu, where another compiler than Chrome's reads the shaders: Naga. So every
 * kernel is tried with both, by the same test files, and each test is counted like any other.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import type { PoolOptions, PoolRunnerInitializer, PoolWorker, WorkerRequest } from 'vitest/node';
import { unpackBundledChrome } from '../../src/node/browser/bundled-chrome.js';
import { decode, encode, READY } from './deno-messages.js';

const WORKER = join(import.meta.dirname, 'deno-worker.ts');

/**
 * The program inside the npm package for this system. The command of the package `deno` is no use here: it starts the
 * program as a child of its own, which would outlive it.
 */
function denoExecutable(): string {
  const { platform, arch } = process;
  const system = `${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`;
  const deno = createRequire(createRequire(import.meta.url).resolve('deno/package.json'));
  const folder = dirname(deno.resolve(`@deno/${system}/package.json`));
  return join(folder, platform === 'win32' ? 'deno.exe' : 'deno');
}

/**
 * Environment variables with which wgpu finds an adapter on a machine that has no GPU: the Vulkan loader and the
 * software driver, SwiftShader, of the Chrome that comes with the lock file. Elsewhere the system must have an adapter.
 */
async function softwareAdapter(): Promise<NodeJS.ProcessEnv> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return {};
  const folder = await unpackBundledChrome();
  return {
    LD_LIBRARY_PATH: [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter),
    VK_DRIVER_FILES: join(folder, 'vk_swiftshader_icd.json'),
    DENO_WEBGPU_BACKEND: 'vulkan', // and not OpenGL, whose libraries lie in that folder too
  };
}

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
