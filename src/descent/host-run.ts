import type { RunState, ModelSettings, PathState, Run, RunWatch, RunResult } from './backend.js';
import { goOn, type Soon } from '../base/soon.js';
import { isTurnOver, nextTurn } from '../base/turns.js';
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
   * One update, from parameters [d + 1] to the next ones, which it writes. Returns the objective, at once or, where other
   * threads compute it, later; what it has written where that is not finite is of no use.
   */
  step(parameters: Float64Array, next: Float64Array, settings: ModelSettings): Soon<number>;
  /** The optimizer state, in the order of `RunState.optimizerState`, at these parameters. */
  optimizerState(parameters: Float64Array): Float64Array[];
}

export interface HostRunOptions {
  /** The loss under which all is rounding: an epoch between two such losses improves nothing. Default 0. */
  roundingLoss?: number;
  /** Left out without validation. */
  validation?: EarlyStopping | undefined;
  /** Updates from one look at the clock to the next. Default 1. */
  updatesPerLook?: number;
}

/** The state after the last epoch, to which an abort within the next one goes back. */
interface EpochStart {
  parameters: Float64Array;
  before: Float64Array;
  optimizerState: Float64Array[];
}

/** The reason for the end of a run, or null. */
type Ended = 'diverged' | 'plateau' | 'earlyStopping' | null;

/** The epochs of one model on the host, in f64, whatever makes its updates: loops over the examples, or moments. */
export class HostRun implements Run {
  readonly #updates: Updates;
  readonly #validation: EarlyStopping | undefined;
  readonly #updatesPerLook: number;
  /** Updates since the last look at the clock. */
  #unseen = 0;
  readonly #roundingLoss: number;
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
  #signal: AbortSignal | undefined;
  /** Left out where an epoch is one update, which nothing interrupts. */
  #epochStart: EpochStart | undefined;
  /** True after an abort within an epoch: what follows from the state that was taken back is not known any more. */
  #isTakenBack = false;

  /** Parameters that are not learned are 0 in `from`. */
  constructor(
    updates: Updates,
    from: RunState,
    settings: ModelSettings,
    { validation, updatesPerLook = 1, roundingLoss = 0 }: HostRunOptions,
  ) {
    this.#updates = updates;
    this.#validation = validation;
    this.#updatesPerLook = updatesPerLook;
    this.#roundingLoss = roundingLoss;
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
    this.#signal = signal;
    let isWanted = !signal?.aborted && !this.#isTakenBack;
    while (this.#epoch < last && this.#stopReason === null && isWanted) {
      this.#keepStart();
      const ended = this.#runEpoch(0, 0);
      this.#stopReason = ended instanceof Promise ? await ended : ended;
      if (this.#stopReason === null && this.#isTimeForOthers()) {
        tell();
        await nextTurn();
        isWanted = !signal?.aborted;
      }
      isWanted &&= !this.#isTakenBack;
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
      optimizerState: this.#optimizerState,
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

  get #optimizerState(): Float64Array[] {
    if (this.#stopReason === 'diverged') return [];
    if (this.#isTakenBack) return this.#epochStart?.optimizerState ?? [];
    return this.#updates.optimizerState(this.#parameters);
  }

  #keepStart(): void {
    if (this.#updates.perEpoch === 1) return;
    this.#epochStart = {
      parameters: this.#parameters.slice(),
      before: this.#before.slice(),
      optimizerState: this.#updates.optimizerState(this.#parameters).map((values) => values.slice()),
    };
  }

  /** Goes back to the state after the last epoch. */
  #takeBack(): null {
    const { parameters, before } = this.#epochStart as EpochStart;
    this.#parameters.set(parameters);
    this.#before.set(before);
    this.#isTakenBack = true;
    return null;
  }

  #keepPoint(): void {
    const { pathEvery } = this.#settings;
    if (!pathEvery || this.#epoch % pathEvery !== 0) return;
    this.#path.push({ epoch: this.#epoch, parameters: this.#parameters.slice() });
  }

  /**
   * The updates of an epoch from the given one on, after some of this loss; returns the reason if it was the last epoch for
   * another reason than their number. In between others may have a turn, and objectives may come later.
   */
  #runEpoch(update: number, loss: number): Soon<Ended> {
    const updates = this.#updates;
    let sum = loss;
    for (let k = update; k < updates.perEpoch; k++) {
      if (k > update && this.#isTimeForOthers()) {
        return nextTurn().then(() => (this.#signal?.aborted ? this.#takeBack() : this.#runEpoch(k, sum)));
      }
      const objective = updates.step(this.#parameters, this.#next, this.#settings);
      if (typeof objective !== 'number') {
        return objective.then((value) =>
          this.#take(value) ? this.#runEpoch(k + 1, sum + updates.share * value) : this.#diverged(),
        );
      }
      if (!this.#take(objective)) return this.#diverged();
      sum += updates.share * objective;
    }
    return this.#endEpoch(sum);
  }

  /** Goes on to the parameters of an update, unless its objective is not finite. */
  #take(objective: number): boolean {
    if (!Number.isFinite(objective)) return false;
    [this.#before, this.#parameters, this.#next] = [this.#parameters, this.#next, this.#before];
    return true;
  }

  #isTimeForOthers(): boolean {
    if (++this.#unseen < this.#updatesPerLook) return false;
    this.#unseen = 0;
    return isTurnOver();
  }

  #endEpoch(loss: number): Soon<Ended> {
    const lastLoss = this.#lastLoss;
    this.#lastLoss = loss;
    this.#losses.push(loss);
    this.#epoch += 1;
    // Without finite parameters no loss would be finite either, but the last epoch has none after it to find that out.
    const isQuiet = areFinite(this.#parameters) ? this.#isQuiet(lastLoss) : null;
    return goOn(isQuiet, (quiet) => this.#reasonToEnd(quiet));
  }

  #reasonToEnd(isQuiet: boolean | null): Ended {
    const { tolerance, patience } = this.#settings;
    if (isQuiet === null) return this.#diverged();
    this.#keepPoint();
    if (this.#updates.isDone) return 'plateau';
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
  #isQuiet(lastLoss: number): Soon<boolean | null> {
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
    if (Math.max(lastLoss, this.#lastLoss) <= this.#roundingLoss) return true;
    return (swings(settings.rule) ? Math.abs(fall) : fall) <= settings.tolerance * lastLoss;
  }
}

function areFinite(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
