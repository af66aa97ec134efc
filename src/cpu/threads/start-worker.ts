import { nodeModule } from '../../base/host.js';
import { trustedUrl } from './trusted-url.js';
import source from './worker.js?raw';

type NodeThreads = typeof import('node:worker_threads');

/** Milliseconds after which a worker that has not started is given up: a policy may forbid workers without a word. */
const MOST_START_MS = 5000;

/** A worker of the engine: a browser's or Deno's, or a thread of Node. */
export interface EngineWorker {
  post(message: object, transfer?: readonly ArrayBuffer[]): void;
  /** Keeps the process alive, or not: one with nothing to wait for but idle workers may end. */
  hold(isHeld: boolean): void;
  /** Called with each message after the first. */
  onMessage: (data: unknown) => void;
  /** Called when the worker has failed. */
  onFailure: (reason: string) => void;
  end(): void;
}

/** Starts a worker; null if this host has none or its policy forbids them. */
export async function startWorker(): Promise<EngineWorker | null> {
  let worker: EngineWorker | null = null;
  try {
    worker = openWorker();
  } catch {
    return null; // a policy that forbids workers throws here or reports a failure later
  }
  if (!worker) return null;
  const opened = worker;
  const isReady = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), MOST_START_MS);
    opened.onMessage = () => {
      clearTimeout(timer);
      resolve(true);
    };
    opened.onFailure = () => {
      clearTimeout(timer);
      resolve(false);
    };
  });
  opened.hold(false);
  if (isReady) return opened;
  opened.end();
  return null;
}

function openWorker(): EngineWorker | null {
  if (typeof Worker === 'function') return openWebWorker();
  const threads = nodeModule('node:worker_threads') as NodeThreads | undefined;
  return threads ? openThread(threads) : null;
}

function openWebWorker(): EngineWorker {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(trustedUrl(url), { type: 'module' });
  const opened: EngineWorker = {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    hold: () => undefined, // a page has no such end
    onMessage: () => undefined,
    onFailure: () => undefined,
    end() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
  worker.onmessage = ({ data }) => opened.onMessage(data);
  worker.onerror = (event) => {
    event.preventDefault(); // the failure is reported where the sums are awaited
    opened.onFailure(event.message);
  };
  return opened;
}

function openThread({ Worker: Thread }: NodeThreads): EngineWorker {
  // Options of the process, such as --input-type=module, would say that the text is a module.
  const thread = new Thread(source, { eval: true, execArgv: [] });
  const opened: EngineWorker = {
    post: (message, transfer = []) => thread.postMessage(message, [...transfer]),
    hold: (isHeld) => (isHeld ? thread.ref() : thread.unref()),
    onMessage: () => undefined,
    onFailure: () => undefined,
    end: () => void thread.terminate(),
  };
  thread.on('message', (data: unknown) => opened.onMessage(data));
  thread.on('error', ({ message }) => opened.onFailure(message));
  thread.on('exit', () => opened.onFailure('it ended'));
  return opened;
}
