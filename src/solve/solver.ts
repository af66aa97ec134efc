import type { SolverName } from '../options/names.js';

/** Minimizes an objective step by step: each step makes one or more passes over the examples. */
export interface Solver {
  readonly name: SolverName;
  readonly state: SolverState;
  /** Advances by one step. Rejects with the reason of the signal, and leaves the state as it was before. */
  step(signal: AbortSignal | undefined): Promise<void>;
}

export interface SolverState {
  /** [d + 1] in training units. */
  parameters: Float64Array;
  /** The loss with penalties at the parameters; NaN before the first step. */
  objective: number;
  /** [d + 1] The gradient of the loss there, without penalties. */
  gradient: Float64Array;
  /** Estimated excess of the objective over its minimum, from the model of the last step; null if there is no estimate. */
  excess: number | null;
  /** Passes over the examples so far. */
  passes: number;
  /** 'converged': the next step would be rounding. 'stalled': no step lowers the objective or its slopes. */
  status: 'running' | 'converged' | 'stalled';
}
