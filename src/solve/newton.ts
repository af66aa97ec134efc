import type { Evaluation } from '../descent/evaluation.js';
import { penaltyOf } from '../moments/descent/step.js';
import { isLower, type LinePoint, moved, shorterLength, slopeBehind } from './line-search.js';
import { newtonDirection, type NewtonDirection } from './newton-direction.js';
import { kktViolation, type Penalties } from './optimality.js';
import { F64_SUMS, type SolverState, type SolverStatus } from './solver-state.js';

/** Evaluations along one direction at most: each shortens the step to between 1/2 and 1/32. */
const MOST_TRIALS = 12;

/** Damping that has worked is divided by this for the next step, and is left out once it is a share of less than 2^-40. */
const EASIER = 16;
const LEAST_DAMPING = 2 ** -40;

/** Damping after a direction along which nothing fell, and its most: then the steps are those of gradient descent. */
const FIRST_DAMPING = 2 ** -12;
const HARDER = 64;
const MOST_DAMPING = 2 ** 12;

/** Steps in succession, at the rounding of the objective, that need not halve the least decrement. */
const MOST_STALE = 2;

export interface NewtonOptions extends Penalties {
  /** [d + 1] */
  start: Float64Array;
  /** Evaluates the loss, one pass over the examples; the Hessian only where it is asked for. */
  evaluate(parameters: Float64Array, withHessian: boolean): Promise<Evaluation>;
  /**
   * True to ask for the Hessian in the first pass only, where it is the same everywhere: squared loss. Later steps correct
   * what its rounding left (iterative refinement, Wilkinson 1963).
   */
  reuseHessian?: boolean;
  /** [d + 1, d + 1] A Hessian that is known; with `reuseHessian` none is asked for. */
  hessian?: Float64Array | null | undefined;
  /** Relative rounding of the sums in loss and gradient. Default 2^-48, for f64; 2^-20 suits sums in f32. */
  rounding?: number | undefined;
  /** Relative rounding of the sums in the Hessian. Default: that of the others. */
  hessianRounding?: number;
}

export interface NewtonState extends SolverState {
  /**
   * The Newton decrement: by how much the quadratic model at the parameters falls to its minimum, penalties included; an
   * estimate of the excess of the objective. ½·gᵀH⁻¹g without l1.
   */
  decrement: number;
}

/** A place that has been evaluated, and the step that leads on from it. */
interface Point {
  parameters: Float64Array; // [d + 1]
  evaluation: Evaluation;
  objective: number;
  direction: NewtonDirection;
}

/**
 * Minimizes L(θ) + l1·Σ|w| + l2/2·Σw² for a convex loss L with gradient g and Hessian H, by Newton's method: each step
 * goes to the minimum of
 *
 *     gᵀδ + ½·δᵀHδ + l1·Σ|wⱼ + δⱼ| + l2/2·Σ(wⱼ + δⱼ)²
 *
 * or part of the way, if that lowers the objective too little (with l1: Lee, Sun and Saunders, "Proximal Newton-type
 * methods for minimizing composite functions", SIAM Journal on Optimization 24 (2014), 1420–1443). A whole step does,
 * mostly: one evaluation each. It goes on until the decrement is down to the rounding of the evaluations: where the
 * objective no longer tells two points apart, gradients do.
 */
export class Newton {
  readonly #options: NewtonOptions;
  readonly #rounding: number;
  readonly #scales: Float64Array; // [d + 1] the largest curvature along each parameter so far
  #hessian: Float64Array | undefined; // [d + 1, d + 1]
  #point: Point | undefined;
  #status: SolverStatus = 'running';
  #passes = 0;
  #iterations = 0;
  #damping = 0;
  #firstObjective = 0;
  #leastDecrement = Infinity;
  #stale = 0;

  constructor(options: NewtonOptions) {
    this.#options = { ...options, start: options.start.slice() };
    this.#rounding = options.rounding ?? F64_SUMS;
    this.#scales = new Float64Array(options.start.length);
    this.#hessian = options.hessian ?? undefined;
  }

  /** [d + 1, d + 1] The Hessian of the last evaluation that had one; null before. */
  get hessian(): Float64Array | null {
    return this.#hessian ?? null;
  }

  /** Evaluates the start, in the first call, and takes one step in each that follows, unless it has ended. */
  async step(): Promise<NewtonState> {
    if (!this.#point) await this.#begin();
    else if (this.#status === 'running') await this.#advance(this.#point);
    return this.#state();
  }

  async #begin(): Promise<void> {
    const { start } = this.#options;
    const evaluation = await this.#evaluate(start);
    this.#firstObjective = this.#objective(start, evaluation);
    if (!isFinite(evaluation)) {
      this.#status = 'stalled';
      const direction = { change: new Float64Array(start.length), decrement: Infinity, slope: 0, damping: 0 };
      this.#point = { parameters: start, evaluation, objective: this.#firstObjective, direction };
      return;
    }
    this.#point = this.#pointAt(start, evaluation);
    this.#leastDecrement = this.#point.direction.decrement;
    if (this.#isSmall(this.#point)) this.#status = 'converged';
  }

  async #advance(from: Point): Promise<void> {
    const { change, slope } = from.direction;
    const noise = this.#noiseOf(from);
    const isAtRounding = this.#isAtRounding(from);
    let length = 1;
    for (let trial = 0; trial < MOST_TRIALS; trial++) {
      const parameters = moved(from.parameters, change, length);
      if (parameters.every((value, j) => value === from.parameters[j])) break;
      const evaluation = await this.#evaluate(parameters);
      const at: LinePoint = { length, objective: NaN, slope: NaN };
      if (isFinite(evaluation)) {
        at.objective = this.#objective(parameters, evaluation);
        at.slope = slopeBehind(evaluation.gradient, parameters, change, this.#options);
        if (isAtRounding) return this.#refine(from, this.#pointAt(parameters, evaluation), noise);
        if (isLower({ objective: from.objective, slope }, at, noise)) {
          return this.#accept(from, parameters, evaluation, length);
        }
      }
      length = shorterLength({ objective: from.objective, slope }, at);
    }
    this.#refuse(from, isAtRounding);
  }

  #accept(from: Point, parameters: Float64Array, evaluation: Evaluation, length: number): void {
    if (this.#damping > 0) {
      this.#damping = length === 1 ? this.#damping / EASIER : Math.min(MOST_DAMPING, this.#damping / length);
      if (this.#damping < LEAST_DAMPING) this.#damping = 0;
    }
    const point = this.#pointAt(parameters, evaluation);
    this.#iterations += 1;
    this.#point = point;
    this.#judge(point, from.objective - point.objective > this.#noiseOf(from));
  }

  /** Takes the point if its decrement is less: the objective, at its rounding, tells nothing. */
  #refine(from: Point, point: Point, noise: number): void {
    const isNoHigher = point.objective - from.objective <= 2 * noise + this.#floor;
    if (isNoHigher && point.direction.decrement < from.direction.decrement) {
      this.#iterations += 1;
      this.#point = point;
      this.#judge(point, false);
    } else this.#status = 'converged';
  }

  #judge(point: Point, isLess: boolean): void {
    const { decrement } = point.direction;
    const hasHalved = decrement <= this.#leastDecrement / 2;
    if (hasHalved) this.#leastDecrement = decrement;
    this.#stale = hasHalved || isLess ? 0 : this.#stale + 1;
    if (this.#isSmall(point)) this.#status = 'converged';
    else if (this.#stale === MOST_STALE) this.#status = this.#isAtRounding(point) ? 'converged' : 'stalled';
  }

  /** Takes a more cautious direction after one of which no length would do, or ends. */
  #refuse(from: Point, isAtRounding: boolean): void {
    if (isAtRounding) this.#status = 'converged';
    else if (this.#damping >= MOST_DAMPING) this.#status = 'stalled';
    else {
      this.#damping = Math.max(FIRST_DAMPING, HARDER * this.#damping);
      this.#point = { ...from, direction: this.#directionAt(from.parameters, from.evaluation) };
    }
  }

  /** Rounding of the objective. */
  #noiseOf({ objective }: Point): number {
    return this.#rounding * Math.abs(objective);
  }

  /** The objective of a perfect fit, all of it rounding. */
  get #floor(): number {
    return this.#rounding ** 2 * Math.abs(this.#firstObjective);
  }

  /** True if the objective at another point would tell nothing. */
  #isAtRounding(point: Point): boolean {
    return point.direction.decrement <= this.#noiseOf(point) + this.#floor;
  }

  /** The predictions that the rest of the way would change, as a share of the residuals, are at their rounding. */
  #isSmall({ direction, objective }: Point): boolean {
    return direction.decrement <= this.#rounding ** 2 * Math.abs(objective);
  }

  async #evaluate(parameters: Float64Array): Promise<Evaluation> {
    const isKnown = this.#options.reuseHessian === true && this.#hessian !== undefined;
    const evaluation = await this.#options.evaluate(parameters, !isKnown);
    this.#passes += 1;
    return evaluation;
  }

  #objective(parameters: Float64Array, { loss }: Evaluation): number {
    return loss + penaltyOf(parameters, this.#options);
  }

  #pointAt(parameters: Float64Array, evaluation: Evaluation): Point {
    const { gradient, loss, hessian } = evaluation;
    const known = hessian ?? (this.#scales.every((scale) => scale === 0) ? this.#hessian : undefined);
    if (known) {
      this.#hessian = known;
      const width = gradient.length;
      gradient.forEach((slope, j) => {
        const scale = Math.max(this.#scales[j] as number, known[j * (width + 1)] as number);
        // Nothing curves the loss there yet: Σx²/m is at least g²/2L, since a loss is at least half its squared slope.
        this.#scales[j] = scale > 0 || slope === 0 ? scale : slope ** 2 / (2 * loss);
      });
    }
    const direction = this.#directionAt(parameters, evaluation);
    return { parameters, evaluation, objective: this.#objective(parameters, evaluation), direction };
  }

  #directionAt(parameters: Float64Array, { gradient, loss }: Evaluation): NewtonDirection {
    const { l1, l2, hessianRounding = this.#rounding } = this.#options;
    const model = { gradient, hessian: this.#hessian as Float64Array, parameters, l1, l2 };
    const rounding = { hessian: hessianRounding, slope: 8 * this.#rounding * Math.sqrt(2 * loss) };
    const direction = newtonDirection(model, this.#scales, rounding, this.#damping);
    this.#damping = direction.damping;
    return direction;
  }

  #state(): NewtonState {
    const { parameters, evaluation, objective, direction } = this.#point as Point;
    const { loss, gradient } = evaluation;
    return {
      parameters,
      loss,
      objective,
      gradient,
      violation: kktViolation(gradient, parameters, this.#options.l1, this.#options.l2),
      decrement: direction.decrement,
      status: this.#status,
      passes: this.#passes,
      iterations: this.#iterations,
    };
  }
}

/** True if all numbers of an evaluation are finite. */
function isFinite({ loss, gradient, hessian }: Evaluation): boolean {
  return Number.isFinite(loss) && gradient.every(Number.isFinite) && (hessian?.every(Number.isFinite) ?? true);
}
