import type { ColumnBatch } from '../data/source.js';
import type { Objective } from '../options/objective.js';
import type { EvaluateOptions, Evaluation } from './evaluation.js';
import type { FitReport } from './report.js';
import type { Standardization } from './standardization.js';

/** Examples that come batch by batch, as far as they are known before a pass. */
export interface BatchSumsPlan {
  /** The units of training, by the statistics of all batches. */
  standardization: Standardization;
  objective: Objective;
  /** The number of all examples, or the sum of their weights. */
  totalWeight: number;
  isWeighted: boolean;
}

/** Passes over examples that come batch by batch: of each pass only the batches in work are held. */
export interface BatchSums {
  readonly kernels: FitReport['kernels'];
  /** The number format of its sums. */
  readonly precision: 'f32' | 'f64';
  /**
   * The loss over all batches at the parameters, [d + 1] in training units, and its derivatives. `loss` stands in place of that of the
   * objective: the Hessian of 'squared' is the curvature. One call at a time. Rejects with the reason of the signal.
   */
  evaluate(
    batches: AsyncIterable<ColumnBatch>,
    parameters: Float64Array,
    options: EvaluateOptions & { loss?: Objective['loss'] },
  ): Promise<Evaluation>;
  /** Frees what it holds. */
  dispose(): void;
}
