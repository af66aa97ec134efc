import type { ModelSettings, Parameters, Run, RunResult, RunState, Trainer, RunSettings } from '../descent/backend.js';
import type { EvaluateOptions, Evaluation, Evaluator } from '../descent/evaluation.js';
import type { FitReport, FitWarning } from '../descent/report.js';
import { initialState, trainToEnd } from '../descent/run.js';
import type { SolverName } from '../options/names.js';
import { HuberScaleSolver } from '../solve/huber-scale.js';
import type { Solver } from '../solve/solver.js';
import { type EndRule, SolverRun } from '../solve/solver-run.js';

/** Conversion between the training units of a solver and the units of the data. */
export interface Units {
  readonly constantFeatures: readonly number[];
  toCallerUnits(parameters: Float64Array): Parameters;
  toTrainingUnits(parameters: { weights: ArrayLike<number>; bias: number }): Float64Array;
}

/** The parts of a solver's trainer. */
export interface SolverParts {
  units: Units;
  /** The evaluator whose gradient decides if the fit has converged. */
  evaluator: Evaluator;
  kernels: FitReport['kernels'];
  /** Number of threads that hold the examples. Left out: one. */
  threads?: number | undefined;
  tuning?: FitReport['tuning'] | undefined;
  warnings: readonly FitWarning[];
  begin(parameters: Float64Array): Solver;
  endRule?: EndRule | undefined;
  /** δ where it is known before the solver runs. */
  huberDelta?: number | undefined;
  dispose(): void;
}

/** A solver as a trainer: its steps are the epochs. */
export class SolverTrainer implements Trainer {
  readonly kind = 'solver';
  readonly largestSquare = null;
  readonly #parts: SolverParts;
  #solver: Solver | undefined;

  constructor(parts: SolverParts) {
    this.#parts = parts;
  }

  get featureCount(): number {
    return this.#parts.evaluator.featureCount;
  }

  get kernels(): FitReport['kernels'] {
    return this.#parts.kernels;
  }

  get tuning(): FitReport['tuning'] {
    return this.#parts.tuning ?? null;
  }

  get threads(): number {
    return this.#parts.threads ?? 1;
  }

  get warnings(): readonly FitWarning[] {
    return this.#parts.warnings;
  }

  get constantFeatures(): readonly number[] {
    return this.#parts.units.constantFeatures;
  }

  /** The name of the solver of the last run. */
  get solverName(): SolverName | undefined {
    return this.#solver?.name;
  }

  /** The state in which the last run ended. */
  get solved(): Solver['state'] | undefined {
    return this.#solver?.state;
  }

  /** δ of Huber's loss, if it was found or known. */
  get huberDelta(): number | undefined {
    return this.#solver instanceof HuberScaleSolver ? (this.#solver.huberDelta ?? undefined) : this.#parts.huberDelta;
  }

  /** False if δ of Huber's loss was looked for, and the last one is not the one that its own fit asks for. */
  get isDeltaSettled(): boolean {
    return !(this.#solver instanceof HuberScaleSolver) || this.#solver.isSettled;
  }

  evaluate(parameters: Float64Array, options: EvaluateOptions): Promise<Evaluation> {
    return this.#parts.evaluator.evaluate(parameters, options);
  }

  /** Throws: no learning rate is bounded by the curvature of a solver. */
  curvature(): Promise<Float64Array> {
    return Promise.reject(new TypeError('a solver has no learning rate'));
  }

  run(initial: Float64Array, settings: RunSettings): Promise<RunResult> {
    return trainToEnd(this, initialState(initial), settings);
  }

  begin(from: RunState, settings: ModelSettings): Promise<Run> {
    this.#solver = this.#parts.begin(from.parameters);
    return Promise.resolve(new SolverRun(this.#solver, from, settings, this.#parts.endRule));
  }

  toCallerUnits(parameters: Float64Array): Parameters {
    return this.#parts.units.toCallerUnits(parameters);
  }

  toTrainingUnits(parameters: { weights: ArrayLike<number>; bias: number }): Float64Array {
    return this.#parts.units.toTrainingUnits(parameters);
  }

  dispose(): void {
    this.#parts.dispose();
  }
}
