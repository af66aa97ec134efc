import { resolveSettings } from './options/resolve.js';
import type { RunState, PathState, Run, RunReading } from './descent/backend.js';
import { type BeginningOptions, beginningOf } from './descent/start.js';
import type { Checkpoint } from './model/checkpoint.js';
import { DescentError } from './base/errors.js';
import { buildModel } from './fitting/build-model.js';
import { openFit, type OpenFit, progressCallback } from './fitting/open-fit.js';
import { type FitData } from './fitting/prepare-data.js';
import { type Earlier, NOTHING_EARLIER, type SavedFit } from './descent/saved-state.js';
import { chooseRate } from './descent/learning-rate.js';
import type { LinearModel } from './model/linear-model.js';
import { resultOf } from './descent/optimizers.js';
import { type FitOptions, type StepOptions, resolveOptions } from './fitting/fit-options.js';
import { type FitSettings, MOST_EPOCHS } from './options/specs.js';
import type { FitWarning, StopReason } from './descent/report.js';

/** The state of training after a step. Plain data. */
export interface FitStep {
  /** Epochs finished, those of all steps. */
  epoch: number;
  /** Loss before the last finished epoch's update; NaN before there is one. */
  loss: number;
  /** The losses of this step's epochs. */
  losses: number[];
  /** The validation losses after these epochs; empty without validation. */
  validationLosses: number[];
  /** The epoch with the lowest of all so far; null without validation. */
  bestEpoch: number | null;
  /** [d] in the units of the caller's features, after the last epoch. */
  weights: number[];
  bias: number;
  /** λ of this step. */
  learningRate: number;
  /** The λ over which descent diverges, as in the report. */
  learningRateLimit: number | null;
  /** Why this is the last step; null when there are more. */
  stopReason: StopReason | null;
}

/** The options of `reset`; everything else stays. */
export interface ResetOptions extends BeginningOptions {
  seed?: number;
}

/** An open fit and its run. */
interface Live {
  ready: OpenFit;
  run: Run;
  from: RunState;
  standing: RunState & { timings: RunReading['timings'] };
  earlier: Earlier;
  /** The losses of the epochs of this run. */
  losses: number[];
  validationLosses: number[];
  path: PathState[];
  stopReason: StopReason | null;
}

type StepResult = IteratorResult<FitStep, LinearModel | undefined>;

/**
 * Live training: the fit of `fit`, some epochs at a time, as an async iterator. It opens with the first step, trains only
 * while a step is asked for, and frees everything when the loop over it ends, whether by itself, by `break` or by an
 * error. Between steps the learning rate and the length of a step may change.
 *
 * Throws as `fit` does: for options at once, for data with the first step.
 *
 *     const steps = fitSteps(data, { epochsPerStep: 10 });
 *     for await (const { epoch, loss, weights, bias } of steps) {
 *       draw(epoch, loss, weights, bias);
 *       steps.learningRate = Number(slider.value); // from the next step on
 *       await new Promise(requestAnimationFrame);
 *     }
 *     const model = await steps.model();
 *
 * A page with buttons calls `next()` for a step, calls it again and again while it plays, `reset()` to start over on the
 * same data, and `return()` when it is done.
 */
export function fitSteps(data: FitData, options: StepOptions = {}): FitSteps {
  return new FitSteps(data, options, null);
}

/** Training that goes step by step. Calls wait for those before them. */
export class FitSteps implements AsyncIterable<FitStep>, AsyncIterator<FitStep, LinearModel | undefined> {
  readonly #data: FitData;
  readonly #saved: SavedFit | null;
  readonly #options: FitOptions;
  readonly #settings: FitSettings;
  #learningRate: FitSettings['learningRate'];
  #epochsPerStep = 1;
  #live: Live | undefined;
  #isClosed = false;
  /** The final model, once training is closed. */
  #result: LinearModel | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(data: FitData, { epochsPerStep = 1, ...options }: StepOptions, saved: SavedFit | null) {
    this.#data = data;
    this.#saved = saved;
    this.#options = options;
    this.#settings = resolveOptions(options);
    this.#learningRate = this.#settings.learningRate;
    this.epochsPerStep = epochsPerStep;
  }

  /**
   * λ from the next step on, as it was asked for; each step says which one it took. A schedule goes on from it, and a
   * function of the epoch is scaled to have it as its largest rate.
   */
  get learningRate(): FitSettings['learningRate'] {
    return this.#learningRate;
  }

  /**
   * Throws `INVALID_OPTION` for what is neither a number above 0 nor 'auto', and for conjugate gradient, which has no rate
   * of its own choice.
   */
  set learningRate(rate: FitSettings['learningRate']) {
    const { optimizer } = this.#settings;
    if (typeof rate === 'function') {
      throw new DescentError('INVALID_OPTION', {
        got: 'a function as the learningRate of the next step',
        expected: "a number above 0, or 'auto'",
        fix: 'Set a number before each step, or pass the function to fitSteps.',
        where: { option: 'learningRate' },
      });
    }
    this.#learningRate = resolveSettings({ optimizer, learningRate: rate }).learningRate;
  }

  /** Epochs from the next step on. */
  get epochsPerStep(): number {
    return this.#epochsPerStep;
  }

  /** Throws `INVALID_OPTION` for what is no whole number from 1 up. */
  set epochsPerStep(epochs: number) {
    if (!Number.isInteger(epochs) || epochs < 1 || epochs > MOST_EPOCHS) {
      throw new DescentError('INVALID_OPTION', {
        got: `epochsPerStep ${String(epochs)}`,
        expected: `a whole number from 1 to ${MOST_EPOCHS}`,
        fix: 'Leave it out for the default, 1.',
      });
    }
    this.#epochsPerStep = epochs;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** One step; after the last, the model, and everything is freed. */
  next(): Promise<StepResult> {
    return this.#inTurn(async () => {
      if (this.#isClosed) return { done: true, value: this.#result };
      const live = await this.#open();
      if (live.stopReason !== null) return this.#close();
      return { done: false, value: await this.#orClose(() => this.#advance(live)) };
    });
  }

  /** Ends it, and frees everything. The model of what was learned until then stays at hand. */
  return(): Promise<IteratorReturnResult<LinearModel | undefined>> {
    return this.#inTurn(() => Promise.resolve(this.#close()));
  }

  /** Ends it likewise, and rejects with what it is given. */
  async throw(reason?: unknown): Promise<StepResult> {
    await this.return();
    throw reason;
  }

  /**
   * The model as it stands, with a full report, before the first step and after the last as well. While there are epochs
   * left its `stopReason` is 'aborted'.
   */
  model(): Promise<LinearModel> {
    return this.#inTurn(async () => this.#result ?? modelNow(await this.#open()));
  }

  /** The state from which `resume` and `resumeSteps` continue, as plain data that JSON can hold. */
  async checkpoint(): Promise<Checkpoint> {
    return (await this.model()).checkpoint();
  }

  /**
   * Back to epoch 0 on the same data, which stay on the device: at the parameters that it began with, or at others. Rate
   * and length of a step stay as they are.
   *
   * Throws `DISPOSED` once it has ended.
   */
  reset(options: ResetOptions = {}): Promise<void> {
    return this.#inTurn(async () => {
      const live = await this.#open();
      const { ready } = live;
      const { seed } = resolveSettings({ seed: options.seed ?? this.#settings.seed });
      const isAsBefore = Object.values(options).every((value) => value === undefined);
      const beginning = beginningOf(ready.featureNames, { ...ready.settings, seed }, options);
      const from = isAsBefore ? ready.from : beginning((parameters) => ready.trainer.toTrainingUnits(parameters));
      const earlier = isAsBefore ? ready.earlier : NOTHING_EARLIER;
      await this.#orClose(async () => {
        live.run.dispose();
        this.#live = await startTraining(ready, from, earlier);
      });
    });
  }

  /** One call after the other. */
  #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(task);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Runs a task of training, and closes the training if the task fails, as a generator does. */
  async #orClose<Result>(task: () => Promise<Result>): Promise<Result> {
    try {
      return await task();
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  async #open(): Promise<Live> {
    if (this.#isClosed) {
      throw new DescentError('DISPOSED', {
        got: 'steps after their end',
        expected: 'steps that have not ended',
        fix: 'Start again with fitSteps().',
      });
    }
    if (this.#live) return this.#live;
    return this.#orClose(async () => {
      const ready = await openFit(this.#data, this.#options, this.#saved);
      this.#live = await startTraining(ready, ready.from, ready.earlier).catch((error: unknown) => {
        ready.dispose();
        throw error;
      });
      return this.#live;
    });
  }

  async #advance(live: Live): Promise<FitStep> {
    const { run } = live;
    const { signal, onProgress, onWarning } = this.#options;
    if (this.#learningRate !== live.ready.settings.learningRate) {
      live.ready = atRate(live.ready, this.#learningRate);
      for (const warning of live.ready.rateWarnings) onWarning?.(warning);
    }
    run.setRate(live.ready.rate);
    const { trainer, rate, rule, limit, settings } = live.ready;
    await run.runEpochs(this.#epochsPerStep, {
      signal,
      onProgress: progressCallback(onProgress, settings.epochs),
    });
    const { losses, validationLosses, path, stopReason, ...standing } = await run.read();
    live.standing = standing;
    for (const loss of losses) live.losses.push(loss);
    for (const loss of validationLosses) live.validationLosses.push(loss);
    live.path.push(...path);
    live.stopReason = stopReason ?? (signal?.aborted ? 'aborted' : null);
    const { weights, bias } = trainer.toCallerUnits(resultOf(standing, rule));
    return {
      epoch: standing.epoch,
      loss: standing.loss,
      losses: Array.from(losses),
      validationLosses: Array.from(validationLosses),
      bestEpoch: standing.best?.epoch ?? null,
      weights: Array.from(weights),
      bias,
      learningRate: rate.learningRate,
      learningRateLimit: limit,
      stopReason: live.stopReason,
    };
  }

  #close(): IteratorReturnResult<LinearModel | undefined> {
    this.#isClosed = true;
    const live = this.#live;
    this.#live = undefined;
    if (live) {
      this.#result = modelNow(live);
      live.run.dispose();
      live.ready.dispose();
    }
    return { done: true, value: this.#result };
  }
}

async function startTraining(ready: OpenFit, from: RunState, earlier: Earlier): Promise<Live> {
  const { trainer, settings, rate, rule } = ready;
  const run = await trainer.begin(from, { ...settings, ...rate, rule });
  try {
    const { path, stopReason, ...standing } = await run.read(); // the parameters as training holds them
    return { ready, run, from, standing, earlier, losses: [], validationLosses: [], path, stopReason };
  } catch (error) {
    run.dispose();
    throw error;
  }
}

/** The same at another rate. */
function atRate(ready: OpenFit, learningRate: FitSettings['learningRate']): OpenFit {
  if (typeof learningRate === 'function') return ready; // it is never set to one
  const settings = { ...ready.settings, learningRate };
  const rateWarnings: FitWarning[] = [];
  const { factors } = ready.rule;
  const { largestSquare } = ready.trainer;
  const rate = chooseRate({ ...settings, factors }, { limit: ready.limit, largestSquare }, rateWarnings);
  return { ...ready, settings, rate, rateWarnings };
}

function modelNow({ ready, from, standing, earlier, losses, validationLosses, path, stopReason }: Live): LinearModel {
  const lossHistory = Float64Array.from(losses);
  const validationHistory = Float64Array.from(validationLosses);
  const result = { ...standing, lossHistory, validationHistory, path, stopReason: stopReason ?? 'aborted' };
  return buildModel({ ...ready, from, earlier }, result);
}
