import { type ColumnSpread, spreadOf } from '../data/column-layout.js';
import type { Dataset } from '../data/dataset.js';
import { totalWeight } from '../data/example-weights.js';
import { withRelativeWeights } from '../data/relative-weights.js';
import type { Parameters, Trainer } from '../descent/backend.js';
import type { EvaluateOptions, Evaluation, Evaluator } from '../descent/evaluation.js';
import { centersTargets } from '../descent/loss.js';
import type { Objective } from '../options/objective.js';
import { derivatives } from '../descent/loss-derivatives.js';
import { eachBlock, type Part, partsOf } from './residual-sums.js';
import { ROWS_AT_ONCE, TrainingBlock } from './training-block.js';

/** Predictions that are off by this share of the targets, two units in their last place, are right. */
const ROUNDING = 2 ** -52;

/** The problem that an evaluator is for. */
export type EvaluatedProblem = Pick<Objective, 'loss' | 'fitIntercept'> & { standardize: boolean };

/**
 * The loss of examples on the host and its derivatives, in f64 from the numbers as they came. Training units are features
 * less their means, over their standard deviations with `standardize`; without a bias, nothing is subtracted. Sums are
 * of 256 examples and of their totals, so that the gradient is right to about 1e-15 of the sizes of its terms.
 */
export class HostEvaluator implements Evaluator {
  readonly featureCount: number;
  readonly exampleCount: number;
  /** Indices of the constant features; their weights are 0. */
  readonly constantFeatures: readonly number[];
  /** [d] The standard deviation of each feature in training units. */
  readonly spreads: Float64Array;
  /** The number that is taken off the targets in training units. */
  readonly targetCenter: number;
  readonly lossFloor: number;
  readonly #dataset: Dataset;
  readonly #problem: EvaluatedProblem;
  readonly #centers: Float64Array; // [d]
  readonly #scales: Float64Array; //  [d]
  readonly #totalWeight: number;
  readonly #block: TrainingBlock;

  private constructor(given: Dataset, problem: EvaluatedProblem, columns: readonly ColumnSpread[], target: number) {
    const { standardize } = problem;
    const dataset = withRelativeWeights(given);
    this.featureCount = dataset.featureCount;
    this.exampleCount = dataset.exampleCount;
    this.constantFeatures = columns.flatMap(({ isConstant }, j) => (isConstant ? [j] : []));
    this.spreads = Float64Array.from(columns, ({ deviation }) => (standardize ? 1 : deviation));
    this.#dataset = dataset;
    this.#problem = problem;
    this.#centers = Float64Array.from(columns, ({ center }) => center);
    this.#scales = Float64Array.from(columns, ({ deviation }) => (standardize ? deviation : 1));
    this.targetCenter = target;
    this.lossFloor = problem.loss === 'logistic' ? 0 : floorOf(dataset);
    this.#totalWeight = totalWeight(dataset.exampleCount, dataset.exampleWeights);
    this.#block = new TrainingBlock(dataset.featureCount);
  }

  /** An evaluator for the dataset: two passes over it find means and standard deviations. */
  static of(dataset: Dataset, problem: EvaluatedProblem): HostEvaluator {
    const { columns, targets, exampleWeights } = dataset;
    const spreads = columns.map((column) => spreadOf(column, exampleWeights, problem.fitIntercept));
    const isCentered = centersTargets({ ...problem, huberDelta: 1 }, problem.fitIntercept);
    return new HostEvaluator(dataset, problem, spreads, spreadOf(targets, exampleWeights, isCentered).center);
  }

  /** An evaluator in the training units of a trainer, so that parameters and Hessians of either are those of the other. */
  static inUnitsOf(
    trainer: Pick<Trainer, 'toCallerUnits' | 'constantFeatures'>,
    dataset: Dataset,
    problem: EvaluatedProblem,
  ): HostEvaluator {
    const { featureCount } = dataset;
    const probe = new Float64Array(featureCount + 1);
    const origin = trainer.toCallerUnits(probe).bias;
    const columns = Array.from({ length: featureCount }, (_, j): ColumnSpread => {
      probe[j] = 1;
      const { weights, bias } = trainer.toCallerUnits(probe);
      probe[j] = 0;
      const deviation = 1 / (weights[j] as number);
      return { center: (origin - bias) * deviation, deviation, isConstant: trainer.constantFeatures.includes(j) };
    });
    return new HostEvaluator(dataset, { ...problem, standardize: true }, columns, origin);
  }

  async evaluate(parameters: Float64Array, options: EvaluateOptions): Promise<Evaluation> {
    const { withHessian, huberDelta, signal } = options;
    const size = this.featureCount + 1;
    const { loss } = this.#problem;
    const sums = {
      loss: 0,
      gradient: new Float64Array(size),
      hessian: withHessian ? new Float64Array(size ** 2) : null,
    };
    await this.#eachBlock(signal, (block, part, from) => {
      block.predict(parameters);
      for (let i = 0; i < block.rows; i++) {
        const weight = weightOf(part, from + i);
        const target = (part.targets[from + i] as number) - this.targetCenter;
        const { value, slope, curvature } = derivatives(loss, block.predictions[i] as number, target, huberDelta);
        sums.loss += weight === 0 ? 0 : weight * value;
        block.slopes[i] = weight === 0 ? 0 : weight * slope;
        block.curvatures[i] = weight === 0 ? 0 : weight * curvature;
      }
      block.addGradient(sums.gradient);
      if (sums.hessian) block.addHessian(sums.hessian);
    });
    return averaged(sums, this.#totalWeight, this.#notLearned());
  }

  /** Calls `visit` with the prediction and the target of each example whose weight is above 0, and with that weight. */
  async eachPrediction(
    parameters: Float64Array,
    signal: AbortSignal | undefined,
    visit: (prediction: number, target: number, weight: number) => void,
  ): Promise<void> {
    await this.#eachBlock(signal, (block, part, from) => {
      block.predict(parameters);
      for (let i = 0; i < block.rows; i++) {
        const weight = weightOf(part, from + i);
        const target = (part.targets[from + i] as number) - this.targetCenter;
        if (weight > 0) visit(block.predictions[i] as number, target, weight);
      }
    });
  }

  /** Σ [x 1][x 1]ᵀ over the examples whose prediction is within `near` of 0: [d + 1, d + 1] row-major. */
  async gramWhere(parameters: Float64Array, near: number, signal: AbortSignal | undefined): Promise<Float64Array> {
    const size = this.featureCount + 1;
    const sums = { loss: 0, gradient: new Float64Array(size), hessian: new Float64Array(size ** 2) };
    await this.#eachBlock(signal, (block, part, from) => {
      block.predict(parameters);
      for (let i = 0; i < block.rows; i++) {
        const isNear = Math.abs(block.predictions[i] as number) <= near && weightOf(part, from + i) > 0;
        block.curvatures[i] = Number(isNear);
      }
      block.addHessian(sums.hessian);
    });
    return averaged(sums, 1, this.#notLearned()).hessian as Float64Array;
  }

  /** The examples, with the problem that they are for. */
  get examples(): { dataset: Dataset; problem: EvaluatedProblem } {
    return { dataset: this.#dataset, problem: this.#problem };
  }

  /** [d][m] The features in training units. */
  trainingColumns(): Float64Array[] {
    return this.#dataset.columns.map((column, j) => {
      const [center, scale] = [this.#centers[j] as number, this.#scales[j] as number];
      return Float64Array.from(column, (value) => (value - center) / scale);
    });
  }

  /** The largest w·x of an example and a feature as it came: its rounding is in every prediction. */
  largestTerm(parameters: Float64Array): number {
    const { weights } = this.toCallerUnits(parameters);
    const { columns, exampleWeights } = this.#dataset;
    return columns.reduce((most, column, j) => {
      let largest = 0;
      for (let i = 0; i < column.length; i++) {
        if (exampleWeights?.[i] !== 0) largest = Math.max(largest, Math.abs(column[i] as number));
      }
      return Math.max(most, largest * Math.abs(weights[j] as number));
    }, 0);
  }

  toCallerUnits(parameters: Float64Array): Parameters {
    const weights = this.#scales.map((scale, j) => (parameters[j] as number) / scale);
    let bias = parameters[this.featureCount] as number;
    if (!this.#problem.fitIntercept) return { weights, bias };
    bias += this.targetCenter;
    weights.forEach((weight, j) => (bias -= weight * (this.#centers[j] as number)));
    return { weights, bias };
  }

  toTrainingUnits({ weights, bias }: { weights: ArrayLike<number>; bias: number }): Float64Array {
    const parameters = new Float64Array(this.featureCount + 1);
    let atCenter = bias - this.targetCenter;
    for (let j = 0; j < this.featureCount; j++) {
      const weight = weights[j] as number;
      parameters[j] = this.constantFeatures.includes(j) ? 0 : weight * (this.#scales[j] as number);
      atCenter += weight * (this.#centers[j] as number);
    }
    parameters[this.featureCount] = this.#problem.fitIntercept ? atCenter : 0;
    return parameters;
  }

  /** The indices of the parameters that stay 0. */
  #notLearned(): number[] {
    return [...this.constantFeatures, ...(this.#problem.fitIntercept ? [] : [this.featureCount])];
  }

  #eachBlock(
    signal: AbortSignal | undefined,
    visit: (block: TrainingBlock, part: Part, from: number) => void,
  ): Promise<void> {
    return eachBlock(partsOf(this.#dataset), ROWS_AT_ONCE, signal, (part, from) => {
      this.#block.load(part, from, this.#centers, this.#scales);
      visit(this.#block, part, from);
    });
  }
}

function weightOf({ exampleWeights }: Part, i: number): number {
  return exampleWeights ? (exampleWeights[i] as number) : 1;
}

/** Half the mean square of the rounding of the targets. */
function floorOf({ targets, exampleWeights }: Dataset): number {
  const { deviation, isConstant } = spreadOf(targets, exampleWeights, false);
  return isConstant ? 0 : (ROUNDING * deviation) ** 2 / 2;
}

/** Divides the sums by the total weight, fills in the upper triangle and sets what is not learned to 0. */
function averaged(sums: Evaluation, total: number, zeros: readonly number[]): Evaluation {
  const size = sums.gradient.length;
  const { hessian } = sums;
  const gradient = sums.gradient.map((sum) => sum / total);
  for (const j of zeros) gradient[j] = 0;
  if (hessian) {
    for (let j = 0; j < size; j++) {
      for (let k = 0; k <= j; k++) {
        const value = zeros.includes(j) || zeros.includes(k) ? 0 : (hessian[j * size + k] as number) / total;
        hessian[j * size + k] = value;
        hessian[k * size + j] = value;
      }
    }
  }
  return { loss: sums.loss / total, gradient, hessian };
}
