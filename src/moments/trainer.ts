import type { Descent, DescendSettings, Trainer } from '../backend.js';
import type { FitWarning } from '../report.js';
import type { Moments } from './moments.js';
import { SquaredLoss } from './squared-loss.js';
import { penaltyOf, step } from './step.js';

/** Between two waits the loop holds the thread for about this long. */
const SLICE_MS = 50;

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
  readonly kernels = 'moments';
  readonly warnings: readonly FitWarning[] = [];
  readonly constantFeatures: readonly number[];
  readonly #moments: Moments;
  readonly #target: number;
  /** Whether descent is on features and targets less their means. */
  readonly #isCentered: boolean;
  readonly #loss: SquaredLoss;

  /** `target` is the place of the target to learn among those of the moments. */
  constructor(
    moments: Moments,
    { standardize, fitIntercept = true, target = 0 }: { standardize: boolean; fitIntercept?: boolean; target?: number },
  ) {
    const { featureCount, scatter, means } = moments;
    const isConstant = (j: number) => scatter[j * featureCount + j] === 0 && (fitIntercept || means[j] === 0);
    this.constantFeatures = standardize ? moments.featureNames.flatMap((_, j) => (isConstant(j) ? [j] : [])) : [];
    this.#moments = moments;
    this.#target = target;
    this.#isCentered = standardize && fitIntercept;
    this.#loss = new SquaredLoss(moments, { standardize, fitIntercept }, target);
  }

  curvature(direction: Float64Array): Promise<Float64Array> {
    return Promise.resolve(this.#loss.curvature(direction));
  }

  async descend(initial: Float64Array, settings: DescendSettings): Promise<Descent> {
    const startMs = performance.now();
    const loss = this.#loss;
    const epochsPerLook = Math.ceil(WORK_PER_LOOK / (loss.featureCount + 1) ** 2);
    const gradient = new Float64Array(initial.length);
    let parameters = initial.slice();
    for (const j of this.constantFeatures) parameters[j] = 0;
    let before = parameters.slice(); // the last parameters whose loss was finite, and the place for the next ones
    const losses = new Float64Array(settings.epochs);
    let epoch = 0;
    let lastLoss = Number.NaN;
    let stopReason: Descent['stopReason'] = 'epochs';
    let quietEpochs = 0;
    let sliceMs = startMs;
    let told = -1; // the epoch that was last told of
    while (epoch < settings.epochs) {
      const nextLoss = loss.gradient(parameters, gradient) + penaltyOf(parameters, settings);
      if (!Number.isFinite(nextLoss)) {
        parameters = before;
        stopReason = 'diverged';
        break;
      }
      step(gradient, settings, parameters, before);
      [parameters, before] = [before, parameters];
      losses[epoch++] = nextLoss;
      if (!areFinite(parameters)) {
        // Their loss would not be finite either, but the last epoch has none after it to find that out.
        parameters = before;
        stopReason = 'diverged';
        break;
      }
      // In the first epoch there is nothing to compare with, and no comparison with NaN holds.
      const isQuiet = lastLoss - nextLoss <= settings.tolerance * lastLoss;
      quietEpochs = isQuiet && settings.tolerance > 0 ? quietEpochs + 1 : 0;
      lastLoss = nextLoss;
      if (quietEpochs >= settings.patience) {
        stopReason = 'converged';
        break;
      }
      if (epoch % epochsPerLook === 0 && performance.now() - sliceMs > SLICE_MS) {
        settings.onProgress?.(epoch, nextLoss);
        told = epoch;
        await new Promise((resolve) => setTimeout(resolve, 0));
        sliceMs = performance.now();
        if (settings.signal?.aborted) {
          stopReason = epoch < settings.epochs ? 'aborted' : 'epochs';
          break;
        }
      }
    }
    if (told !== epoch) settings.onProgress?.(epoch, losses[epoch - 1] ?? Number.NaN);
    return {
      parameters,
      lossHistory: losses.slice(0, epoch),
      stopReason,
      timings: { trainMs: performance.now() - startMs, readbackMs: 0, gpuMs: null },
    };
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

  dispose(): void {
    // Nothing is held outside this object.
  }
}

function areFinite(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
