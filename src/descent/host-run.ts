import type { RunState, ModelSettings, PathState, Run, RunWatch, RunResult } from './backend.js';
import { swings } from './optimizers.js';
import type { EarlyStopping } from './early-stopping.js';

/** Computes successive updates of one model. */
export interface Updates {
  /** True if no further update can improve the model. */
  readonly isDone: boolean;
  /** Updates of an epoch. */
  readonly perEpoch: number;
  /** The fraction of all examples that the last update used. */
  readonly share: number;
  /**
   * One update, from parameters [d + 1] to the next ones, which it writes. Returns the objective; what it has written where
   * that is not finite is of no use.
   */
  step(parameters: Float64Array, next: Float64Array, settings: ModelSettings): number;
  /** The optimizer state, in the order of `RunState.optimizerState`, at these parameters. */
  optimizerState(parameters: Float64Array): Float64Array[];
}

export interface HostRunOptions {
  /** Left out without validation. */
  validation?: EarlyStopping | undefined;
  /** Epochs from one look at the clock to the next. Default 1. */
  epochsPerLook?: number;
}

/** Between two waits the loop holds the thread for about this long. */
const SLICE_MS = 50;

/** The epochs of one model on the host, in f64, whatever makes its updates: loops over the examples, or moments. */
export class HostRun implements Run {
  readonly #updates: Updates;
  readonly #validation: EarlyStopping | undefined;
  readonly #epochsPerLook: number;
  #settings: ModelSettings;
  #epoch: number;
  #parameters: Float64Array;
  /** The last parameters whose loss was finite, and the place for the next ones. */
  #before: Float64Array;
  #next: Float64Array;
  #quietEpochs: number;
  #lastLoss: number;
  /** Losses and points that were not read yet. */
  #losses: number[] = [];
  #path: PathState[] = [];
  #stopReason: RunResult['stopReason'] = null;
  #trainMs = 0;

  /** Parameters that are not learned are 0 in `from`. */
  constructor(
    updates: Updates,
    from: RunState,
    settings: ModelSettings,
    { validation, epochsPerLook = 1 }: HostRunOptions,
  ) {
    this.#updates = updates;
    this.#validation = validation;
    this.#epochsPerLook = epochsPerLook;
    this.#settings = settings;
    this.#epoch = from.epoch;
    this.#parameters = from.parameters.slice();
    this.#before = from.previous.slice();
    this.#next = from.parameters.slice();
    this.#quietEpochs = from.quietEpochs;
    this.#lastLoss = from.loss;
    if (this.#epoch === 0) this.#keepPoint();
  }

  async runEpochs(epochs: number, { signal, onProgress }: RunWatch): Promise<void> {
    const startMs = performance.now();
    const last = Math.min(this.#epoch + epochs, this.#settings.epochs);
    let sliceMs = startMs;
    let reportedEpoch = -1; // the epoch that was last told of
    let lossesTold = this.#losses.length;
    let validatedTold = this.#validation?.count ?? 0;
    const tell = () => {
      reportedEpoch = this.#epoch;
      const validated = this.#validation?.since(validatedTold) ?? new Float64Array(0);
      onProgress?.(reportedEpoch, this.#lastLoss, Float64Array.from(this.#losses.slice(lossesTold)), validated);
      lossesTold = this.#losses.length;
      validatedTold += validated.length;
    };
    let isWanted = !signal?.aborted;
    while (this.#epoch < last && this.#stopReason === null && isWanted) {
      this.#stopReason = this.#runEpoch();
      const isTimeToLook = this.#epoch % this.#epochsPerLook === 0 && this.#stopReason === null;
      if (isTimeToLook && performance.now() - sliceMs > SLICE_MS) {
        tell();
        await new Promise((resolve) => setTimeout(resolve, 0));
        sliceMs = performance.now();
        isWanted = !signal?.aborted;
      }
    }
    if (reportedEpoch !== this.#epoch) tell();
    this.#trainMs += performance.now() - startMs;
  }

  setRate(rate: Pick<ModelSettings, 'learningRate' | 'tolerance'>): void {
    this.#settings = { ...this.#settings, ...rate };
  }

  read(): Promise<RunResult> {
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
      optimizerState: this.#stopReason === 'diverged' ? [] : this.#updates.optimizerState(this.#parameters),
      best: this.#validation?.best,
      losses,
      validationLosses: this.#validation?.take() ?? new Float64Array(0),
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
  #runEpoch(): 'diverged' | 'plateau' | 'earlyStopping' | null {
    const { tolerance, patience } = this.#settings;
    const updates = this.#updates;
    let loss = 0;
    for (let k = 0; k < updates.perEpoch; k++) {
      const objective = updates.step(this.#parameters, this.#next, this.#settings);
      if (!Number.isFinite(objective)) return this.#diverged();
      loss += updates.share * objective;
      [this.#before, this.#parameters, this.#next] = [this.#parameters, this.#next, this.#before];
    }
    const lastLoss = this.#lastLoss;
    this.#lastLoss = loss;
    this.#losses.push(loss);
    this.#epoch += 1;
    // Without finite parameters no loss would be finite either, but the last epoch has none after it to find that out.
    const isQuiet = areFinite(this.#parameters) ? this.#isQuiet(lastLoss) : null;
    if (isQuiet === null) return this.#diverged();
    this.#keepPoint();
    if (updates.isDone) return 'plateau';
    if (tolerance === 0) return null;
    this.#quietEpochs = isQuiet ? this.#quietEpochs + 1 : 0;
    if (this.#quietEpochs < patience) return null;
    return this.#validation ? 'earlyStopping' : 'plateau';
  }

  /** The parameters that led here have no finite loss: those before them are the last that do. */
  #diverged(): 'diverged' {
    this.#parameters.set(this.#before);
    return 'diverged';
  }

  /**
   * True if the epoch did not improve the validation loss (or, without validation examples, the objective). null if the
   * validation loss is not finite.
   */
  #isQuiet(lastLoss: number): boolean | null {
    const settings = this.#settings;
    const [epoch, parameters] = [this.#epoch, this.#parameters];
    if (this.#validation) {
      return this.#validation.validate(
        { epoch, parameters, optimizerState: () => this.#updates.optimizerState(parameters) },
        settings,
      );
    }
    const fall = lastLoss - this.#lastLoss;
    // In the first epoch there is nothing to compare with, and no comparison with NaN holds.
    return (swings(settings.rule) ? Math.abs(fall) : fall) <= settings.tolerance * lastLoss;
  }
}

function areFinite(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
