import type { SolverName } from '../options/names.js';
import type { Solver, SolverState } from './solver.js';

/** The factor by which δ is reduced from one minimum to the next. */
const FACTOR = 4;

/**
 * Minimizes Huber's loss for a δ that may be far below most errors, where the loss is nearly that of least absolute
 * deviations and curves almost nowhere: first with every error squared, then for a δ of the size of the errors, and on with a
 * smaller one from each minimum (Madsen and Nielsen, "A finite smoothing algorithm for linear l1 estimation", SIAM Journal on
 * Optimization 3 (1993), 223–235). A δ of the size of the errors or above takes one or two minimizations.
 */
export class HuberPathSolver implements Solver {
  readonly #huberDelta: number;
  readonly #solverFor: (parameters: Float64Array, huberDelta: number) => Solver;
  #inner: Solver;
  /** The state after the last step: a minimization that is yet to begin has no objective. */
  #state: SolverState;
  #delta = Number.MAX_VALUE;

  /** `solverFor` begins the minimization for one δ. */
  constructor(
    parameters: Float64Array, // [d + 1]
    huberDelta: number,
    solverFor: (parameters: Float64Array, huberDelta: number) => Solver,
  ) {
    this.#huberDelta = huberDelta;
    this.#solverFor = solverFor;
    this.#inner = solverFor(parameters, this.#delta);
    this.#state = this.#inner.state;
  }

  get name(): SolverName {
    return this.#inner.name;
  }

  get state(): SolverState {
    return this.#state;
  }

  async step(signal: AbortSignal | undefined): Promise<void> {
    await this.#inner.step(signal);
    this.#state = this.#inner.state;
    const { status, parameters, objective } = this.#state;
    if (status === 'running' || this.#delta === this.#huberDelta) return;
    // With every error squared, the objective is half of the mean square error.
    const errors = Math.sqrt(2 * objective);
    const next = (this.#delta === Number.MAX_VALUE ? errors : this.#delta) / FACTOR;
    this.#delta = next <= FACTOR * this.#huberDelta || !Number.isFinite(next) ? this.#huberDelta : next;
    this.#inner = this.#solverFor(parameters, this.#delta);
    this.#state = { ...this.#state, status: 'running' };
  }
}
