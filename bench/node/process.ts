import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openDawn } from './dawn.js';
import { createContext, type GpuContext } from '../../src/gpu/device/device.js';
import type { Arm, ArmFactory } from '../arm.js';
import { momentsOn, oursCpu, oursReference, streamingOn } from '../arms/ours.js';
import { plainLoop } from '../arms/plain-loop.js';
import type { NamedLibrary } from '../library-names.js';
import { offerBench } from '../remote/offer.js';
import type { RemoteBench } from '../remote/protocol.js';
import type { Answer, Method, Remote } from '../remote/remote.js';

/** The first word on the command line of a process that runs arms. */
export const ARM_PROCESS = 'arm-process';

/** A process that has not ended by itself after this time is ended. */
const END_MS = 5000;

/** The libraries that run in such a process. */
export const PROCESS_LIBRARIES = [
  { name: 'webgpu-descent', kind: 'ours' },
  { name: 'webgpu-descent cpu', kind: 'ours' },
  { name: 'webgpu-descent moments', kind: 'ours' },
  { name: 'plain JS loop', kind: 'cpu' },
  { name: 'webgpu-descent reference', kind: 'cpu' },
] as const satisfies readonly NamedLibrary[];

/** The arms that need Dawn. */
const ARMS_ON_GPU: readonly string[] = ['webgpu-descent', 'webgpu-descent moments'];

/** Besides the arms on the GPU: processes for the CPU never load Dawn. The cold start counts its loading. */
const ON_GPU: readonly Method[] = ['adapter', 'copyBandwidth', 'kernels', 'many', 'solve'];

interface Question {
  id: number;
  method: Method;
  parameters: unknown[];
}

type Reply = { id: number; value: unknown } | { id: number; error: { name: string; message: string } };

/** A process of its own for the arms of one library: none shares a device, a heap or a thread with another. */
export class RemoteProcess implements Remote {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #asked = 0;
  #failure: string | undefined;

  /** Starts this very file again. */
  constructor() {
    this.#child = fork(fileURLToPath(import.meta.url), [ARM_PROCESS], {
      serialization: 'advanced', // JSON would turn NaN into null
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (reply: Reply) => {
      const { resolve, reject } = this.#waiting.get(reply.id) ?? {};
      this.#waiting.delete(reply.id);
      if ('error' in reply) reject?.(Object.assign(new Error(reply.error.message), { name: reply.error.name }));
      else resolve?.(reply.value);
    });
    this.#ended = new Promise((resolve) => {
      const end = (failure: string) => {
        this.#failure ??= failure;
        for (const { reject } of this.#waiting.values()) reject(new Error(failure));
        this.#waiting.clear();
        resolve();
      };
      this.#child.once('error', (error) => end(error.message));
      this.#child.once('exit', (code, signal) => end(`the process of the arm ended (${signal ?? `code ${code}`})`));
    });
  }

  call<Name extends Method>(method: Name, ...parameters: Parameters<RemoteBench[Name]>): Promise<Answer<Name>> {
    if (this.#failure !== undefined) return Promise.reject(new Error(this.#failure));
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#child.send({ id, method, parameters } satisfies Question);
    });
  }

  async close(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_MS);
    await this.#ended;
    clearTimeout(timer);
  }
}

/** The other side: answers until the process that started this one lets go, and then frees the GPU in order. */
export function serveArms(): void {
  let hasDawn = false;
  let context: GpuContext | undefined;
  const needDawn = () => {
    if (!hasDawn) openDawn();
    hasDawn = true;
  };
  const factories: Record<string, ArmFactory> = {
    'webgpu-descent': async () => [streamingOn((context ??= await createContext()))],
    'webgpu-descent moments': async () => [momentsOn((context ??= await createContext()))],
    'webgpu-descent cpu': oursCpu,
    'plain JS loop': plainLoop,
    'webgpu-descent reference': oursReference,
  } satisfies Record<(typeof PROCESS_LIBRARIES)[number]['name'], ArmFactory>;
  const offered = offerBench(async (name): Promise<Arm[]> => {
    if (ARMS_ON_GPU.includes(name)) needDawn();
    const factory = factories[name];
    if (!factory) throw new RangeError(`no library ${name}`);
    return factory();
  });
  const bench: RemoteBench = {
    ...offered,
    coldStart: async () => {
      const startMs = performance.now();
      needDawn();
      return performance.now() - startMs + (await offered.coldStart());
    },
  };
  const answer = async ({ id, method, parameters }: Question): Promise<Reply> => {
    try {
      if (ON_GPU.includes(method)) needDawn();
      return { id, value: await (bench[method] as (...given: unknown[]) => Promise<unknown>)(...parameters) };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      return { id, error: { name, message } };
    }
  };
  const inFlight = new Set<Promise<void>>();
  process.on('message', (question: Question) => {
    const answered = answer(question).then((reply) => {
      inFlight.delete(answered);
      if (process.connected) process.send?.(reply);
    });
    inFlight.add(answered);
  });
  // A terminal interrupts all processes at once; the one that started this one says when to end.
  process.on('SIGINT', () => undefined);
  process.once('disconnect', () => {
    context?.dispose();
    // What still runs on the device fails now, or ends soon.
    void Promise.allSettled(inFlight).then(() => process.exit());
  });
}
