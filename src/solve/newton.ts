import { inTurns } from '../base/turns.js';
import { areFinite } from '../data/finite.js';
import type { Evaluation } from '../descent/evaluation.js';
import { penaltyOf } from '../descent/step.js';
import { isLower, type LinePoint, moved, shorterLength, slopeBehind } from './line-search.js';
import { NO_DIRECTION, newtonDirection, type NewtonDirection } from './newton-direction.js';
import { kktViolation, type Penalties } from './optimality.js';
import { F64_SUMS, type IterationState, type IterationStatus } from './iteration-state.js';

/** Evaluations along one direction at most; where the objective is at its rounding, one. */
const MOST_TRIALS = 12;

/**
 * Damping is divided by this after a whole step, and by the length of the step after another. It is left out once it is a
 * share of less than 2^-20 of the wider curvature, or the decrement one of the objective.
 */
const EASIER = 4;
const LEAST_DAMPING = 2 ** -20;

/** Damping after a direction along which nothing fell, the factor by which it grows after another, and its most. */
const FIRST_DAMPING = 2 ** -12;
const HARDER = 64;
const MOST_DAMPING = 16;

/** Steps in succession, at the rounding of the objective or of its slopes, that need not halve the least decrement. */
const MOST_STALE = 2;

/** Slopes of no more than this share of the first are rounding, unless steps still halve the decrement. */
const SLOPE_ROUNDING = 2 ** -40;

export interface NewtonOptions extends Penalties {
  /** [d + 1] */
  start: Float64Array;
  /** Evaluates the loss, one pass over the examples; the Hessian only where it is asked for. */
  evaluate(parameters: Float64Array, withHessian: boolean): Promise<Evaluation>;
  /** The signal of the step that is under way: a direction of many features takes seconds. */
  signalNow?: () => AbortSignal | undefined;
  /**
   * True to ask for the Hessian in the first pass only, where it is the same everywhere: squared loss. Later steps correct
   * what its rounding left (iterative refinement, Wilkinson 1963).
   */
  reuseHessian?: boolean;
  /** [d + 1, d + 1] A Hessian that is known, for all steps: none is asked for. */
  hessian?: Float64Array | null | undefined;
  /**
   * [d + 1, d + 1] The curvature of the objective over a wider range, where the Hessian is that of a small neighbourhood:
   * the first steps add it, later ones a share of it. Default: a diagonal, where nothing curves the objective.
   */
  wider?: Float64Array | undefined;
  /** Relative rounding of the sums in loss and gradient. Default 2^-48, for f64; 2^-20 suits sums in f32. */
  rounding?: number | undefined;
  /** The loss of predictions that are right but for rounding: less is nothing to be gained. Default 0. */
  floor?: number | undefined;
  /**
   * Relative rounding of the sums in the Hessian: of a feature of which the others leave less, times d, no more is known.
   * Default: 2^-10 of that of the others, 2^-48 at least. It errs on the small side, since the line search notices a
   * direction that is wrong, and damping one that is right slows every step.
   */
  hessianRounding?: number;
}

export interface NewtonState extends IterationState {
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
  #hessian: Float64Array | undefined; // [d + 1, d + 1] the one for all steps
  #point: Point | undefined;
  #status: IterationStatus = 'running';
  #passes = 0;
  #iterations = 0;
  #damping = 0;
  #firstObjective = 0;
  #firstViolation = 0;
  #leastDecrement = Infinity;
  #stale = 0;

  constructor(options: NewtonOptions) {
    this.#options = { ...options, start: options.start.slice() };
    this.#rounding = options.rounding ?? F64_SUMS;
    this.#scales = new Float64Array(options.start.length);
    this.#damping = options.wider ? 1 : 0;
    this.#hessian = options.hessian ?? undefined;
  }

  /** [d + 1, d + 1] The Hessian of the last step; null before there is one. */
  get hessian(): Float64Array | null {
    return this.#hessian ?? this.#point?.evaluation.hessian ?? null;
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
      const direction = { ...NO_DIRECTION, change: new Float64Array(start.length) };
      this.#point = { parameters: start, evaluation, objective: this.#firstObjective, direction };
      return;
    }
    this.#point = await this.#pointAt(start, evaluation);
    this.#firstViolation = this.#violation(this.#point);
    this.#leastDecrement = this.#point.direction.decrement;
    if (this.#isSmall(this.#point)) this.#status = 'converged';
  }

  async #advance(from: Point): Promise<void> {
    const { change, slope } = from.direction;
    const isAtRounding = this.#isAtRounding(from);
    let length = 1;
    for (let trial = 0; trial < (isAtRounding ? 1 : MOST_TRIALS); trial++) {
      const parameters = moved(from.parameters, change, length);
      if (parameters.every((value, j) => value === from.parameters[j])) break;
      const evaluation = await this.#evaluate(parameters);
      const at: LinePoint = { length, objective: NaN, slope: NaN };
      if (isFinite(evaluation)) {
        at.objective = this.#objective(parameters, evaluation);
        at.slope = slopeBehind(evaluation.gradient, parameters, change, this.#options);
        const take = () => this.#pointAt(parameters, evaluation);
        if (isAtRounding ? this.#refine(from, await take()) : await this.#accept(from, at, take)) return;
      }
      length = shorterLength({ objective: from.objective, slope }, at);
    }
    await this.#refuse(from, isAtRounding);
  }

  /** Takes the point if its objective is low enough. */
  async #accept(from: Point, at: LinePoint, take: () => Promise<Point>): Promise<boolean> {
    const { slope, decrement } = from.direction;
    if (!isLower({ objective: from.objective, slope }, at, this.#noiseOf(from))) return false;
    const isDamped = this.#damping > 0 || this.#options.wider !== undefined;
    if (at.length < 1 && isDamped) this.#damping = Math.min(1, Math.max(this.#damping, LEAST_DAMPING) / at.length);
    else if (Math.min(this.#damping, decrement / from.objective) < LEAST_DAMPING) this.#damping = 0;
    else this.#damping /= EASIER;
    this.#goTo(await take(), from.objective - at.objective > this.#noiseOf(from));
    return true;
  }

  /** Takes the point if its decrement is less: the objective, at its rounding, tells nothing. */
  #refine(from: Point, point: Point): boolean {
    const isNoHigher = point.objective - from.objective <= 2 * this.#noiseOf(from) + this.#floor;
    if (!isNoHigher || point.direction.decrement >= from.direction.decrement) return false;
    this.#goTo(point, false);
    return true;
  }

  #goTo(point: Point, isLess: boolean): void {
    this.#iterations += 1;
    this.#point = point;
    this.#judge(point, isLess);
  }

  #judge(point: Point, isLess: boolean): void {
    const { decrement } = point.direction;
    const hasHalved = decrement <= this.#leastDecrement / 2;
    if (hasHalved) this.#leastDecrement = decrement;
    // Where features depend on one another, slopes that are rounding may lead down for ever.
    const isFalling = isLess && !this.#hasNoSlope(point);
    this.#stale = hasHalved || isFalling ? 0 : this.#stale + 1;
    if (this.#isSmall(point)) this.#status = 'converged';
    else if (this.#stale === MOST_STALE) this.#end(point);
  }

  /** Takes a more cautious direction after one of which no length would do, or ends. */
  async #refuse(from: Point, isAtRounding: boolean): Promise<void> {
    if (isAtRounding || this.#damping >= MOST_DAMPING) this.#end(from);
    else {
      this.#damping = Math.max(FIRST_DAMPING, HARDER * this.#damping);
      this.#point = { ...from, direction: await this.#directionAt(from.parameters, from.evaluation) };
    }
  }

  #end(point: Point): void {
    this.#status = this.#isAtRounding(point) || this.#hasNoSlope(point) ? 'converged' : 'stalled';
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

  /** True if the slopes are those that rounding leaves. */
  #hasNoSlope(point: Point): boolean {
    return this.#violation(point) <= SLOPE_ROUNDING * this.#firstViolation;
  }

  #violation({ evaluation: { gradient }, parameters }: Pick<Point, 'evaluation' | 'parameters'>): number {
    return kktViolation(gradient, parameters, this.#options.l1, this.#options.l2);
  }

  /** The predictions that the rest of the way would change, as a share of the residuals or the targets, are at their rounding. */
  #isSmall({ direction, objective }: Point): boolean {
    return direction.decrement <= Math.max(this.#rounding ** 2 * Math.abs(objective), this.#options.floor ?? 0);
  }

  async #evaluate(parameters: Float64Array): Promise<Evaluation> {
    const evaluation = await this.#options.evaluate(parameters, this.#hessian === undefined);
    this.#passes += 1;
    return evaluation;
  }

  #objective(parameters: Float64Array, { loss }: Evaluation): number {
    return loss + penaltyOf(parameters, this.#options);
  }

  async #pointAt(parameters: Float64Array, evaluation: Evaluation): Promise<Point> {
    const { gradient, loss, hessian } = evaluation;
    if (hessian && this.#options.reuseHessian === true) this.#hessian = hessian;
    const known = hessian ?? (this.#point ? undefined : this.#hessian);
    if (known) {
      const width = gradient.length;
      gradient.forEach((slope, j) => {
        const scale = Math.max(this.#scales[j] as number, known[j * (width + 1)] as number);
        // Nothing curves the loss there yet: Σx²/m is at least g²/2L, since a loss is at least half its squared slope.
        this.#scales[j] = scale > 0 || slope === 0 ? scale : slope ** 2 / (2 * loss);
      });
    }
    const direction = await this.#directionAt(parameters, evaluation);
    return { parameters, evaluation, objective: this.#objective(parameters, evaluation), direction };
  }

  async #directionAt(parameters: Float64Array, { gradient, loss, hessian }: Evaluation): Promise<NewtonDirection> {
    const { l1, l2, hessianRounding = Math.max(F64_SUMS, this.#rounding * 2 ** -10) } = this.#options;
    const model = { gradient, hessian: (hessian ?? this.#hessian) as Float64Array, parameters, l1, l2 };
    const wider = { diagonal: this.#scales, matrix: this.#options.wider };
    const rounding = { hessian: hessianRounding, slope: 8 * this.#rounding * Math.sqrt(2 * loss) };
    const work = newtonDirection(model, wider, rounding, this.#damping);
    const direction = await inTurns(work, this.#options.signalNow?.());
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
      violation: this.#violation({ evaluation, parameters }),
      decrement: direction.decrement,
      status: this.#status,
      passes: this.#passes,
      iterations: this.#iterations,
    };
  }
}

/** True if all numbers of an evaluation are finite. */
function isFinite({ loss, gradient, hessian }: Evaluation): boolean {
  return Number.isFinite(loss) && areFinite(gradient) && (!hessian || areFinite(hessian));
}
