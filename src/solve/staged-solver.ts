import type { SolverName } from '../options/names.js';
import type { Solver, SolverState } from './solver.js';

/** Begins a stage at the parameters at which the stage before ended; null if it has nothing to add. */
export type Stage = (parameters: Float64Array, before: Solver | null) => Promise<Solver | null>;

const never = () => Promise.resolve(false);

/**
 * Several solvers one after another, each from where the one before ended: on the device as far as its sums in f32 lead, then
 * on the host in f64. The state is that of the last.
 */
export class StagedSolver implements Solver {
  readonly #later: Stage[];
  readonly #isOver: (current: Solver) => Promise<boolean>;
  #current: Solver;
  /** The state after the last step: a stage that is yet to begin has no objective. */
  #state: SolverState;
  /** Passes of the stages that have ended. */
  #passesBefore = 0;

  /** `isOver`: true if the first one, though it still runs, is better left to the others. */
  constructor(first: Solver, later: readonly Stage[], isOver: (first: Solver) => Promise<boolean> = never) {
    this.#isOver = async (current) => current === first && (await isOver(first));
    this.#current = first;
    this.#state = first.state;
    this.#later = [...later];
  }

  get name(): SolverName {
    return this.#current.name;
  }

  get state(): SolverState {
    return this.#state;
  }

  async step(signal: AbortSignal | undefined): Promise<void> {
    await this.#current.step(signal);
    const { state } = this.#current;
    this.#state = { ...state, passes: this.#passesBefore + state.passes };
    const { status, parameters } = this.#state;
    const isAtEnd = status !== 'running' || (await this.#isOver(this.#current));
    let next: Solver | null = null;
    while (isAtEnd && !next && this.#later.length > 0) {
      next = (await this.#later.shift()?.(parameters, this.#current)) ?? null;
    }
    if (!next) return;
    this.#current = next;
    this.#passesBefore = this.#state.passes;
    this.#state = { ...this.#state, status: 'running' };
  }
}
