import { Dataset } from '../../data/checked-dataset.js';
import type { ColumnBatch, ExampleSource } from '../../data/source.js';
import type { Backend, Trainer, UploadOptions } from '../../descent/backend.js';
import type { BatchSums, BatchSumsPlan } from '../../descent/batch-sums.js';
import type { EvaluateOptions, Evaluation } from '../../descent/evaluation.js';
import type { FitReport } from '../../descent/report.js';
import type { Objective } from '../../options/objective.js';

/** The derivatives over all batches, as sums with the weights of the batches. */
interface Totals {
  loss: number;
  gradient: Float64Array;
  hessian: Float64Array | null;
}

/**
 * Passes over batches by a backend that lays out each of them on a device: while it computes on one batch, the next is read and
 * uploaded, so that two are on the device at a time.
 */
export class UploadedSums implements BatchSums {
  /** The kernels of the batch before; those that every batch can have before there is one. */
  kernels: FitReport['kernels'] = 'textbook';
  readonly precision = 'f32';

  constructor(
    private readonly backend: Backend,
    private readonly plan: BatchSumsPlan,
    private readonly names: Awaited<ReturnType<ExampleSource['columns']>>,
    private readonly storage: UploadOptions['storage'],
  ) {}

  async evaluate(
    batches: AsyncIterable<ColumnBatch>,
    parameters: Float64Array,
    options: EvaluateOptions & { loss?: Objective['loss'] },
  ): Promise<Evaluation> {
    const size = parameters.length;
    const totals: Totals = {
      loss: 0,
      gradient: new Float64Array(size),
      hessian: options.withHessian ? new Float64Array(size ** 2) : null,
    };
    let computing: Promise<void> = Promise.resolve();
    try {
      for await (const batch of batches) {
        const weight = batch.exampleWeights?.reduce((sum, value) => sum + value, 0) ?? batch.targets.length;
        if (weight === 0) continue;
        const trainer = await this.#upload(batch, options);
        const before = computing;
        this.kernels = trainer.kernels;
        computing = before
          .then(() => trainer.evaluate(parameters, options))
          .then((evaluation) => add(totals, evaluation, weight / this.plan.totalWeight))
          .finally(() => trainer.dispose());
        computing.catch(() => undefined); // it is awaited below, and an upload may fail before
        await before;
      }
    } finally {
      await computing;
    }
    return totals;
  }

  dispose(): void {
    // Nothing is held from one pass to the next.
  }

  #upload(
    { features, targets, exampleWeights }: ColumnBatch,
    { loss, signal }: { loss?: Objective['loss'] | undefined; signal?: AbortSignal | undefined },
  ): Promise<Trainer> {
    const { objective, standardization } = this.plan;
    const dataset = new Dataset(features, targets, this.names.features, this.names.target, exampleWeights);
    const { storage } = this;
    const own = { ...objective, ...(loss && { loss }) };
    return this.backend.upload(dataset, {
      ...own,
      standardize: true,
      standardization,
      kernels: 'auto',
      storage,
      signal,
    });
  }
}

function add(totals: Totals, { loss, gradient, hessian }: Evaluation, share: number): void {
  totals.loss += share * loss;
  addShare(totals.gradient, gradient, share);
  if (totals.hessian && hessian) addShare(totals.hessian, hessian, share);
}

function addShare(totals: Float64Array, values: Float64Array, share: number): void {
  for (let j = 0; j < totals.length; j++) totals[j] = (totals[j] as number) + share * (values[j] as number);
}
