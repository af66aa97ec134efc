import type { RunResult, DescendSettings, RunState, ModelSettings, Run, Trainer } from '../../descent/backend.js';
import { initialState, trainToEnd } from '../../descent/run.js';
import { HostRun } from '../../descent/host-run.js';
import type { EvaluateOptions, Evaluation } from '../../descent/evaluation.js';
import type { FitWarning } from '../../descent/report.js';
import { EarlyStopping } from '../../descent/early-stopping.js';
import { momentsUpdates } from './update.js';
import type { Moments } from '../moments.js';
import { SquaredLoss } from '../squared-loss.js';

/** Between two looks at the clock lie about this many multiply-adds: a tenth of a millisecond, which hides the look. */
const WORK_PER_LOOK = 250_000;

/**
 * Trains on moments alone: gradient descent with the trajectory that reading every example in every epoch has in exact
 * arithmetic, at d² multiply-adds an epoch, in f64 on the CPU.
 *
 *     const trainer = new MomentsTrainer(momentsOfDataset(dataset), { standardize: true });
 *     const { parameters } = await trainer.descend(new Float64Array(dataset.featureCount + 1), settings);
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
  readonly #heldOut: SquaredLoss | undefined;

  /** `target` is the place of the target to learn among those of the moments; `heldOut` the moments that validate its epochs. */
  constructor(
    moments: Moments,
    { standardize, fitIntercept = true, target = 0 }: { standardize: boolean; fitIntercept?: boolean; target?: number },
    heldOut?: Moments,
  ) {
    const { featureCount, scatter, means } = moments;
    const isConstant = (j: number) => scatter[j * featureCount + j] === 0 && (fitIntercept || means[j] === 0);
    this.constantFeatures = standardize ? moments.featureNames.flatMap((_, j) => (isConstant(j) ? [j] : [])) : [];
    this.#moments = moments;
    this.#target = target;
    this.#isCentered = standardize && fitIntercept;
    this.#loss = new SquaredLoss(moments, { standardize, fitIntercept }, target);
    this.#heldOut = heldOut && new SquaredLoss(heldOut, { standardize: false }, target);
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

  descend(initial: Float64Array, settings: DescendSettings): Promise<RunResult> {
    return trainToEnd(this, initialState(initial), settings);
  }

  begin(from: RunState, settings: ModelSettings): Promise<Run> {
    const validation = this.#heldOut && this.#validateOn(this.#heldOut, from);
    const epochsPerLook = Math.ceil(WORK_PER_LOOK / (this.#loss.featureCount + 1) ** 2);
    const begun = { ...from, parameters: this.#learned(from.parameters), previous: this.#learned(from.previous) };
    const advance = momentsUpdates(this.#loss, from, settings);
    return Promise.resolve(new HostRun(advance, begun, settings, { validation, epochsPerLook }));
  }

  /** [d + 1] with 0 for what is not learned. */
  #learned(parameters: Float64Array): Float64Array {
    const isLearned = (j: number) => (j < this.featureCount ? !this.constantFeatures.includes(j) : this.#loss.hasBias);
    return parameters.map((value, j) => (isLearned(j) ? value : 0));
  }

  #validateOn(heldOut: SquaredLoss, from: RunState): EarlyStopping {
    const given = new Float64Array(heldOut.featureCount + 1);
    const gradient = new Float64Array(given.length);
    const lossAt = (parameters: Float64Array) => {
      const { weights, bias } = this.toCallerUnits(parameters);
      given.set(weights);
      given[weights.length] = bias;
      return heldOut.gradient(given, gradient);
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
