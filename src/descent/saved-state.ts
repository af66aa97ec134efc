import type { RunState } from './backend.js';
import type { PathPoint } from './report.js';

/** The state in which an earlier fit of the same examples ended. */
export interface SavedFit {
  featureNames: readonly string[];
  exampleCount: number;
  state: RunState;
  earlier: Earlier;
}

/** The reported history of the epochs before a run. */
export interface Earlier {
  lossHistory: readonly number[];
  validationHistory: readonly number[];
  path: readonly PathPoint[];
  /** [d + 1] the first parameters, in training units; null if they are those at which the run starts. */
  initial: Float64Array | null;
}

export const NOTHING_EARLIER: Earlier = { lossHistory: [], validationHistory: [], path: [], initial: null };
