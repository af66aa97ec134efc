/** The shape of a run: dispatches per round, updates per epoch, dispatches of a validation pass. */
export interface ScheduleShape {
  /** Dispatches of a round, and the updates that it makes; with validation, the last round of an epoch may make fewer. */
  roundSteps: number;
  updatesPerRound: number;
  updatesPerEpoch: number;
  /** Dispatches of the validation pass after the last update of an epoch; 0 without validation. */
  endSteps: number;
  /** True if the last round of an epoch ends with it without validation, too. Default false. */
  endsWithEpoch?: boolean;
}

/** The position of a dispatch in a run. */
export interface ScheduledStep {
  /** The first update of its round, or, for a dispatch of validation, the last of its epoch; counted from epoch 0. */
  update: number;
  isAtEnd: boolean;
  /** Index of the dispatch within its round, or within the end of its epoch. */
  step: number;
}

/**
 * The order of the dispatches of a run: rounds of updates, and, with validation, a validation pass after the last round of
 * each epoch. Without validation, a round continues from one epoch into the next.
 */
export class DispatchOrder {
  readonly #shape: ScheduleShape;
  /** The part of a run that repeats: the rounds of an epoch and its end, or a single round. */
  readonly #rounds: number;
  readonly #updates: number;
  readonly #steps: number;
  /** The first update of the repetition that has begun, and the number of its dispatches that are done. */
  readonly #first: number;
  readonly #done: number;

  /** Starts at this update, which must be the first of a round. */
  constructor(shape: ScheduleShape, update: number) {
    const { roundSteps, updatesPerRound, updatesPerEpoch, endSteps, endsWithEpoch = false } = shape;
    const isWhole = endSteps > 0 || endsWithEpoch;
    this.#shape = shape;
    this.#rounds = isWhole ? Math.ceil(updatesPerEpoch / updatesPerRound) : 1;
    this.#updates = isWhole ? updatesPerEpoch : updatesPerRound;
    this.#steps = this.#rounds * roundSteps + endSteps;
    const updatesDone = isWhole ? update % updatesPerEpoch : 0;
    this.#first = update - updatesDone;
    this.#done = (updatesDone / updatesPerRound) * roundSteps;
  }

  /** Mean number of dispatches per epoch. */
  get stepsPerEpoch(): number {
    return (this.#steps * this.#shape.updatesPerEpoch) / this.#updates;
  }

  /** Number of dispatches until this many updates are made in total, including the validation of their epochs. */
  stepsTo(updates: number): number {
    return Math.ceil((updates - this.#first) / this.#updates) * this.#steps - this.#done;
  }

  at(step: number): ScheduledStep {
    const { roundSteps } = this.#shape;
    const { before, within } = this.#place(step);
    const round = Math.floor(within / roundSteps);
    if (round < this.#rounds)
      return { update: before + this.#madeBy(round), isAtEnd: false, step: within % roundSteps };
    return { update: before + this.#updates - 1, isAtEnd: true, step: within - this.#rounds * roundSteps };
  }

  /** Number of updates made after this many dispatches, including all updates before the first of them. */
  updatesAfter(steps: number): number {
    const { before, within } = this.#place(steps);
    return before + this.#madeBy(Math.floor(within / this.#shape.roundSteps));
  }

  /** True if, after `steps` dispatches, all updates of an epoch are made but its validation pass is not complete. */
  isUnvalidated(steps: number): boolean {
    return this.#place(steps).within >= this.#rounds * this.#shape.roundSteps;
  }

  /** The largest number of dispatches, up to `steps`, after which no epoch is waiting for its validation. */
  cutAt(steps: number): number {
    const { within } = this.#place(steps);
    return steps - Math.max(0, within - this.#rounds * this.#shape.roundSteps + 1);
  }

  /**
   * The number of dispatches, above `start` and up to `end`, after which the last epoch is complete that ends there; `end` where
   * none does, or where it ends within a round.
   */
  cutAtEpoch(end: number, start: number): number {
    const { updatesPerEpoch } = this.#shape;
    const done = this.updatesAfter(end);
    const complete = done - (done % updatesPerEpoch);
    if (complete <= this.#first) return end;
    const steps = this.stepsTo(complete);
    return steps > start && steps <= end && this.updatesAfter(steps) === complete ? steps : end;
  }

  /** Number of updates made by this many rounds of a repetition. */
  #madeBy(rounds: number): number {
    return Math.min(rounds * this.#shape.updatesPerRound, this.#updates);
  }

  /** Number of updates before the current repetition, and of dispatches within it. */
  #place(step: number): { before: number; within: number } {
    const position = this.#done + step;
    const times = Math.floor(position / this.#steps);
    return { before: this.#first + times * this.#updates, within: position - times * this.#steps };
  }
}
