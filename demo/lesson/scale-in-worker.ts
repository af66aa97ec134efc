import { openWorker } from '../../pages/open-worker.js';
import type { Answer, Job, Measured } from './scale-measure.js';
import workerUrl from './scale-worker.ts?worker&url';

/** Has a worker of its own do a job; it ends with the answer, or at the signal. Throws the signal's reason. */
export function inWorker(job: Job, signal: AbortSignal): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const worker = openWorker(workerUrl);
    const fail = (reason: Error) => {
      worker.terminate();
      reject(reason);
    };
    signal.addEventListener('abort', () => fail(signal.reason as Error), { once: true });
    worker.addEventListener('error', ({ message }) => fail(new Error(message)));
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      worker.terminate();
      if ('measured' in data) resolve(data.measured);
      else reject(new Error(data.message));
    });
    worker.postMessage(job);
  });
}
