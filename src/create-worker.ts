import './base/global-names.js';
import { requireKnown } from './base/check-names.js';
import { DISPOSE } from './base/dispose.js';
import { DescentError } from './base/errors.js';
import type { FitOptions } from './fitting/fit-options.js';
import type { FitData } from './fitting/prepare-data.js';
import type { FittedModel } from './model/fitted-model.js';
import type { WorkerLike } from './worker/open-worker.js';
import { WorkerFits } from './worker/worker-fits.js';

export type { FitData, FitOptions, FittedModel, WorkerLike };

/** The options of `createWorker`. */
export interface WorkerOptions {
  /**
   * A worker of your own whose script imports `webgpu-descent/worker-entry`. Default: the worker of this package, which
   * bundlers find by themselves.
   */
  worker?: WorkerLike | undefined;
}

/** The options of a fit in a worker: those of `fit`, and the way of the data. */
export interface WorkerFitOptions extends FitOptions {
  /**
   * Moves the memory of typed arrays to the worker instead of copying it. They are empty afterwards. Shared memory is neither
   * copied nor moved. Default false.
   */
  transfer?: boolean | undefined;
}

/** A worker that fits. */
export interface FitWorker {
  /** Same as `fit`, in the worker: with progress, warnings, signal, errors and the model with its report. */
  fit(data: FitData, options?: WorkerFitOptions): Promise<FittedModel>;
  /** Ends the worker. A fit that runs rejects with `DISPOSED`. */
  close(): void;
  /** Closes at the end of a block with `using`. */
  [Symbol.dispose](): void;
}

/**
 * Starts a worker whose `fit` leaves the thread of the page alone. It takes the data and options of `fit` but for what cannot leave
 * a thread: a `context`, GPUBuffers and a `learningRate` that is a function. A source is read on the page, and the examples are
 * sent. Several fits may run at a time.
 *
 * Throws `WORKER_LOST` where no worker starts, and what `fit` throws.
 *
 *     const worker = createWorker();
 *     const model = await worker.fit(data, { onProgress, signal });
 *     worker.close();
 */
export function createWorker(options: WorkerOptions = {}): FitWorker {
  const { worker } = requireKnown(options, ['worker']);
  if (worker !== undefined && !isWorker(worker)) {
    throw new DescentError('INVALID_OPTION', {
      got: `worker of type ${typeof worker}`,
      expected: 'a Worker',
      fix: 'Leave it out for the worker of this package.',
      where: { option: 'worker' },
    });
  }
  const fits = new WorkerFits(worker);
  const close = () => fits.close();
  return { fit: (data, given) => fits.fit(data, given), close, [DISPOSE]: close };
}

function isWorker(worker: unknown): boolean {
  return typeof worker === 'object' && worker !== null && 'postMessage' in worker && 'terminate' in worker;
}
