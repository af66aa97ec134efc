/** What the dispatches of a run are made of. */
export interface ScheduleShape {
  /** Dispatches of a round, and the updates that it makes; the last round of an epoch that is judged may make fewer. */
  roundSteps: number;
  updatesPerRound: number;
  updatesPerEpoch: number;
  /** Dispatches that come after the last update of an epoch, to judge it; 0 where nothing does. */
  endSteps: number;
}

/** What a dispatch of a run is. */
export interface ScheduledStep {
  /** The first update of its round, or, where it comes after those of an epoch, the last of these; counted from epoch 0. */
  update: number;
  isAtEnd: boolean;
  /** Which one it is of its round, or of the end. */
  step: number;
}

/**
 * The order of the dispatches of a run: rounds of updates, and, where epochs are judged, what does so after the last round of
 * each. Where they are not, a round goes on from an epoch into the next one.
 */
export class Schedule {
  readonly #shape: ScheduleShape;
  /** What repeats: the rounds of an epoch and its end, or a single round. */
  readonly #rounds: number;
  readonly #updates: number;
  readonly #steps: number;
  /** The update that the first of these begins with, and how many of its dispatches are done. */
  readonly #first: number;
  readonly #done: number;

  /** From this update on, with which a round begins. */
  constructor(shape: ScheduleShape, update: number) {
    const { roundSteps, updatesPerRound, updatesPerEpoch, endSteps } = shape;
    const isJudged = endSteps > 0;
    this.#shape = shape;
    this.#rounds = isJudged ? Math.ceil(updatesPerEpoch / updatesPerRound) : 1;
    this.#updates = isJudged ? updatesPerEpoch : updatesPerRound;
    this.#steps = this.#rounds * roundSteps + endSteps;
    const updatesDone = isJudged ? update % updatesPerEpoch : 0;
    this.#first = update - updatesDone;
    this.#done = (updatesDone / updatesPerRound) * roundSteps;
  }

  /** Dispatches of an epoch, on the average. */
  get stepsPerEpoch(): number {
    return (this.#steps * this.#shape.updatesPerEpoch) / this.#updates;
  }

  /** Dispatches until so many updates are made in all, and their epochs judged. */
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

  /** Updates that so many dispatches have made, all that came before them included. */
  updatesAfter(steps: number): number {
    const { before, within } = this.#place(steps);
    return before + this.#madeBy(Math.floor(within / this.#shape.roundSteps));
  }

  /** Whether so many dispatches end with an epoch of which all updates are made, and which is still to be judged. */
  isUnjudged(steps: number): boolean {
    return this.#place(steps).within >= this.#rounds * this.#shape.roundSteps;
  }

  /** The most dispatches up to so many that leave no epoch unjudged. */
  cutAt(steps: number): number {
    const { within } = this.#place(steps);
    return steps - Math.max(0, within - this.#rounds * this.#shape.roundSteps + 1);
  }

  /** Updates that so many rounds have made, of what repeats. */
  #madeBy(rounds: number): number {
    return Math.min(rounds * this.#shape.updatesPerRound, this.#updates);
  }

  /** Updates before what repeats, and dispatches within. */
  #place(step: number): { before: number; within: number } {
    const position = this.#done + step;
    const times = Math.floor(position / this.#steps);
    return { before: this.#first + times * this.#updates, within: position - times * this.#steps };
  }
}
