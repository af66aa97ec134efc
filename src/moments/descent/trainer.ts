import type { RunResult, RunSettings, RunState, ModelSettings, Run, Trainer } from '../../descent/backend.js';
import { initialState, trainToEnd } from '../../descent/run.js';
import { HostRun } from '../../descent/host-run.js';
import type { EvaluateOptions, Evaluation } from '../../descent/evaluation.js';
import type { FitWarning } from '../../descent/report.js';
import { EarlyStopping } from '../../descent/early-stopping.js';
import { fullBatchUpdates } from '../../descent/full-batch-updates.js';
import { constantFeaturesOf } from '../constant-features.js';
import type { Moments } from '../moments.js';
import { SquaredLoss } from '../squared-loss.js';

/** Between two looks at the clock lie about this many multiply-adds: a tenth of a millisecond, which hides the look. */
const WORK_PER_LOOK = 250_000;

/**
 * Trains on moments alone: gradient descent with the trajectory that reading every example in every epoch has in exact
 * arithmetic, at d² multiply-adds an epoch, in f64 on the CPU.
 *
 *     const trainer = new MomentsTrainer(momentsOfDataset(dataset), { standardize: true });
 *     const { parameters } = await trainer.run(new Float64Array(dataset.featureCount + 1), settings);
 *     trainer.toCallerUnits(parameters).weights
 */
export class MomentsTrainer implements Trainer {
  readonly largestSquare = null;
  readonly kernels = 'moments';
  readonly warnings: readonly FitWarning[] = [];
  readonly constantFeatures: readonly number[];
  readonly #moments: Moments;
  readonly #target: number;
  /** True if training is on features and targets less their means. */
  readonly #isCentered: boolean;
  readonly #loss: SquaredLoss;
  /** The loss over the validation examples, in the caller's units. */
  readonly #validationLoss: SquaredLoss | undefined;

  /** `target` is the place of the target to learn among those of the moments; `validation` the moments of the validation examples. */
  constructor(
    moments: Moments,
    { standardize, fitIntercept = true, target = 0 }: { standardize: boolean; fitIntercept?: boolean; target?: number },
    validation?: Moments,
  ) {
    this.constantFeatures = standardize ? constantFeaturesOf(moments, fitIntercept) : [];
    this.#moments = moments;
    this.#target = target;
    this.#isCentered = standardize && fitIntercept;
    this.#loss = new SquaredLoss(moments, { standardize, fitIntercept }, target);
    this.#validationLoss = validation && new SquaredLoss(validation, { standardize: false }, target);
  }

  get featureCount(): number {
    return this.#loss.featureCount;
  }

  async evaluate(parameters: Float64Array, { withHessian, signal }: EvaluateOptions): Promise<Evaluation> {
    signal?.throwIfAborted();
    const gradient = new Float64Array(parameters.length);
    const loss = this.#loss.gradient(this.#learned(parameters), gradient);
    return { loss, gradient: this.#learned(gradient), hessian: withHessian ? this.#loss.hessian() : null };
  }

  curvature(direction: Float64Array): Promise<Float64Array> {
    return Promise.resolve(this.#loss.curvature(direction));
  }

  run(initial: Float64Array, settings: RunSettings): Promise<RunResult> {
    return trainToEnd(this, initialState(initial), settings);
  }

  begin(from: RunState, settings: ModelSettings): Promise<Run> {
    const validation = this.#validationLoss && this.#validateOn(this.#validationLoss, from);
    const updatesPerLook = Math.ceil(WORK_PER_LOOK / (this.#loss.featureCount + 1) ** 2);
    const start = { ...from, parameters: this.#learned(from.parameters), previous: this.#learned(from.previous) };
    const updates = fullBatchUpdates(this.#loss, from, settings);
    return Promise.resolve(new HostRun(updates, start, settings, { validation, updatesPerLook }));
  }

  /** [d + 1] with 0 for what is not learned. */
  #learned(parameters: Float64Array): Float64Array {
    const isLearned = (j: number) => (j < this.featureCount ? !this.constantFeatures.includes(j) : this.#loss.hasBias);
    return parameters.map((value, j) => (isLearned(j) ? value : 0));
  }

  #validateOn(validationLoss: SquaredLoss, from: RunState): EarlyStopping {
    const point = new Float64Array(validationLoss.featureCount + 1);
    const gradient = new Float64Array(point.length);
    const lossAt = (parameters: Float64Array) => {
      const { weights, bias } = this.toCallerUnits(parameters);
      point.set(weights);
      point[weights.length] = bias;
      return validationLoss.gradient(point, gradient);
    };
    return new EarlyStopping(lossAt, from);
  }

  toCallerUnits(parameters: Float64Array): { weights: Float64Array; bias: number } {
    const { means, targetMeans } = this.#moments;
    const weights = this.#loss.deviations.map((deviation, j) => (parameters[j] as number) / deviation);
    let bias = parameters[weights.length] as number;
    if (!this.#isCentered) return { weights, bias };
    bias += targetMeans[this.#target] as number;
    weights.forEach((weight, j) => (bias -= weight * (means[j] as number)));
    return { weights, bias };
  }

  toTrainingUnits({ weights, bias }: { weights: ArrayLike<number>; bias: number }): Float64Array {
    const { means, targetMeans } = this.#moments;
    const scaled = this.#loss.deviations.map((deviation, j) => (weights[j] as number) * deviation);
    if (!this.#isCentered) return Float64Array.from([...scaled, bias]);
    const atMeans = means.reduce((sum, mean, j) => sum + mean * (weights[j] as number), bias);
    return Float64Array.from([...scaled, atMeans - (targetMeans[this.#target] as number)]);
  }

  dispose(): void {
    // Nothing is held outside this object.
  }
}
