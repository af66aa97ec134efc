import type { Evaluation } from '../descent/evaluation.js';
import { isLower, type LinePoint, moved, shorterLength } from './line-search.js';
import { penaltyOf } from '../moments/descent/step.js';
import { kktViolation, leastSubgradient, type Penalties } from './optimality.js';
import { F64_SUMS } from './solver-state.js';
import type { Solver, SolverState } from './solver.js';

/** Pairs of a step and the change of the gradient that stand for the Hessian; 5 to 20 serve alike (Nocedal 1980). */
const MOST_PAIRS = 10;

/** Evaluations along one direction at most: each shortens the step to between 1/2 and 1/32. */
const MOST_TRIALS = 20;

/** The violation of the optimality conditions, as a share of that at the start, at which the rest is rounding. */
const LAST_VIOLATION = 1e-10;

/** A pair along which the slope grows by less than this share of what it could says nothing of the Hessian. */
const LEAST_CURVATURE = 1e-10;

export interface LbfgsProblem extends Penalties {
  /** [d + 1] The first parameters. */
  start: Float64Array;
  /** One pass over the examples; no Hessian is asked for. */
  evaluate: (parameters: Float64Array, withHessian: false, signal: AbortSignal | undefined) => Promise<Evaluation>;
  /** Relative rounding of the sums in loss and gradient. Default 2^-48, for f64. */
  rounding?: number | undefined;
}

/** A step and the change of the gradient of loss and l2 along it, [d + 1] each. */
interface Pair {
  step: Float64Array;
  change: Float64Array;
  /** 1/(step·change) */
  inverse: number;
}

/** Parameters that have been evaluated. */
interface Point {
  parameters: Float64Array;
  objective: number;
  gradient: Float64Array;
}

/**
 * Minimizes L(θ) + l1·Σ|w| + l2/2·Σ w² by gradients alone, for more features than a Hessian pays for: L-BFGS, whose last steps
 * stand for the Hessian (Nocedal, "Updating quasi-Newton matrices with limited storage", Mathematics of Computation 35 (1980),
 * 773–782). With l1 as OWL-QN: the subgradient of least norm in place of the gradient, and no weight changes its sign within a
 * step (Andrew and Gao, "Scalable training of L1-regularized log-linear models", ICML 2007). The first step evaluates; each later
 * one makes one pass if the full step is accepted. Where no step lowers the objective, it starts again along the gradient.
 */
export class LbfgsSolver implements Solver {
  readonly name = 'lbfgs';
  readonly #problem: LbfgsProblem;
  readonly #rounding: number;
  #pairs: Pair[] = [];
  #point: Point | undefined;
  #firstViolation = 0;
  #status: SolverState['status'] = 'running';
  /** The slope of the objective along the last direction, for an estimate of the excess. */
  #slope: number | null = null;

  constructor(problem: LbfgsProblem) {
    this.#problem = { ...problem, start: problem.start.slice() };
    this.#rounding = problem.rounding ?? F64_SUMS;
  }

  get state(): SolverState {
    const { parameters, objective, gradient } = this.#point ?? {
      parameters: this.#problem.start,
      objective: Number.NaN,
      gradient: new Float64Array(this.#problem.start.length),
    };
    const excess = this.#slope === null ? null : -this.#slope / 2; // of a quadratic model with this Hessian
    return { parameters, objective, gradient, excess, status: this.#status };
  }

  async step(signal: AbortSignal | undefined): Promise<void> {
    const point = this.#point;
    if (!point) {
      this.#point = await this.#evaluate(this.#problem.start, signal);
      this.#firstViolation = this.#violation(this.#point);
      if (!isFinite(this.#point)) this.#status = 'stalled';
      else this.#judge(this.#point);
      return;
    }
    const next = await this.#search(point, signal);
    if (next) {
      this.#remember(point, next);
      this.#point = next;
      this.#judge(next);
    } else if (this.#pairs.length > 0) {
      this.#pairs = []; // what they say of the Hessian leads nowhere here
    } else {
      this.#status = 'stalled';
    }
  }

  /** The point that a step leads to; undefined if no length lowers the objective. */
  async #search(from: Point, signal: AbortSignal | undefined): Promise<Point | undefined> {
    const subgradient = leastSubgradient(from.gradient, from.parameters, this.#problem);
    const direction = this.#direction(subgradient);
    const slope = dot(subgradient, direction);
    if (!(slope < 0)) return undefined;
    this.#slope = slope;
    const noise = this.#rounding * Math.abs(from.objective);
    let length = 1;
    for (let trial = 0; trial < MOST_TRIALS; trial++) {
      const parameters = this.#withinOrthant(from.parameters, moved(from.parameters, direction, length), subgradient);
      const point = await this.#evaluate(parameters, signal);
      const behind = leastSubgradient(point.gradient, parameters, this.#problem);
      const at: LinePoint = { length, objective: point.objective, slope: dot(behind, direction) };
      if (isFinite(point) && isLower({ objective: from.objective, slope }, at, noise)) return point;
      length = shorterLength({ objective: from.objective, slope }, isFinite(point) ? at : { ...at, slope: Number.NaN });
    }
    return undefined;
  }

  /** −H⁻¹·g by two loops over the pairs; with l1 without what would lead against the subgradient. */
  #direction(subgradient: Float64Array): Float64Array {
    const direction = subgradient.map((slope) => -slope);
    const shares = this.#pairs.map(() => 0);
    for (let k = this.#pairs.length - 1; k >= 0; k--) {
      const { step, change, inverse } = this.#pairs[k] as Pair;
      const share = inverse * dot(step, direction);
      shares[k] = share;
      add(direction, change, -share);
    }
    const last = this.#pairs.at(-1);
    if (last) scale(direction, 1 / (last.inverse * dot(last.change, last.change)));
    this.#pairs.forEach(({ step, change, inverse }, k) => {
      add(direction, step, (shares[k] as number) - inverse * dot(change, direction));
    });
    if (this.#problem.l1 === 0) return direction;
    return direction.map((by, j) => (by * (subgradient[j] as number) < 0 ? by : 0));
  }

  /** The parameters with 0 for every weight that has changed its sign, or that left 0 against the subgradient. */
  #withinOrthant(from: Float64Array, to: Float64Array, subgradient: Float64Array): Float64Array {
    if (this.#problem.l1 === 0) return to;
    const bias = to.length - 1;
    return to.map((value, j) => {
      const sign = Math.sign(from[j] as number) || -Math.sign(subgradient[j] as number);
      return j < bias && value * sign < 0 ? 0 : value;
    });
  }

  #remember(from: Point, to: Point): void {
    const { l2 } = this.#problem;
    const bias = from.parameters.length - 1;
    const step = to.parameters.map((value, j) => value - (from.parameters[j] as number));
    const change = to.gradient.map((slope, j) => {
      return slope - (from.gradient[j] as number) + (j < bias ? l2 * (step[j] as number) : 0);
    });
    const product = dot(step, change);
    if (!(product > LEAST_CURVATURE * Math.sqrt(dot(step, step) * dot(change, change)))) return;
    this.#pairs.push({ step, change, inverse: 1 / product });
    if (this.#pairs.length > MOST_PAIRS) this.#pairs.shift();
  }

  #judge(point: Point): void {
    if (this.#violation(point) <= LAST_VIOLATION * this.#firstViolation) this.#status = 'converged';
  }

  #violation({ gradient, parameters }: Point): number {
    return kktViolation(gradient, parameters, this.#problem.l1, this.#problem.l2);
  }

  async #evaluate(parameters: Float64Array, signal: AbortSignal | undefined): Promise<Point> {
    const { loss, gradient } = await this.#problem.evaluate(parameters, false, signal);
    return { parameters, gradient, objective: loss + penaltyOf(parameters, this.#problem) };
  }
}

function isFinite({ objective, gradient }: Point): boolean {
  return Number.isFinite(objective) && gradient.every(Number.isFinite);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number);
  return sum;
}

function add(to: Float64Array, terms: Float64Array, factor: number): void {
  for (let j = 0; j < to.length; j++) to[j] = (to[j] as number) + factor * (terms[j] as number);
}

function scale(values: Float64Array, factor: number): void {
  for (let j = 0; j < values.length; j++) values[j] = (values[j] as number) * factor;
}
