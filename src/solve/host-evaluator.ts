import { inTurns, type WorkInParts } from '../base/turns.js';
import { type ColumnSpread, spreadOf, spreadsInParts } from '../data/column-layout.js';
import { Dataset, type FloatArray } from '../data/dataset.js';
import type { Parameters, Trainer } from '../descent/backend.js';
import type { EvaluateOptions, Evaluation, Evaluator } from '../descent/evaluation.js';
import { centersTargets } from '../descent/loss.js';
import type { Objective } from '../options/objective.js';
import { derivatives } from '../descent/loss-derivatives.js';
import { type EvaluatedExamples, examplesOf } from './evaluated-examples.js';
import { eachBlockInParts, type Part } from './residual-sums.js';
import { ROWS_AT_ONCE, TrainingBlock } from './training-block.js';

/** Predictions that are off by this share of the targets, two units in their last place, are right. */
const ROUNDING = 2 ** -52;

/** The problem that an evaluator is for. */
export type EvaluatedProblem = Pick<Objective, 'loss' | 'fitIntercept'> & { standardize: boolean };

/**
 * The loss of examples on the host, or streamed from a source, and its derivatives, in f64 from the numbers as they came.
 * Training units are features less their means, over their standard deviations with `standardize`; without a bias, nothing
 * is subtracted. Sums are of 256 examples and of their totals, so that the gradient is right to about 1e-15 of the sizes of
 * its terms.
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
  readonly #examples: EvaluatedExamples;
  readonly #problem: EvaluatedProblem;
  readonly #centers: Float64Array; // [d]
  readonly #scales: Float64Array; //  [d]
  /** Memory of a pass; undefined while one has it. */
  #block: TrainingBlock | undefined;

  /** `columns` and `target` are the units of training. */
  constructor(
    examples: EvaluatedExamples,
    problem: EvaluatedProblem,
    columns: readonly ColumnSpread[],
    target: number,
  ) {
    const { standardize } = problem;
    this.featureCount = examples.featureCount;
    this.exampleCount = examples.exampleCount;
    this.constantFeatures = columns.flatMap(({ isConstant }, j) => (isConstant ? [j] : []));
    this.spreads = Float64Array.from(columns, ({ deviation }) => (standardize ? 1 : deviation));
    this.#examples = examples;
    this.#problem = problem;
    this.#centers = Float64Array.from(columns, ({ center }) => center);
    this.#scales = Float64Array.from(columns, ({ deviation }) => (standardize ? deviation : 1));
    this.targetCenter = target;
    // Half the mean square of the rounding of the targets.
    this.lossFloor = problem.loss === 'logistic' ? 0 : (ROUNDING * examples.targetSize) ** 2 / 2;
  }

  /** An evaluator for the dataset: two passes over it find means and standard deviations. */
  static async of(dataset: Dataset, problem: EvaluatedProblem, signal?: AbortSignal): Promise<HostEvaluator> {
    const { columns, targets, exampleWeights } = dataset;
    const spreads = await inTurns(spreadsInParts(columns, exampleWeights, problem.fitIntercept), signal);
    const isCentered = centersTargets({ ...problem, huberDelta: 1 }, problem.fitIntercept);
    return new HostEvaluator(
      examplesOf(dataset),
      problem,
      spreads,
      spreadOf(targets, exampleWeights, isCentered).center,
    );
  }

  /** An evaluator in the training units of a trainer, so that parameters and Hessians of either are those of the other. */
  static inUnitsOf(
    trainer: TrainingUnits,
    given: Dataset | EvaluatedExamples,
    problem: EvaluatedProblem,
  ): HostEvaluator {
    const examples = given instanceof Dataset ? examplesOf(given) : given;
    const { columns, target } = unitsOf(trainer, examples.featureCount);
    return new HostEvaluator(examples, { ...problem, standardize: true }, columns, target);
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
      return sums.hessian ? block.addHessian(sums.hessian) : undefined;
    });
    return inTurns(averaged(sums, this.#examples.totalWeight, this.#notLearned()), signal);
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
      return undefined;
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
      return block.addHessian(sums.hessian);
    });
    return (await inTurns(averaged(sums, 1, this.#notLearned()), signal)).hessian as Float64Array;
  }

  /** The examples, if they are in memory, with the problem that they are for. */
  get inMemory(): { dataset: Dataset; problem: EvaluatedProblem } | null {
    const { dataset } = this.#examples;
    return dataset ? { dataset, problem: this.#problem } : null;
  }

  /** A feature in training units. */
  inTrainingUnits(column: FloatArray, j: number): Float64Array {
    const [center, scale] = [this.#centers[j] as number, this.#scales[j] as number];
    return Float64Array.from(column, (value) => (value - center) / scale);
  }

  /** The largest w·x of an example and a feature as it came: its rounding is in every prediction. */
  async largestTerm(parameters: Float64Array): Promise<number> {
    const { weights } = this.toCallerUnits(parameters);
    const sizes = await inTurns(this.#examples.largest());
    return sizes.reduce((most, size, j) => Math.max(most, size * Math.abs(weights[j] as number)), 0);
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

  async #eachBlock(
    signal: AbortSignal | undefined,
    visit: (block: TrainingBlock, part: Part, from: number) => WorkInParts<void> | undefined,
  ): Promise<void> {
    const block = this.#block ?? new TrainingBlock(this.featureCount);
    this.#block = undefined; // another pass that begins meanwhile has memory of its own
    await eachBlockInParts(this.#examples.read(signal), ROWS_AT_ONCE, signal, (part, from) => {
      block.load(part, from, this.#centers, this.#scales);
      return visit(block, part, from);
    });
    this.#block = block;
  }
}

/** The training units of a trainer. */
export type TrainingUnits = Pick<Trainer, 'toCallerUnits' | 'constantFeatures'>;

/** The center and the scale of each column as a trainer has them, and of the targets the number that it takes off. */
export function unitsOf(trainer: TrainingUnits, featureCount: number): { columns: ColumnSpread[]; target: number } {
  const probe = new Float64Array(featureCount + 1);
  const target = trainer.toCallerUnits(probe).bias;
  probe[featureCount] = -target; // so that the centers of the features stand alone: beside it they would lose their digits
  const columns = Array.from({ length: featureCount }, (_, j): ColumnSpread => {
    probe[j] = 1;
    const { weights, bias } = trainer.toCallerUnits(probe);
    probe[j] = 0;
    const deviation = 1 / (weights[j] as number);
    return { center: -bias * deviation, deviation, isConstant: trainer.constantFeatures.includes(j) };
  });
  return { columns, target };
}

function weightOf({ exampleWeights }: Part, i: number): number {
  return exampleWeights ? (exampleWeights[i] as number) : 1;
}

/** Divides the sums by the total weight, fills in the upper triangle and sets what is not learned to 0. */
function* averaged(sums: Evaluation, total: number, zeros: readonly number[]): WorkInParts<Evaluation> {
  const size = sums.gradient.length;
  const { hessian } = sums;
  const gradient = sums.gradient.map((sum) => sum / total);
  for (const j of zeros) gradient[j] = 0;
  if (hessian) {
    const isZero = new Uint8Array(size);
    for (const j of zeros) isZero[j] = 1;
    for (let j = 0; j < size; j++) {
      for (let k = 0; k <= j; k++) {
        const value = isZero[j] === 1 || isZero[k] === 1 ? 0 : (hessian[j * size + k] as number) / total;
        hessian[j * size + k] = value;
        hessian[k * size + j] = value;
      }
      yield;
    }
  }
  return { loss: sums.loss / total, gradient, hessian };
}
