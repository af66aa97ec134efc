import { requireOptions } from '../base/check-names.js';
import { DescentError } from '../base/errors.js';
import { requireSignal } from '../base/require-watch.js';
import type { FitData } from '../fitting/prepare-data.js';
import type { FitOptions } from '../fitting/fit-options.js';
import type { FittedModel } from '../model/fitted-model.js';
import type { Answer, SentError, SentModel } from './messages.js';
import { openWorker, workerLost, type WorkerLike, type WorkerPort } from './open-worker.js';
import { buffersIn, packData, packOptions } from './pack.js';

/** A fit that the worker has not ended yet. */
interface PendingFit {
  options: FitOptions;
  resolve: (model: SentModel) => void;
  reject: (reason: unknown) => void;
}

/** The fits that a worker has been asked for. */
export class WorkerFits {
  readonly #port: WorkerPort;
  readonly #pending = new Map<number, PendingFit>();
  #count = 0;
  /** The error of every further fit, once the worker has ended. */
  #ended: DescentError | undefined;

  constructor(worker: WorkerLike | undefined) {
    this.#port = openWorker(worker, {
      onAnswer: (answer) => this.#onAnswer(answer),
      onFailure: (reason) => this.#end(workerLost(reason)),
    });
  }

  async fit(data: FitData, given: FitOptions & { transfer?: boolean | undefined } = {}): Promise<FittedModel> {
    requireOptions(given);
    const { transfer = false, ...fitOptions } = given;
    const { signal } = fitOptions;
    requireSignal(signal);
    signal?.throwIfAborted();
    const { options, callbacks } = packOptions(fitOptions);
    const sent = await packData(data, fitOptions);
    signal?.throwIfAborted();
    if (this.#ended) throw this.#ended;
    const id = this.#count++;
    const moved = transfer ? buffersIn(sent) : [];
    const loading = import('../model/linear-model.js'); // while the worker fits
    loading.catch(() => undefined); // it is awaited below, if there is a model
    const result = new Promise<SentModel>((resolve, reject) => {
      this.#pending.set(id, { options: fitOptions, resolve, reject });
    });
    const onAbort = () => this.#port.post({ type: 'abort', id }, []);
    try {
      signal?.addEventListener('abort', onAbort);
      this.#post({ type: 'fit', id, data: sent, options, callbacks }, moved);
      this.#port.hold(true);
      const model = await result;
      return new (await loading).LinearModel(model) as FittedModel;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#port.hold(false);
    }
  }

  close(): void {
    this.#end(
      new DescentError('DISPOSED', {
        got: 'a worker that was closed',
        expected: 'a fit before close()',
        fix: 'Await the fit first, or start another worker with createWorker.',
      }),
    );
    this.#port.close();
  }

  #post(...message: Parameters<WorkerPort['post']>): void {
    try {
      this.#port.post(...message);
    } catch (cause) {
      throw new DescentError('INVALID_VALUE', {
        got: `data or options that no message can hold (${cause instanceof Error ? cause.message : String(cause)})`,
        expected: 'typed arrays, arrays, records, files and numbers',
        fix: 'Pass the arrays themselves: no functions in them, and no proxies of a framework (toRaw in Vue, $state.snapshot in Svelte).',
        cause,
      });
    }
  }

  #end(error: DescentError): void {
    this.#ended ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }

  #onAnswer(answer: Answer | undefined): void {
    if (!answer || !('id' in answer)) return; // that it is ready, or a message that is none of ours
    const fit = this.#pending.get(answer.id);
    if (!fit) return;
    if (answer.type === 'called') {
      try {
        (fit.options[answer.callback] as ((value: unknown) => void) | undefined)?.(answer.value);
      } catch (error) {
        this.#port.post({ type: 'abort', id: answer.id }, []);
        fit.reject(error); // as fit does on its own thread
      }
    } else if (answer.type === 'model') {
      fit.resolve(answer.model);
    } else if (answer.type === 'aborted') {
      fit.reject(fit.options.signal?.reason);
    } else {
      fit.reject(errorOf(answer.error));
    }
  }
}

function errorOf(error: SentError): unknown {
  return 'descent' in error ? DescentError.fromJSON(error.descent) : error.other;
}
