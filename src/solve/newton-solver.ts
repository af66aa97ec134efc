import type { Evaluation } from '../descent/evaluation.js';
import type { SolverName } from '../options/names.js';
import { Newton, type NewtonOptions, type NewtonState } from './newton.js';
import type { Solver, SolverState } from './solver.js';

/** A problem for Newton's method, whose evaluations can be aborted. */
export interface NewtonProblem extends Omit<NewtonOptions, 'evaluate'> {
  evaluate: (parameters: Float64Array, withHessian: boolean, signal: AbortSignal | undefined) => Promise<Evaluation>;
}

/** Newton's method as a solver. The first step evaluates the start; each later one makes one pass, mostly. */
export class NewtonSolver implements Solver {
  readonly name: SolverName;
  readonly #newton: Newton;
  readonly #start: Float64Array;
  #signal: AbortSignal | undefined;
  #state: NewtonState | undefined;

  constructor({ evaluate, ...problem }: NewtonProblem) {
    this.name = problem.l1 > 0 ? 'proximalNewton' : 'newton';
    this.#start = problem.start.slice();
    this.#newton = new Newton({
      ...problem,
      evaluate: (parameters, withHessian) => evaluate(parameters, withHessian, this.#signal),
    });
  }

  get state(): SolverState {
    const state = this.#state;
    if (!state) {
      const gradient = new Float64Array(this.#start.length);
      return { parameters: this.#start, objective: Number.NaN, gradient, excess: null, status: 'running' };
    }
    const { parameters, objective, gradient, decrement, status } = state;
    return { parameters, objective, gradient, excess: Number.isFinite(decrement) ? decrement : null, status };
  }

  /** [d + 1, d + 1] The last Hessian; null before the first step. */
  get hessian(): Float64Array | null {
    return this.#newton.hessian;
  }

  async step(signal: AbortSignal | undefined): Promise<void> {
    this.#signal = signal;
    this.#state = await this.#newton.step();
  }
}
