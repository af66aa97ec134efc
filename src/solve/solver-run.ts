import type { ModelSettings, Run, RunResult, RunState, RunWatch } from '../descent/backend.js';
import { overflow } from './overflow.js';
import type { Solver } from './solver.js';

/** Ends a run although the solver could go on: returns the reason, or null to go on. */
export type EndRule = (
  parameters: Float64Array,
  change: Float64Array,
  signal: AbortSignal | undefined,
) => Promise<'separable' | null>;

/** A solver as a run: an epoch is a step of the solver. */
export class SolverRun implements Run {
  readonly #solver: Solver;
  readonly #endRule: EndRule | undefined;
  readonly #mostSteps: number;
  #state: RunState;
  #losses: number[] = [];
  #stopReason: RunResult['stopReason'] = null;
  #trainMs = 0;

  constructor(solver: Solver, from: RunState, { epochs }: Pick<ModelSettings, 'epochs'>, endRule?: EndRule) {
    this.#solver = solver;
    this.#endRule = endRule;
    this.#mostSteps = epochs;
    this.#state = { ...from, previous: from.parameters };
  }

  async runEpochs(epochs: number, { signal, onProgress }: RunWatch): Promise<void> {
    const startMs = performance.now();
    try {
      for (let k = 0; k < epochs && this.#stopReason === null && !signal?.aborted; k++) {
        await this.#step(signal);
        onProgress?.(this.#state.epoch, this.#state.loss, Float64Array.of(this.#state.loss), new Float64Array());
      }
    } catch (error) {
      if (!signal?.aborted) throw error; // ended by the caller: the parameters are those of the last whole step
    } finally {
      this.#trainMs += performance.now() - startMs;
    }
  }

  setRate(): void {
    // A solver has no learning rate.
  }

  read(): Promise<RunResult> {
    const losses = Float64Array.from(this.#losses);
    this.#losses = [];
    return Promise.resolve(solverResult(this.#state, losses, this.#stopReason, this.#trainMs));
  }

  dispose(): void {
    // The evaluators belong to the trainer.
  }

  async #step(signal: AbortSignal | undefined): Promise<void> {
    const before = this.#state;
    await this.#solver.step(signal);
    const { parameters, objective, status } = this.#solver.state;
    if (status !== 'running' && !Number.isFinite(objective)) throw overflow();
    const epoch = before.epoch + 1;
    this.#losses.push(objective);
    this.#state = { ...before, epoch, parameters: parameters.slice(), previous: before.parameters, loss: objective };
    const change = parameters.map((value, j) => value - (before.parameters[j] as number));
    this.#stopReason = (await this.#endRule?.(this.#state.parameters, change, signal)) ?? this.#reasonOf(status, epoch);
  }

  #reasonOf(status: Solver['state']['status'], epoch: number): RunResult['stopReason'] {
    if (status === 'converged') return 'converged';
    if (status === 'stalled') return 'plateau';
    return epoch >= this.#mostSteps ? 'epochs' : null;
  }
}

/** The result of a run on the host that has no validation and no path. */
export function solverResult(
  state: RunState,
  losses: Float64Array,
  stopReason: RunResult['stopReason'],
  trainMs: number,
): RunResult {
  const timings = { trainMs, readbackMs: 0, gpuMs: null };
  return { ...state, losses, validationLosses: new Float64Array(), path: [], stopReason, timings };
}
