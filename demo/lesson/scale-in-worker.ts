import type { Answer, Job, Measured } from './scale-measure.js';

/** Has a worker of its own do a job; it ends with the answer, or at the signal. Throws the signal's reason. */
export function inWorker(job: Job, signal: AbortSignal): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./scale-worker.ts', import.meta.url), { type: 'module' });
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
