import { DescentError } from '../base/errors.js';
import type { PathState, Run, RunResult } from '../descent/backend.js';
import { chooseRate } from '../descent/learning-rate.js';
import { resultOf } from '../descent/optimizers.js';
import type { FitWarning, StopReason } from '../descent/report.js';
import { type BeginningOptions, beginningOf, scaledState } from '../descent/start.js';
import type { Checkpoint } from '../model/checkpoint.js';
import type { LinearModel } from '../model/linear-model.js';
import { resolveSettings } from '../options/resolve.js';
import type { FitSettings } from '../options/specs.js';
import { buildModel } from './build-model.js';
import type { FitOptions } from './fit-options.js';
import { openFit, type OpenFit, progressCallback } from './open-fit.js';
import type { FitData } from './prepare-data.js';

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

/** An open fit that trains some epochs at a time. Its data stay on the device until it is disposed of. */
export class SteppedFit {
  /** Why training is over; null while it may go on. */
  stopReason: StopReason | null = null;
  readonly #opened: OpenFit;
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

  private constructor(fit: OpenFit, options: FitOptions, run: Run, latest: RunResult) {
    this.#opened = fit;
    this.#options = options;
    this.#fit = fit;
    this.#run = run;
    this.#latest = latest;
    this.#path = [...latest.path];
    this.stopReason = latest.stopReason;
  }

  /** Opens a fit, at its first epoch or at that of a checkpoint. */
  static async open(data: FitData, options: FitOptions, checkpoint: Checkpoint | null): Promise<SteppedFit> {
    const fit = await openFit(data, options, checkpoint);
    try {
      const { run, latest } = await startRun(fit);
      return new SteppedFit(fit, options, run, latest);
    } catch (error) {
      fit.dispose();
      throw error;
    }
  }

  /** Trains for up to `epochs` more epochs at this learning rate. */
  async step(epochs: number, learningRate: FitSettings['learningRate']): Promise<FitStep> {
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
    if (this.stopReason === 'plateau') this.stopReason = (await this.model()).report?.stopReason ?? this.stopReason;
    const { weights, bias } = trainer.toCallerUnits(resultOf(latest, rule));
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
    if (Object.values(options).every((value) => value === undefined)) {
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
    this.#latest = latest;
    this.#losses = [];
    this.#validationLosses = [];
    this.#path = [...latest.path];
    this.stopReason = latest.stopReason;
  }

  /** The model of the latest state. `isWhole`: false if the trainer failed, so that it can evaluate nothing any more. */
  async model(isWhole = true): Promise<LinearModel> {
    const run = {
      ...this.#latest,
      losses: Float64Array.from(this.#losses),
      validationLosses: Float64Array.from(this.#validationLosses),
      path: this.#path,
    };
    try {
      return await buildModel(this.#fit, run, isWhole);
    } catch (error) {
      if (!isGone(error)) throw error;
      return buildModel(this.#fit, run, false);
    }
  }

  dispose(): void {
    this.#run.dispose();
    this.#opened.dispose();
  }
}

/** True for the errors of a device that is lost or disposed of between two steps: the state, on the host, outlives it. */
function isGone(error: unknown): boolean {
  return error instanceof DescentError && (error.code === 'DEVICE_LOST' || error.code === 'DISPOSED');
}

/** The run of an open fit, and the parameters as training holds them. */
async function startRun({ trainer, from, settings, rate, rule }: OpenFit): Promise<{ run: Run; latest: RunResult }> {
  const run = await trainer.begin(from, { ...settings, ...rate, rule });
  try {
    return { run, latest: await run.read() };
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
