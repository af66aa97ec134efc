import type { RunResult, DescendSettings, RunState, ModelSettings, Run, Trainer } from '../../descent/backend.js';
import { initialState, trainToEnd } from '../../descent/run.js';
import { HostRun } from '../../descent/host-run.js';
import type { FitWarning } from '../../descent/report.js';
import { EarlyStopping } from '../../descent/early-stopping.js';
import { momentsUpdates } from './update.js';
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
    this.constantFeatures = standardize ? constantFeaturesOf(moments, fitIntercept) : [];
    this.#moments = moments;
    this.#target = target;
    this.#isCentered = standardize && fitIntercept;
    this.#loss = new SquaredLoss(moments, { standardize, fitIntercept }, target);
    this.#heldOut = heldOut && new SquaredLoss(heldOut, { standardize: false }, target);
  }

  curvature(direction: Float64Array): Promise<Float64Array> {
    return Promise.resolve(this.#loss.curvature(direction));
  }

  descend(initial: Float64Array, settings: DescendSettings): Promise<RunResult> {
    return trainToEnd(this, initialState(initial), settings);
  }

  begin(from: RunState, settings: ModelSettings): Promise<Run> {
    const validation = this.#heldOut && this.#validateOn(this.#heldOut, from);
    const updatesPerLook = Math.ceil(WORK_PER_LOOK / (this.#loss.featureCount + 1) ** 2);
    const learned = (parameters: Float64Array) =>
      parameters.map((value, j) => (this.constantFeatures.includes(j) ? 0 : value));
    const begun = { ...from, parameters: learned(from.parameters), previous: learned(from.previous) };
    const advance = momentsUpdates(this.#loss, from, settings);
    return Promise.resolve(new HostRun(advance, begun, settings, { validation, updatesPerLook }));
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
