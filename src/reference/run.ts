import type { DescentState, ModelSettings, PathState, Run, RunWatch, Standing } from '../backend.js';
import { swings } from '../optimizers.js';
import { type Advance, advanceBy, type Examples } from './advance.js';
import type { Judge } from './judge.js';

/** Between two waits the loop holds the thread for about this long. */
const SLICE_MS = 50;

/** Descent of one model by plain loops over the examples that it sees. */
export class ReferenceRun implements Run {
  readonly #advance: Advance;
  readonly #judge: Judge | undefined;
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

  /** `learned` puts 0 in the place of what is not learned; `judge` is there where examples are held out. */
  constructor(
    examples: Examples,
    learned: (parameters: Float64Array) => Float64Array,
    from: DescentState,
    settings: ModelSettings,
    judge: Judge | undefined,
  ) {
    const factors = learned(new Float64Array(from.parameters.length).fill(1));
    this.#advance = advanceBy(examples, factors, from, settings);
    this.#judge = judge;
    this.#settings = settings;
    this.#epoch = from.epoch;
    this.#parameters = learned(from.parameters);
    this.#before = learned(from.previous);
    this.#quietEpochs = from.quietEpochs;
    this.#lastLoss = from.loss;
    if (this.#epoch === 0) this.#keepPoint();
  }

  async advance(epochs: number, { signal, onProgress }: RunWatch): Promise<void> {
    const startMs = performance.now();
    const last = Math.min(this.#epoch + epochs, this.#settings.epochs);
    let sliceMs = startMs;
    let told = -1; // the epoch that was last told of
    let lossesTold = this.#losses.length;
    let judgedTold = this.#judge?.count ?? 0;
    const tell = () => {
      told = this.#epoch;
      const judged = this.#judge?.since(judgedTold) ?? new Float64Array(0);
      onProgress?.(told, this.#lastLoss, Float64Array.from(this.#losses.slice(lossesTold)), judged);
      lossesTold = this.#losses.length;
      judgedTold += judged.length;
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
    let loss = 0;
    for (let k = 0; k < this.#advance.perEpoch; k++) {
      const previous = this.#parameters.slice();
      const objective = this.#advance.step(this.#parameters, settings);
      if (!Number.isFinite(objective)) {
        // The parameters that led here have no finite loss: those before them are the last that do.
        this.#parameters.set(this.#before);
        return 'diverged';
      }
      loss += this.#advance.share * objective;
      this.#before = previous;
    }
    const lastLoss = this.#lastLoss;
    this.#lastLoss = loss;
    this.#losses.push(loss);
    this.#epoch += 1;
    // Without finite parameters no loss would be finite either, but the last epoch has none after it to find that out.
    const isQuiet = this.#parameters.every(Number.isFinite) ? this.#isQuiet(lastLoss) : null;
    if (isQuiet === null) {
      this.#parameters.set(this.#before);
      return 'diverged';
    }
    this.#keepPoint();
    if (this.#advance.isDone) return 'converged';
    if (settings.tolerance === 0) return null;
    this.#quietEpochs = isQuiet ? this.#quietEpochs + 1 : 0;
    if (this.#quietEpochs < settings.patience) return null;
    return this.#judge ? 'earlyStopping' : 'converged';
  }

  /**
   * Whether the epoch brought next to nothing: to the held-out examples, or, where there are none, to the objective. null
   * where the loss of the held-out examples is no finite number.
   */
  #isQuiet(lastLoss: number): boolean | null {
    const settings = this.#settings;
    const [epoch, parameters] = [this.#epoch, this.#parameters];
    if (this.#judge) {
      return this.#judge.judge({ epoch, parameters, memory: () => this.#advance.memory(parameters) }, settings);
    }
    const fall = lastLoss - this.#lastLoss;
    // In the first epoch there is nothing to compare with, and no comparison with NaN holds.
    return (swings(settings.rule) ? Math.abs(fall) : fall) <= settings.tolerance * lastLoss;
  }
}
