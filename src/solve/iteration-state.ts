/**
 * Running: another step may lower the objective. Converged: no step does, and none could by more than the rounding of the
 * evaluations. Stalled: no step does, though a model of the objective says that one could.
 */
export type IterationStatus = 'running' | 'converged' | 'stalled';

/** The state of a minimization between two steps. Its arrays are not to be changed. */
export interface IterationState {
  /** [d + 1] The best parameters so far, always finite. */
  parameters: Float64Array;
  /** The loss at the parameters, without penalties. */
  loss: number;
  /** The loss with penalties. */
  objective: number;
  /** [d + 1] The gradient of the loss at the parameters, without penalties. */
  gradient: Float64Array;
  /** The largest violation of the optimality conditions, in units of the gradient. */
  violation: number;
  status: IterationStatus;
  /** Evaluations so far, each a pass over the examples. */
  passes: number;
  /** Changes of the parameters so far. */
  iterations: number;
}

/** The relative rounding of sums in f64 over many examples. */
export const F64_SUMS = 2 ** -48;
