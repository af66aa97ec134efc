import type { DescentState, ModelSettings, PathState, Run, RunWatch, Standing } from '../backend.js';
import { swings } from '../optimizers.js';
import type { Judge } from '../reference/judge.js';
import { type Advance, advanceBy } from './advance.js';
import type { SquaredLoss } from './squared-loss.js';

/** Between two waits the loop holds the thread for about this long. */
const SLICE_MS = 50;

/** Between two looks at the clock lie about this many multiply-adds: a tenth of a millisecond, which hides the look. */
const WORK_PER_LOOK = 250_000;

/** Losses that there is room for at first; the room doubles when it is full. */
const FIRST_ROOM = 1024;

/** Descent of one model on moments alone: d² multiply-adds an epoch, in f64, and nothing allocated in most. */
export class MomentsRun implements Run {
  readonly #loss: SquaredLoss;
  #settings: ModelSettings;
  #epoch: number;
  #parameters: Float64Array;
  /** The last parameters whose loss was finite, and the place for the next ones. */
  #before: Float64Array;
  readonly #advance: Advance;
  readonly #judge: Judge | undefined;
  #quietEpochs: number;
  #lastLoss: number;
  #losses = new Float64Array(FIRST_ROOM);
  /** Losses that were not read yet. */
  #lossCount = 0;
  #path: PathState[] = [];
  #stopReason: Standing['stopReason'] = null;
  #trainMs = 0;

  /** `judge` is there where examples are held out. */
  constructor(
    loss: SquaredLoss,
    constantFeatures: readonly number[],
    from: DescentState,
    settings: ModelSettings,
    judge: Judge | undefined,
  ) {
    this.#judge = judge;
    this.#loss = loss;
    this.#settings = settings;
    this.#epoch = from.epoch;
    this.#parameters = from.parameters.slice();
    this.#before = from.previous.slice();
    for (const j of constantFeatures) {
      this.#parameters[j] = 0;
      this.#before[j] = 0;
    }
    this.#advance = advanceBy(loss, from, settings);
    this.#quietEpochs = from.quietEpochs;
    this.#lastLoss = from.loss;
    if (this.#epoch === 0) this.#keepPoint();
  }

  async advance(epochs: number, { signal, onProgress }: RunWatch): Promise<void> {
    const startMs = performance.now();
    const last = Math.min(this.#epoch + epochs, this.#settings.epochs);
    const epochsPerLook = Math.ceil(WORK_PER_LOOK / (this.#loss.featureCount + 1) ** 2);
    let sliceMs = startMs;
    let told = -1; // the epoch that was last told of
    let lossesTold = this.#lossCount;
    let judgedTold = this.#judge?.count ?? 0;
    const tell = () => {
      told = this.#epoch;
      const judged = this.#judge?.since(judgedTold) ?? new Float64Array(0);
      onProgress?.(told, this.#lastLoss, this.#losses.slice(lossesTold, this.#lossCount), judged);
      lossesTold = this.#lossCount;
      judgedTold += judged.length;
    };
    let isWanted = !signal?.aborted;
    while (this.#epoch < last && this.#stopReason === null && isWanted) {
      this.#stopReason = this.#descendOnce();
      const isTimeToLook = this.#epoch % epochsPerLook === 0 && this.#stopReason === null;
      if (isTimeToLook && performance.now() - sliceMs > SLICE_MS) {
        tell();
        await new Promise((resolve) => setTimeout(resolve, 0));
        sliceMs = performance.now();
        isWanted = !signal?.aborted;
      }
    }
    if (told !== this.#epoch) tell();
    this.#trainMs += performance.now() - startMs;
  }

  setRate(rate: Pick<ModelSettings, 'learningRate' | 'tolerance'>): void {
    this.#settings = { ...this.#settings, ...rate };
  }

  read(): Promise<Standing> {
    const losses = this.#losses.slice(0, this.#lossCount);
    this.#lossCount = 0;
    const path = this.#path;
    this.#path = [];
    return Promise.resolve({
      epoch: this.#epoch,
      parameters: this.#parameters.slice(),
      previous: this.#before.slice(),
      quietEpochs: this.#quietEpochs,
      loss: this.#lastLoss,
      memory: this.#stopReason === 'diverged' ? [] : this.#advance.memory(this.#parameters),
      best: this.#judge?.best,
      losses,
      validationLosses: this.#judge?.take() ?? new Float64Array(0),
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
  #descendOnce(): 'diverged' | 'converged' | 'earlyStopping' | null {
    const settings = this.#settings;
    const loss = this.#advance.step(this.#parameters, this.#before, settings);
    if (!Number.isFinite(loss)) {
      this.#parameters.set(this.#before);
      return 'diverged';
    }
    [this.#parameters, this.#before] = [this.#before, this.#parameters];
    this.#keep(loss);
    this.#epoch += 1;
    const lastLoss = this.#lastLoss;
    this.#lastLoss = loss;
    // Without finite parameters no loss would be finite either, but the last epoch has none after it to find that out.
    const isQuiet = areFinite(this.#parameters) ? this.#isQuiet(lastLoss) : null;
    if (isQuiet === null) {
      this.#parameters.set(this.#before);
      return 'diverged';
    }
    this.#keepPoint();
    if (this.#advance.isDone) return 'converged';
    this.#quietEpochs = isQuiet && settings.tolerance > 0 ? this.#quietEpochs + 1 : 0;
    if (this.#quietEpochs < settings.patience) return null;
    return this.#judge ? 'earlyStopping' : 'converged';
  }

  /** As of the reference's run (src/reference/run.ts). */
  #isQuiet(lastLoss: number): boolean | null {
    const settings = this.#settings;
    const [epoch, parameters] = [this.#epoch, this.#parameters];
    if (this.#judge) {
      return this.#judge.judge({ epoch, parameters, memory: () => this.#advance.memory(parameters) }, settings);
    }
    const fall = lastLoss - this.#lastLoss;
    return (swings(settings.rule) ? Math.abs(fall) : fall) <= settings.tolerance * lastLoss;
  }

  #keep(loss: number): void {
    if (this.#lossCount === this.#losses.length) {
      const roomier = new Float64Array(2 * this.#losses.length);
      roomier.set(this.#losses);
      this.#losses = roomier;
    }
    this.#losses[this.#lossCount++] = loss;
  }
}

function areFinite(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
