import type { Encoder } from '../../data/table/encoder.js';
import type { Classes } from '../../data/table/encoding.js';
import type { Loss } from '../../options/names.js';
import type { ModelObjective } from '../model-objective.js';
import type { WeightsAs } from './weights-as.js';

/** The options of `model.summary`. */
export interface SummaryOptions {
  /** True if the model has a bias. Default: as it was trained; true for a model that an earlier version saved. */
  fitIntercept?: boolean;
  /**
   * The meaning of the weights of the examples. 'counts': one of weight k stands for k equal examples, so that the sum of the
   * weights is the number of examples. 'precisions': the variance of an example is inversely proportional to its weight,
   * and each example with a weight above 0 is one, as in R's `lm` and statsmodels' `WLS`. 'auto', the default: counts if
   * all weights are whole numbers, and precisions otherwise; the summary says which. Moments know only the sum of the
   * weights, and are always counts.
   */
  weightsAs?: 'auto' | WeightsAs;
}

/** The part of a model that a summary is about. */
export interface SummarizedModel {
  /** [d] */
  readonly weights: Float64Array;
  readonly bias: number;
  readonly featureNames: readonly string[];
  readonly targetName: string;
  readonly loss: Loss;
  /** The classes after the logistic loss; null for numbers. */
  readonly classes: Classes | null;
  /** The way from the columns of a table to the features. */
  readonly encoder: Encoder | null;
  /** The intercept and the penalties that it was trained with; null where they are not known. */
  readonly objective: ModelObjective | null;
}
