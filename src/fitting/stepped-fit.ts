import type { PathState, Run, RunResult } from '../descent/backend.js';
import { withEnd } from '../descent/run.js';
import { isLeftOut } from '../base/require-object.js';
import { chooseRate } from '../descent/learning-rate.js';
import { resultOf } from '../descent/optimizers.js';
import type { FitWarning, StopReason } from '../descent/report.js';
import { type BeginningOptions, beginningOf, scaledState } from '../descent/start.js';
import type { Checkpoint } from '../model/checkpoint.js';
import { resolveSettings } from '../options/resolve.js';
import type { FitSettings } from '../options/specs.js';
import { buildModel } from './build-model.js';
import type { FitOptions } from './fit-options.js';
import { isDescent } from '../options/choose-optimizer.js';
import { openFit, type OpenFit, progressCallback } from './open-fit.js';
import { requireFinite } from './require-finite.js';
import { type FitRequest, isGone, reopened, requireOwnDevice, untilHeld } from './recovery.js';
import type { FitData } from './prepare-data.js';
import type { FittedModel } from '../model/fitted-model.js';

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
  /** The bias, in the units of the caller. */
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
  /** Seed of the random initial parameters. Default: that of the fit. */
  seed?: number;
}

/** An open fit that trains some epochs at a time. Its data stay on the device until it is disposed of. */
export class SteppedFit {
  /** Why training is over; null while it may go on. */
  stopReason: StopReason | null = null;
  readonly #request: FitRequest;
  #opened: OpenFit;
  readonly #options: FitOptions;
  /** The fit from where it last began, at the learning rate in force. */
  #fit: OpenFit;
  #run: Run;
  /** The latest state, with the losses and the path of its last step. */
  #latest: RunResult;
  /** The losses and the path of all epochs of the run. */
  #losses: number[] = [];
  #validationLosses: number[] = [];
  #path: PathState[];

  private constructor(request: FitRequest, { fit, run, latest }: StartedFit) {
    this.#request = request;
    this.#opened = fit;
    this.#options = request.options;
    this.#fit = fit;
    this.#run = run;
    this.#latest = latest;
    this.#path = [...latest.path];
    this.stopReason = latest.stopReason;
  }

  /** Opens a fit, at its first epoch or at that of a checkpoint. */
  static async open(data: FitData, options: FitOptions, checkpoint: Checkpoint | null): Promise<SteppedFit> {
    if (options.recover) requireOwnDevice(options);
    const request = { data, options, checkpoint };
    const start = () => openAndStart(request);
    const nothing = () => Promise.resolve(); // each opening asks for a device
    return new SteppedFit(request, await (options.recover ? untilHeld(start, nothing, options.signal) : start()));
  }

  /** λ as it is asked for. */
  get learningRate(): FitSettings['learningRate'] {
    return this.#fit.settings.learningRate;
  }

  /** Trains for up to `epochs` more epochs at this learning rate. */
  step(epochs: number, learningRate: FitSettings['learningRate']): Promise<FitStep> {
    return this.#unlessLost(() => this.#step(epochs, learningRate));
  }

  async #step(epochs: number, learningRate: FitSettings['learningRate']): Promise<FitStep> {
    const { signal, onProgress, onWarning } = this.#options;
    if (learningRate !== this.#fit.settings.learningRate) {
      this.#fit = atRate(this.#fit, learningRate);
      for (const warning of this.#fit.rateWarnings) onWarning?.(warning);
    }
    const { trainer, rate, rule, limit, settings } = this.#fit;
    this.#run.setRate(rate);
    await this.#run.runEpochs(epochs, { signal, onProgress: progressCallback(onProgress, settings.epochs) });
    const latest = await this.#run.read();
    this.#latest = latest;
    for (const loss of latest.losses) this.#losses.push(loss);
    for (const loss of latest.validationLosses) this.#validationLosses.push(loss);
    this.#path.push(...latest.path);
    this.stopReason = latest.stopReason ?? (signal?.aborted ? 'aborted' : null);
    // Whether a plateau is the optimum, the gradient decides.
    if (this.stopReason === 'plateau') this.stopReason = (await this.model()).report.stopReason;
    const { weights, bias } = requireFinite(trainer.toCallerUnits(resultOf(latest, rule)), this.#fit.featureNames);
    return {
      epoch: latest.epoch,
      loss: latest.loss,
      losses: Array.from(latest.losses),
      validationLosses: Array.from(latest.validationLosses),
      bestEpoch: latest.best?.epoch ?? null,
      weights: Array.from(weights),
      bias,
      learningRate: rate.learningRate,
      learningRateLimit: limit,
      stopReason: this.stopReason,
    };
  }

  /** The warnings that were told before the end. */
  get warningsBefore(): readonly FitWarning[] {
    return [...this.#fit.warnings, ...this.#fit.rateWarnings];
  }

  /** The fit as it first began, or from other parameters where the options say so. The learning rate stays as it is. */
  startOf(options: ResetOptions): OpenFit {
    const { featureNames, settings, trainer } = this.#fit;
    if (Object.values(options).every(isLeftOut)) {
      const { from, initial, earlier } = this.#opened;
      return { ...this.#fit, from, initial, earlier };
    }
    const { seed } = resolveSettings({ seed: options.seed ?? settings.seed });
    const beginning = beginningOf(featureNames, { ...settings, seed }, options);
    const first = beginning((parameters) => trainer.toTrainingUnits(parameters));
    const isRandom = !options.initialParameters && !options.warmStart;
    const from = isRandom ? scaledState(first, this.#fit.startScale) : first;
    return { ...this.#fit, from, initial: from.parameters, earlier: null };
  }

  /** Begins again with a result of `startOf`. */
  async restart(start: OpenFit): Promise<void> {
    this.#run.dispose();
    const { run, latest } = await startRun(start);
    this.#fit = start;
    this.#run = run;
    this.#beginWith(latest);
  }

  /** The model of the latest state. `isWhole`: false if the trainer failed, so that it can evaluate nothing any more. */
  model(isWhole = true): Promise<FittedModel> {
    return isWhole ? this.#unlessLost(() => this.#model(true)) : this.#model(false);
  }

  async #model(isWhole: boolean): Promise<FittedModel> {
    const run = {
      ...this.#latest,
      losses: Float64Array.from(this.#losses),
      validationLosses: Float64Array.from(this.#validationLosses),
      path: this.#path,
    };
    try {
      return await buildModel(this.#fit, run, isWhole);
    } catch (error) {
      if (!isGone(error) || this.#options.recover) throw error;
      return buildModel(this.#fit, run, false);
    }
  }

  dispose(): void {
    this.#run.dispose();
    this.#opened.dispose();
  }

  /** Does a task; with `recover` once more on another device, if this one is lost. */
  #unlessLost<Result>(task: () => Promise<Result>): Promise<Result> {
    const { recover, signal } = this.#options;
    return recover ? untilHeld(task, () => this.#recover(), signal) : task();
  }

  /** Goes on from the latest state on another device. A solver, which has more to it than that, begins again. */
  async #recover(): Promise<void> {
    this.dispose();
    const { from, initial, earlier } = this.#opened;
    const fit = await reopened(this.#request, this.#fit);
    const canGoOn = isDescent(fit.settings) && this.#latest.epoch > fit.from.epoch;
    try {
      const { run, latest } = await startRun(canGoOn ? { ...fit, from: this.#latest } : fit);
      this.#opened = { ...fit, from, initial, earlier };
      this.#fit = fit;
      this.#run = run;
      if (!canGoOn) this.#beginWith(latest);
    } catch (error) {
      fit.dispose();
      throw error;
    }
    const warning = fit.warnings.at(-1);
    if (warning) this.#options.onWarning?.(warning);
  }

  /** Takes the state of a run that has just begun. */
  #beginWith(latest: RunResult): void {
    this.#latest = latest;
    this.#losses = [];
    this.#validationLosses = [];
    this.#path = [...latest.path];
    this.stopReason = latest.stopReason;
  }
}

/** A fit with its run, and the state in which it begins. */
interface StartedFit {
  fit: OpenFit;
  run: Run;
  latest: RunResult;
}

async function openAndStart({ data, options, checkpoint }: FitRequest): Promise<StartedFit> {
  const fit = await openFit(data, options, checkpoint);
  try {
    return { fit, ...(await startRun(fit)) };
  } catch (error) {
    fit.dispose();
    throw error;
  }
}

/** The run of an open fit, and the parameters as training holds them. */
async function startRun({ trainer, from, settings, rate, rule }: OpenFit): Promise<{ run: Run; latest: RunResult }> {
  const run = await trainer.begin(from, { ...settings, ...rate, rule });
  try {
    return { run, latest: withEnd(await run.read(), from) };
  } catch (error) {
    run.dispose();
    throw error;
  }
}

/** The same fit at another learning rate. */
function atRate(fit: OpenFit, learningRate: FitSettings['learningRate']): OpenFit {
  if (typeof learningRate === 'function') return fit; // it is never set to one
  const settings = { ...fit.settings, learningRate };
  const { factors } = fit.rule;
  const { largestSquare } = fit.trainer;
  const { rate, warnings } = chooseRate({ ...settings, factors }, { limit: fit.limit, largestSquare });
  return { ...fit, settings, rate, rateWarnings: warnings };
}
