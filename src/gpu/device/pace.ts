/** A submit should last about this long: short enough to leave a page alive and to abort, long enough to hide the wait. */
const SUBMIT_MS = 50;

/** While somebody may abort: two of these are what an abort waits for. */
const SHORT_SUBMIT_MS = 20;

/** A submit has at most this many times the steps of the last one that was timed, so that one quick answer misleads little. */
const GROWTH = 4;

/** Nor so many more that it took longer than so many times its time if all the time until the last answer had been work. */
const MOST_TIMES = 5;

/** A submit that took this many times its time has slow steps, or its answer came late: the wait is measured again. */
const LATE = 1.5;

/** Time limit of the first submit, with a guess at the slowest step: a software adapter on a busy core. */
const FIRST_SUBMIT_MS = 10;
const SLOWEST_STEP_MS = 0.1;
const SLOWEST_BYTES_PER_MS = 1e5;

/** An upper bound on the steps of one submit, whatever the clock says. */
const MOST_STEPS = 8192;

/** The shortest time that is believed: clocks of browsers tick in 0.1 ms, or in 1 ms. */
const TICK_MS = 0.1;

/** The workgroups that a step keeps busy. */
type Width = 'one' | 'all';

/** A submit whose answer is there. */
export interface TimedSubmit {
  steps: number;
  submittedMs: number;
  answeredMs: number;
}

/** The time of a submit on the device, and the longest that it may have been. */
interface DeviceTime {
  steps: number;
  estimateMs: number;
  boundMs: number;
}

/**
 * The number of steps that one submit takes, so that the device is busy with it for SUBMIT_MS, or less where somebody may
 * abort. An answer arrives later than the device is done, by up to 100 ms where a browser polls for it; that delay, measured
 * as the wait for an empty submit, is no reason for shorter submits.
 */
export class Pace {
  /** The measured wait for an empty submit, and whether to measure it anew. */
  #waitMs = 0;
  #needsWait = true;
  #mayAbort = false;
  /** The time at which the device was done with the submit before, and the time that this one took. */
  #doneMs = 0;
  #before: DeviceTime | undefined;
  /** The last submits of all runs, where one workgroup is busy and where all are, and the bytes that one of their steps reads. */
  readonly #last: Partial<Record<Width, DeviceTime & { stepBytes: number }>> = {};
  #width: Width = 'all';

  /** True if the next submit, to a queue that is empty, should come with an empty one whose answer is `waited` for. */
  get needsWait(): boolean {
    return this.#needsWait;
  }

  /** Takes the measured wait for an empty submit. */
  waited(waitMs: number): void {
    this.#waitMs = waitMs;
    this.#needsWait = false;
  }

  /**
   * Begins a run of other steps, and returns the number of them for the first submit. `mayAbort`: true if a signal may end it,
   * and what is under way is waited for.
   */
  begin(stepBytes: number, { mayAbort = false, inOneWorkgroup = false } = {}): number {
    this.#before = undefined;
    this.#mayAbort = mayAbort;
    this.#width = inOneWorkgroup ? 'one' : 'all';
    const last = this.#last[this.#width];
    const guess = FIRST_SUBMIT_MS / (SLOWEST_STEP_MS + stepBytes / SLOWEST_BYTES_PER_MS);
    if (!last) return wholeSteps(guess);
    const { steps, estimateMs, boundMs, stepBytes: lastBytes } = last;
    const filled = (this.#aimMs * steps) / Math.max(1, stepBytes / lastBytes);
    // A single short submit says little about what the wait hides: believe no more than the guess of it.
    return wholeSteps(Math.max(filled / boundMs, Math.min(guess, filled / estimateMs)));
  }

  /** Takes a submit that was answered, in the order of the submits; returns the number of steps for the next one. */
  next({ steps, submittedMs, answeredMs }: TimedSubmit, stepBytes: number): number {
    const boundMs = Math.max(answeredMs - submittedMs, TICK_MS);
    this.#waitMs = Math.min(this.#waitMs, boundMs);
    // It began when it was there and the one before was done.
    const startMs = Math.max(submittedMs, this.#doneMs);
    this.#doneMs = Math.max(answeredMs - this.#waitMs, startMs);
    const submit = { steps, estimateMs: Math.max(this.#doneMs - startMs, TICK_MS), boundMs };
    const stepMs = Math.max(stepMsOf(submit), this.#before ? stepMsOfBoth(this.#before, submit) : 0);
    if (steps > 1 && submit.estimateMs > LATE * this.#aimMs) this.#needsWait = true;
    this.#before = submit;
    this.#last[this.#width] = { ...submit, stepBytes };
    const growth = Math.min(GROWTH, Math.max(1, (MOST_TIMES * this.#aimMs) / boundMs));
    return wholeSteps(Math.min(this.#aimMs / stepMs, growth * steps));
  }

  /** The time that a submit should last: no less than the wait for its answer, or the device would have nothing to do. */
  get #aimMs(): number {
    return this.#mayAbort ? Math.min(SUBMIT_MS, Math.max(SHORT_SUBMIT_MS, this.#waitMs)) : SUBMIT_MS;
  }
}

function stepMsOf({ estimateMs, steps }: DeviceTime): number {
  return estimateMs / steps;
}

/** A page that was busy hears of two submits at once, as if the second had taken no time: together they took what they did. */
function stepMsOfBoth(before: DeviceTime, { estimateMs, steps }: DeviceTime): number {
  return (before.estimateMs + estimateMs) / (before.steps + steps);
}

function wholeSteps(steps: number): number {
  return Math.max(1, Math.min(Math.floor(steps), MOST_STEPS));
}
