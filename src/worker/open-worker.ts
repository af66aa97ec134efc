import { DescentError } from '../base/errors.js';
import { nodeModule } from '../base/host.js';
import type { Answer, Request } from './messages.js';

type NodeThreads = typeof import('node:worker_threads');

/** A worker of a page or of Deno, as far as it is used. */
export interface WorkerLike {
  /** Sends a request, with the memory that moves. */
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  /** Listens to answers and failures. */
  addEventListener(type: string, listener: (event: object) => void): void;
  /** Ends the worker. */
  terminate(): void;
}

/** The end of the channel to a worker. */
export interface WorkerPort {
  post(request: Request, transfer: readonly ArrayBuffer[]): void;
  /** Keeps a process of Node alive, or not. */
  hold(isHeld: boolean): void;
  close(): void;
}

/** The listeners to a worker. */
export interface WorkerListeners {
  onAnswer: (answer: Answer | undefined) => void;
  /** Called when the worker does not start, or has ended by itself. */
  onFailure: (reason: string) => void;
}

/** Starts the worker of this package, or takes one of the caller's. Throws `WORKER_LOST` where none may start. */
export function openWorker(own: WorkerLike | undefined, listeners: WorkerListeners): WorkerPort {
  if (own) return webWorker(own, listeners);
  if (typeof Worker === 'function') return webWorker(startWorker(), listeners);
  const threads = nodeModule('node:worker_threads') as NodeThreads | undefined;
  if (threads) return thread(threads, listeners);
  throw workerLost('a host without workers');
}

function startWorker(): Worker {
  try {
    // Bundlers know a worker by this very expression; the build takes the mark out, by which its own bundler passes it over.
    return new Worker(new URL(/* @vite-ignore */ '../browser/worker-entry.js', import.meta.url), { type: 'module' });
  } catch (cause) {
    throw workerLost(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function webWorker(worker: WorkerLike, { onAnswer, onFailure }: WorkerListeners): WorkerPort {
  worker.addEventListener('message', (event) => onAnswer((event as MessageEvent<Answer>).data));
  worker.addEventListener('error', (event) => {
    (event as Event).preventDefault(); // it is reported where the fits are awaited
    onFailure((event as ErrorEvent).message || 'its script did not load');
  });
  return {
    post: (request, transfer) => worker.postMessage(request, [...transfer]),
    hold: () => undefined, // a page has no such end
    close: () => worker.terminate(),
  };
}

function thread({ Worker: Thread }: NodeThreads, { onAnswer, onFailure }: WorkerListeners): WorkerPort {
  const { url } = import.meta; // apart: a bundler for pages would copy the file
  const worker = new Thread(new URL('../browser/worker-entry.js', url));
  worker.unref();
  worker.on('message', onAnswer);
  worker.on('error', (error: unknown) => onFailure(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => onFailure(`it ended with exit code ${code}`));
  return {
    post: (request, transfer) => worker.postMessage(request, transfer),
    hold: (isHeld) => (isHeld ? worker.ref() : worker.unref()),
    close: () => void worker.terminate(),
  };
}

export function workerLost(reason: string, cause?: unknown): DescentError {
  return new DescentError('WORKER_LOST', {
    got: `no worker: ${reason}`,
    expected: 'a worker that loads the script webgpu-descent/worker-entry from the place of the page',
    fix: 'Pass a worker of your own, createWorker({ worker }), whose script imports webgpu-descent/worker-entry: docs/workers.md shows it for each bundler.',
    cause,
  });
}
