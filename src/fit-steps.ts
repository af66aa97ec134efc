import { ASYNC_DISPOSE } from './base/dispose.js';
import { anyText } from './base/quote.js';
import { requireOptions } from './base/check-names.js';
import { DescentError } from './base/errors.js';
import { withoutLeftOut } from './base/require-object.js';
import { type FitOptions, resolveOptions, type StepOptions } from './fitting/fit-options.js';
import type { FitData } from './fitting/prepare-data.js';
import { type FitStep, type ResetOptions, SteppedFit } from './fitting/stepped-fit.js';
import type { Checkpoint } from './model/checkpoint.js';
import { isDescent } from './options/choose-optimizer.js';
import { resolveSettings } from './options/resolve.js';
import { type FitSettings, MOST_EPOCHS } from './options/specs.js';
import type { FittedModel } from './model/fitted-model.js';

type StepResult = IteratorResult<FitStep, FittedModel | undefined>;

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
export class FitSteps implements AsyncIterable<FitStep>, AsyncIterator<FitStep, FittedModel | undefined> {
  readonly #data: FitData;
  readonly #checkpoint: Checkpoint | null;
  readonly #options: FitOptions;
  readonly #settings: FitSettings;
  #learningRate: FitSettings['learningRate'];
  #epochsPerStep = 1;
  #training: SteppedFit | undefined;
  #isClosed = false;
  /** The final model, once training is closed. */
  #result: FittedModel | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(data: FitData, given: StepOptions, checkpoint: Checkpoint | null) {
    requireOptions(given);
    const { epochsPerStep = 1, ...options } = withoutLeftOut(given);
    this.#data = data;
    this.#checkpoint = checkpoint;
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
   * Throws `INVALID_OPTION` for what is neither a number above 0 nor 'auto', and for a number with conjugate gradient or a
   * solver, which choose the lengths of their steps themselves.
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
    if (rate !== 'auto' && !isDescent(this.#settings)) {
      throw new DescentError('INVALID_OPTION', {
        got: `learningRate ${anyText(rate)} with optimizer '${optimizer}'`,
        expected: "'auto', because a solver chooses the length of each step itself",
        fix: "Start the steps with optimizer 'gradientDescent'.",
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
        got: `epochsPerStep ${anyText(epochs)}`,
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
      const training = await this.#open();
      if (training.stopReason !== null) return this.#close();
      const step = () => training.step(this.#epochsPerStep, this.#learningRate);
      return { done: false, value: await this.#orClose(step) };
    });
  }

  /** Ends it, and frees everything. The model of what was learned until then stays at hand. */
  return(): Promise<IteratorReturnResult<FittedModel | undefined>> {
    return this.#inTurn(() => this.#close());
  }

  /** For `await using steps = fitSteps(…)`. */
  async [ASYNC_DISPOSE](): Promise<void> {
    await this.return();
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
  model(): Promise<FittedModel> {
    return this.#inTurn(async () => this.#result ?? (await this.#open()).model());
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
      const training = await this.#open();
      const start = training.startOf(options);
      await this.#orClose(() => training.restart(start));
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
      await this.#close(false);
      throw error;
    }
  }

  async #open(): Promise<SteppedFit> {
    if (this.#isClosed) {
      throw new DescentError('DISPOSED', {
        got: 'steps after their end',
        expected: 'steps that have not ended',
        fix: 'Start again with fitSteps().',
      });
    }
    if (this.#training) return this.#training;
    return this.#orClose(async () => {
      this.#training = await SteppedFit.open(this.#data, this.#options, this.#checkpoint);
      return this.#training;
    });
  }

  /** Tells the warnings that only the end shows, as `fit` does. */
  #tellLate({ warningsBefore }: SteppedFit): void {
    const late = this.#result?.report.warnings.filter((warning) => !warningsBefore.includes(warning)) ?? [];
    for (const warning of late) this.#options.onWarning?.(warning);
  }

  /** `isWhole`: false after an error, when the trainer can no longer say how near to the optimum the model is. */
  async #close(isWhole = true): Promise<IteratorReturnResult<FittedModel | undefined>> {
    this.#isClosed = true;
    const training = this.#training;
    this.#training = undefined;
    if (training) {
      try {
        this.#result = await training.model(isWhole);
        if (training.stopReason !== null) this.#tellLate(training);
      } finally {
        training.dispose();
      }
    }
    return { done: true, value: this.#result };
  }
}
