// The script of the worker: `createWorker` starts it, and a worker of one's own imports it.

import { nodeModule } from '../base/host.js';
import { answerFits, type Channel } from './answer-fits.js';
import type { Request } from './messages.js';

type NodeThreads = typeof import('node:worker_threads');

/** The part of a worker's global scope that is used. */
interface WorkerScope {
  postMessage?(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: Request | undefined }) => void): void;
}

function channelHere(): Channel {
  const scope = globalThis as unknown as WorkerScope;
  const port = scope.postMessage ? null : (nodeModule('node:worker_threads') as NodeThreads | undefined)?.parentPort;
  if (port) {
    return {
      post: (answer) => port.postMessage(answer),
      listen: (onRequest) => void port.on('message', onRequest),
    };
  }
  return {
    post: (answer) => scope.postMessage?.(answer),
    listen: (onRequest) => scope.addEventListener('message', ({ data }) => onRequest(data)),
  };
}

answerFits(channelHere());
