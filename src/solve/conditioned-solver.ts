import { inTurns, type WorkInParts } from '../base/turns.js';
import type { SolverName } from '../options/names.js';
import type { HostEvaluator } from './host-evaluator.js';
import { IterativeSolver } from './iterative-solver.js';
import type { OrthogonalFeatures } from './orthogonal-features.js';
import { pivotedCholesky } from './pivoted-cholesky.js';
import type { Solver, SolverState } from './solver.js';
import { UnitModel } from './unit-model.js';

/**
 * The share of a feature's curvature that is left beside the others, below which the sums of a Hessian no longer tell how much
 * it is: their rounding is some 2^-53 of them, and of this share a thousandth may be wrong without harm.
 */
const NEARLY_DEPENDENT = 2 ** -33;

/** Multiply-adds that orthogonal features may take: about a second. */
const MOST_WORK = 2 ** 29;

/** Rejects with the reason of the signal. */
type DependenceSource = (signal: AbortSignal | undefined) => Promise<boolean>;
type OrthogonalSource = (signal: AbortSignal | undefined) => Promise<OrthogonalFeatures>;

/** The orthogonal features of an evaluator, made at the first call: one minimization after another may ask for them. */
export function orthogonalFeatures(evaluator: HostEvaluator): OrthogonalSource {
  let made: OrthogonalFeatures | undefined;
  return async (signal) => {
    const { OrthogonalFeatures } = await import('./orthogonal-features.js');
    return (made ??= await OrthogonalFeatures.of(evaluator, signal));
  };
}

/** The answer whether features are nearly dependent over all examples of an evaluator, which the first call looks at. */
export function dependenceOf(evaluator: HostEvaluator, share = NEARLY_DEPENDENT): DependenceSource {
  let found: boolean | undefined;
  return async (signal) => {
    if (found !== undefined) return found;
    const gram = await evaluator.gramWhere(new Float64Array(evaluator.featureCount + 1), Infinity, signal);
    return (found = await inTurns(isNearlyDependent(gram, share), signal));
  };
}

/** True if the examples are in memory, and orthogonal features take no more than about a second. */
export function isOrthogonalCheap({ exampleCount, featureCount, inMemory }: HostEvaluator): boolean {
  return inMemory !== null && exampleCount * (featureCount + 1) ** 2 <= MOST_WORK;
}

/** True if, as far as a Hessian tells, some features are nearly dependent on others, or wholly. */
export function* isNearlyDependent(hessian: Float64Array, share = NEARLY_DEPENDENT): WorkInParts<boolean> {
  const width = Math.sqrt(hessian.length);
  const zeros = new Float64Array(width);
  const { matrix, size, units } = yield* UnitModel.of(
    { gradient: zeros, hessian, parameters: zeros, l1: 0, l2: 0 },
    2 ** -50,
  );
  const factor = yield* pivotedCholesky(matrix, size, share);
  return factor.rank < units.filter((unit) => unit > 0).length;
}

/**
 * Newton's method, which goes on with orthogonal features where its own are nearly dependent: it would take many steps, and
 * end anywhere along them. The first Hessian tells, unless the loss is curved at few examples, as Huber's with a small δ.
 */
export class ConditionedSolver implements Solver {
  readonly #orthogonal: OrthogonalSource;
  readonly #areDependent: DependenceSource | null;
  readonly #openOn: (evaluator: HostEvaluator, parameters: Float64Array) => Solver;
  #inner: Solver;
  #features: OrthogonalFeatures | undefined;
  #isChecked = false;
  #passesBefore = 0;

  /**
   * `openOn` begins the minimization with the features of an evaluator, without penalties; `orthogonal` is of the same one, and
   * so is `areDependent`: null where the first Hessian tells.
   */
  constructor(
    evaluator: HostEvaluator,
    parameters: Float64Array, // [d + 1]
    orthogonal: OrthogonalSource,
    areDependent: DependenceSource | null,
    openOn: (evaluator: HostEvaluator, parameters: Float64Array) => Solver,
  ) {
    this.#orthogonal = orthogonal;
    this.#areDependent = areDependent;
    this.#openOn = openOn;
    this.#isChecked = !isOrthogonalCheap(evaluator);
    this.#inner = openOn(evaluator, parameters);
  }

  get name(): SolverName {
    return this.#inner.name;
  }

  get state(): SolverState {
    const { state } = this.#inner;
    const passes = this.#passesBefore + state.passes;
    const features = this.#features;
    if (!features) return { ...state, passes };
    const [parameters, gradient] = [features.toTraining(state.parameters), features.gradientOf(state.gradient)];
    return { ...state, passes, parameters, gradient };
  }

  async step(signal: AbortSignal | undefined): Promise<void> {
    if (!this.#isChecked && this.#areDependent) {
      const areDependent = await this.#areDependent(signal);
      await (areDependent ? this.#goOver(signal) : this.#inner.step(signal));
      this.#isChecked = true;
      return;
    }
    await this.#inner.step(signal);
    if (this.#isChecked) return;
    const hessian = this.#inner instanceof IterativeSolver ? this.#inner.iteration.hessian : null;
    if (!hessian) return;
    if (await inTurns(isNearlyDependent(hessian), signal)) await this.#goOver(signal);
    this.#isChecked = true;
  }

  /** The first step evaluates: until then there is no objective to show, and an abort leaves everything as it was. */
  async #goOver(signal: AbortSignal | undefined): Promise<void> {
    const { parameters, passes } = this.#inner.state;
    const features = await this.#orthogonal(signal);
    const inner = this.#openOn(features.evaluator, features.fromTraining(parameters));
    await inner.step(signal);
    this.#features = features;
    this.#passesBefore = passes;
    this.#inner = inner;
  }
}
