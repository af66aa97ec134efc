import type { SolverName } from '../options/names.js';
import type { Solver, SolverState } from './solver.js';
import type { IterationState } from './iteration-state.js';

/** A minimization whose steps are given no signal: Newton's method, L-BFGS, Huber's continuation. */
export interface Iteration {
  /** Evaluates the start, in the first call, and takes one step in each that follows, unless it has ended. */
  step(): Promise<IterationState & { decrement?: number }>;
  /** [d + 1, d + 1] The Hessian of the last step, if it had one. */
  readonly hessian?: Float64Array | null;
}

/** An iteration as a solver: its evaluations, and long work between them, can be aborted. */
export class IterativeSolver implements Solver {
  readonly name: SolverName;
  readonly iteration: Iteration;
  #signal: AbortSignal | undefined;
  #state: SolverState;

  /** `open` begins at the parameters; what it starts takes the signal of the step that is under way. */
  constructor(
    name: SolverName,
    start: Float64Array, // [d + 1]
    open: (signalNow: () => AbortSignal | undefined) => Iteration,
  ) {
    this.name = name;
    this.iteration = open(() => this.#signal);
    const gradient = new Float64Array(start.length);
    const [parameters, objective] = [start.slice(), Number.NaN];
    this.#state = { parameters, objective, gradient, excess: null, passes: 0, status: 'running' };
  }

  get state(): SolverState {
    return this.#state;
  }

  async step(signal: AbortSignal | undefined): Promise<void> {
    this.#signal = signal;
    const { parameters, objective, gradient, decrement, passes, status } = await this.iteration.step();
    const excess = decrement !== undefined && Number.isFinite(decrement) ? decrement : null;
    this.#state = { parameters, objective, gradient, excess, passes, status };
  }
}
