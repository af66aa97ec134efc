import type { HarnessOptions } from './harness.js';

/** The number of times that every arm is timed, and for how long. */
export type Effort = Pick<HarnessOptions, 'repeats' | 'repeatMs' | 'jobRepeats'>;

export type EffortName = 'full' | 'quick';

/** Quick repeats are short, but 7 × 30 ms is still 200 ms of work for every measurement. */
export const EFFORTS: Record<EffortName, Effort> = {
  full: { repeats: 7, repeatMs: 200, jobRepeats: 3 },
  quick: { repeats: 7, repeatMs: 30, jobRepeats: 0 },
};

/** Epochs from the start to the loss that is compared. */
export const DEFAULT_EPOCHS = 10;
