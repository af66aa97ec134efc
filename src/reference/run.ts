import type { DescentState, ModelSettings, PathState, Run, RunWatch, Standing } from '../backend.js';
import { gradient } from './gradient.js';
import type { ExampleTerms } from './loss.js';
import { residual } from './residual.js';
import { update } from './update.js';

/** Between two waits the loop holds the thread for about this long. */
const SLICE_MS = 50;

/** d columns of features and one of targets, in training units, and how examples count. */
export interface Examples {
  features: readonly Float64Array[];
  targets: Float64Array;
  terms: ExampleTerms;
  /** m, or the sum of the examples' weights. */
  count: number;
}

/** Descent of one model by plain loops over the examples that it sees. */
export class ReferenceRun implements Run {
  readonly #examples: Examples;
  #settings: ModelSettings;
  #epoch: number;
  readonly #parameters: Float64Array;
  #before: Float64Array;
  #quietEpochs: number;
  #lastLoss: number;
  #losses: number[] = [];
  #path: PathState[] = [];
  #stopReason: Standing['stopReason'] = null;
  #trainMs = 0;
  /** [d + 1] the factor on λ: 1, or 0 for what is not learned. */
  readonly #stepScales: Float64Array;
  readonly #residuals: Float64Array;
  readonly #twiceLosses: Float64Array;
  readonly #sums: Float64Array;

  /** `learned` puts 0 in the place of what is not learned. */
  constructor(
    examples: Examples,
    learned: (parameters: Float64Array) => Float64Array,
    from: DescentState,
    settings: ModelSettings,
  ) {
    this.#examples = examples;
    this.#settings = settings;
    this.#epoch = from.epoch;
    this.#parameters = learned(from.parameters);
    this.#before = learned(from.previous);
    this.#stepScales = learned(new Float64Array(from.parameters.length).fill(1));
    this.#quietEpochs = from.quietEpochs;
    this.#lastLoss = from.loss;
    if (this.#epoch === 0) this.#keepPoint();
    this.#residuals = new Float64Array(examples.targets.length);
    this.#twiceLosses = new Float64Array(examples.targets.length);
    this.#sums = new Float64Array(from.parameters.length + 1);
  }

  async advance(epochs: number, { signal, onProgress }: RunWatch): Promise<void> {
    const startMs = performance.now();
    const last = Math.min(this.#epoch + epochs, this.#settings.epochs);
    let sliceMs = startMs;
    let told = -1; // the epoch that was last told of
    let lossesTold = this.#losses.length;
    const tell = () => {
      told = this.#epoch;
      onProgress?.(told, this.#lastLoss, Float64Array.from(this.#losses.slice(lossesTold)));
      lossesTold = this.#losses.length;
    };
    while (this.#epoch < last && this.#stopReason === null && !signal?.aborted) {
      this.#stopReason = this.#descendOnce();
      if (this.#stopReason === null && performance.now() - sliceMs > SLICE_MS) {
        tell();
        await new Promise((resolve) => setTimeout(resolve, 0));
        sliceMs = performance.now();
      }
    }
    if (told !== this.#epoch) tell();
    this.#trainMs += performance.now() - startMs;
  }

  setRate(rate: Pick<ModelSettings, 'learningRate' | 'tolerance'>): void {
    this.#settings = { ...this.#settings, ...rate };
  }

  read(): Promise<Standing> {
    const losses = Float64Array.from(this.#losses);
    this.#losses = [];
    const path = this.#path;
    this.#path = [];
    return Promise.resolve({
      epoch: this.#epoch,
      parameters: this.#parameters.slice(),
      previous: this.#before.slice(),
      quietEpochs: this.#quietEpochs,
      loss: this.#lastLoss,
      losses,
      path,
      stopReason: this.#stopReason ?? (this.#epoch < this.#settings.epochs ? null : 'epochs'),
      timings: { trainMs: this.#trainMs, readbackMs: 0, gpuMs: null },
    });
  }

  dispose(): void {
    // Nothing is held outside this object.
  }

  #keepPoint(): void {
    const { pathEvery } = this.#settings;
    if (!pathEvery || this.#epoch % pathEvery !== 0) return;
    this.#path.push({ epoch: this.#epoch, parameters: this.#parameters.slice() });
  }

  /** One epoch, and whether it was the last for another reason than their number. */
  #descendOnce(): 'diverged' | 'converged' | null {
    const { features, targets, terms, count } = this.#examples;
    const settings = this.#settings;
    residual(features, targets, this.#parameters, this.#residuals, terms, this.#twiceLosses);
    gradient(features, this.#residuals, this.#sums, this.#twiceLosses);
    const previous = this.#parameters.slice();
    const loss = update(this.#sums, count, { ...settings, stepScales: this.#stepScales }, this.#parameters);
    if (!Number.isFinite(loss)) {
      // The parameters that led here have no finite loss: those before them are the last that do.
      this.#parameters.set(this.#before);
      return 'diverged';
    }
    const lastLoss = this.#lastLoss;
    this.#before = previous;
    this.#lastLoss = loss;
    this.#losses.push(loss);
    this.#epoch += 1;
    if (!this.#parameters.every(Number.isFinite)) {
      // Their loss would not be finite either, but the last epoch has none after it to find that out.
      this.#parameters.set(previous);
      return 'diverged';
    }
    this.#keepPoint();
    // In the first epoch there is nothing to compare with, and no comparison with NaN holds.
    if (settings.tolerance === 0 || Number.isNaN(lastLoss)) return null;
    this.#quietEpochs = lastLoss - loss <= settings.tolerance * lastLoss ? this.#quietEpochs + 1 : 0;
    return this.#quietEpochs >= settings.patience ? 'converged' : null;
  }
}
