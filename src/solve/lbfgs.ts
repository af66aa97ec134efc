import { dot } from '../base/dot.js';
import type { Evaluation } from '../descent/evaluation.js';
import { penaltyOf } from '../descent/step.js';
import { LbfgsMemory } from './lbfgs-memory.js';
import { isLower, type LinePoint, moved, shorterLength } from './line-search.js';
import { kktViolation, leastSubgradient, type Penalties } from './optimality.js';
import { F64_SUMS, type IterationState, type IterationStatus } from './iteration-state.js';

/**
 * Pairs that are kept by default. At a condition number of 1,000 of the features 10, 20 and 50 pairs take 2,500, 1,560 and
 * 520 steps; they cost 16 bytes and 4 multiply-adds a step each for every feature, which is little beside a pass.
 */
const MEMORY = 20;

/** An accepted step has less than this share of the first slope left, so that its change tells the curvature (Wolfe 1969). */
const LEAST_FLATTER = 0.9;

/** Evaluations along one direction at most, and the most by which a step that is too short grows in one of them. */
const MOST_TRIALS = { before: 20, atRounding: 4 };
const LONGER = { least: 2, most: 10 };

/** Steps in succession at the rounding of the objective that need not halve the least violation. */
const MOST_STALE = 30;

/** A violation of up to this many roundings of a slope is nothing but rounding. */
const ROUNDINGS = 4;

export interface LbfgsOptions extends Penalties {
  /** [d + 1] */
  start: Float64Array;
  /** Evaluates the loss, one pass over the examples. */
  evaluate(parameters: Float64Array): Promise<Pick<Evaluation, 'loss' | 'gradient'>>;
  /** Relative rounding of the sums in loss and gradient. Default 2^-48, for f64; 2^-20 suits sums in f32. */
  rounding?: number | undefined;
  /** The loss of predictions that are right but for rounding: less is nothing to be gained. Default 0. */
  floor?: number | undefined;
  /** Number of changes that stand for the Hessian. Default 20. */
  memory?: number;
  /** [d + 1] A curvature of the objective along each parameter, each more than 0. Default: all alike. */
  diagonal?: Float64Array;
}

/** A place that has been evaluated. */
interface Point {
  parameters: Float64Array; // [d + 1]
  loss: number;
  gradient: Float64Array; //   [d + 1] of the loss
  objective: number;
  slopes: Float64Array; //     [d + 1] of the objective: its subgradient of least norm
  violation: number;
}

/**
 * Minimizes L(θ) + l1·Σ|w| + l2/2·Σw² for a convex loss L with gradient g, by L-BFGS: the last changes of the parameters and
 * of the gradient stand for the Hessian, in 4·d multiply-adds each (Nocedal 1980). A step ends where the objective and
 * its slope are low enough: the conditions of Wolfe, or where the objective is too rounded the approximate ones of Hager
 * and Zhang (2005). The first length is the one of the memory, which does mostly: one evaluation a step.
 *
 * With l1 the step stays within the orthant that it begins in or moves into, and the slopes are those of the subgradient
 * of least norm (OWL-QN: Andrew and Gao, "Scalable training of L1-regularized log-linear models", ICML 2007).
 */
export class Lbfgs {
  readonly #options: LbfgsOptions;
  readonly #rounding: number;
  readonly #memory: LbfgsMemory;
  #point: Point | undefined;
  #status: IterationStatus = 'running';
  #passes = 0;
  #iterations = 0;
  #firstObjective = 0;
  #leastViolation = Infinity;
  #stale = 0;

  constructor(options: LbfgsOptions) {
    this.#options = { ...options, start: options.start.slice() };
    this.#rounding = options.rounding ?? F64_SUMS;
    this.#memory = new LbfgsMemory(options.memory ?? MEMORY, options.diagonal);
  }

  /** Evaluates the start, in the first call, and takes one step in each that follows, unless it has ended. */
  async step(): Promise<IterationState> {
    if (!this.#point) {
      const point = await this.#evaluate(this.#options.start);
      this.#point = point;
      this.#firstObjective = point.objective;
      if (!isFinite(point)) this.#status = 'stalled';
      else if (point.violation === 0) this.#status = 'converged';
    } else if (this.#status === 'running') await this.#advance(this.#point);
    return this.#state();
  }

  /** Forgets the curvature: the next step is along the gradient. */
  restart(): void {
    this.#memory.clear();
  }

  async #advance(from: Point): Promise<void> {
    let direction = this.#directionFrom(from);
    if (!(dot(from.slopes, direction) < 0)) {
      this.restart();
      direction = this.#directionFrom(from);
    }
    const to = await (this.#options.l1 > 0 ? this.#searchOrthant(from, direction) : this.#search(from, direction));
    if (to) this.#accept(from, to, direction);
    else if (!this.#memory.isEmpty) this.restart();
    else this.#status = this.#isRounding(from, ROUNDINGS) ? 'converged' : 'stalled';
  }

  #accept(from: Point, to: Point, direction: Float64Array): void {
    const { l2 } = this.#options;
    const change = to.parameters.map((value, j) => value - (from.parameters[j] as number));
    const bias = change.length - 1;
    const steeper = to.gradient.map(
      (slope, j) => slope - (from.gradient[j] as number) + (j < bias ? l2 * (change[j] as number) : 0),
    );
    this.#memory.add(change, steeper);
    this.#iterations += 1;
    this.#point = to;
    const hasHalved = to.violation <= this.#leastViolation / 2;
    if (hasHalved) this.#leastViolation = to.violation;
    const isLess = from.objective - to.objective > this.#rounding * Math.abs(from.objective) + this.#floor;
    const tellsNothing = this.#isAtRounding(from, dot(from.slopes, direction)) || to.objective >= from.objective;
    this.#stale = !hasHalved && !isLess && tellsNothing ? this.#stale + 1 : 0;
    if (this.#isRounding(to, 1)) this.#status = 'converged';
    else if (this.#stale === MOST_STALE) this.#status = this.#isRounding(to, ROUNDINGS) ? 'converged' : 'stalled';
  }

  /**
   * A direction in which the objective falls. With l1 no weight leaves 0 but to the side where its slope leads down. OWL-QN
   * also stops every weight that goes against its slope; done only where the others do not lead down, it takes a half to
   * a third of the passes, and ends with smaller slopes.
   */
  #directionFrom({ parameters, slopes }: Point): Float64Array {
    const direction = this.#memory.direction(slopes);
    if (this.#options.l1 === 0) return direction;
    const bias = slopes.length - 1;
    const isAgainst = (by: number, j: number) => j < bias && by * (slopes[j] as number) >= 0;
    const within = direction.map((by, j) => (parameters[j] === 0 && isAgainst(by, j) ? 0 : by));
    return dot(slopes, within) < 0 ? within : direction.map((by, j) => (isAgainst(by, j) ? 0 : by));
  }

  /**
   * The length of the first trial. Before there is any curvature to go by: halfway to where the objective would be 0, were
   * it a parabola, since a loss is not less.
   */
  #firstLength(from: Point, slope: number): number {
    if (this.#memory.steepest > 0) return 1;
    const halfway = -from.objective / slope;
    return this.#options.diagonal ? Math.min(1, 2 * halfway) : halfway;
  }

  /** A point along the direction by the conditions of Wolfe; undefined if there is none. */
  async #search(from: Point, direction: Float64Array): Promise<Point | undefined> {
    const noise = this.#rounding * Math.abs(from.objective) + this.#floor;
    const start = { objective: from.objective, slope: dot(from.slopes, direction) };
    let low: LinePoint & { point?: Point } = { ...start, length: 0 };
    let high: LinePoint | undefined;
    let length = this.#firstLength(from, start.slope);
    const mostTrials = this.#isAtRounding(from, start.slope) ? MOST_TRIALS.atRounding : MOST_TRIALS.before;
    for (let trial = 0; trial < mostTrials; trial++) {
      const parameters = moved(from.parameters, direction, length);
      if (!(length > 0) || parameters.every((value, j) => value === from.parameters[j])) break;
      const point = await this.#evaluate(parameters);
      const at = { length, objective: point.objective, slope: dot(point.slopes, direction), point };
      if (!isFinite(point) || !isLower(start, at, noise)) high = at;
      else if (at.slope >= LEAST_FLATTER * start.slope) return point;
      else low = at;
      if (high) length = low.length + shorterLength(low, { ...high, length: high.length - low.length });
      else {
        // To where the slope would be 0 if it went on to rise as it did.
        const share = start.slope / (start.slope - low.slope);
        length *= Math.min(LONGER.most, share > LONGER.least ? share : share > 0 ? LONGER.least : LONGER.most);
      }
    }
    return low.point;
  }

  /** A point along the direction within one orthant, low enough by the condition of Armijo. */
  async #searchOrthant(from: Point, direction: Float64Array): Promise<Point | undefined> {
    const noise = this.#rounding * Math.abs(from.objective) + this.#floor;
    const bias = direction.length - 1;
    const side = (j: number) => Math.sign((from.parameters[j] as number) || -(from.slopes[j] as number));
    const slope = dot(from.slopes, direction);
    const mostTrials = this.#isAtRounding(from, slope) ? MOST_TRIALS.atRounding : MOST_TRIALS.before;
    let length = this.#firstLength(from, slope);
    for (let trial = 0; trial < mostTrials; trial++) {
      const parameters = moved(from.parameters, direction, length).map((value, j) =>
        j < bias && value * side(j) <= 0 ? 0 : value,
      );
      const change = parameters.map((value, j) => value - (from.parameters[j] as number));
      if (change.every((by) => by === 0)) return undefined;
      const point = await this.#evaluate(parameters);
      const start = { objective: from.objective, slope: dot(from.slopes, change) };
      const at = { length: 1, objective: point.objective, slope: dot(point.slopes, change) };
      if (isFinite(point) && start.slope < 0 && isLower(start, at, noise)) return point;
      length *= shorterLength(start, at);
    }
    return undefined;
  }

  async #evaluate(parameters: Float64Array): Promise<Point> {
    const { l1, l2 } = this.#options;
    const { loss, gradient } = await this.#options.evaluate(parameters);
    this.#passes += 1;
    return {
      parameters,
      loss,
      gradient,
      objective: loss + penaltyOf(parameters, this.#options),
      slopes: leastSubgradient(gradient, parameters, this.#options),
      violation: kktViolation(gradient, parameters, l1, l2),
    };
  }

  /** True if the objective elsewhere along a line would tell nothing. */
  #isAtRounding({ objective }: Point, slope: number): boolean {
    return -slope <= this.#rounding * Math.abs(objective) + this.#floor;
  }

  /** The objective of a perfect fit, all of it rounding. */
  get #floor(): number {
    return this.#rounding ** 2 * Math.abs(this.#firstObjective);
  }

  /**
   * True if the violation is the rounding of a slope, Σ|residual·feature|/m, which is at most √(2L·Σx²/m), or of l1; or if
   * it is that of the residuals of a perfect fit, which have the rounding of the targets.
   */
  #isRounding({ loss, violation }: Point, roundings: number): boolean {
    const { l1, floor = 0 } = this.#options;
    const { steepest } = this.#memory;
    const size = Math.sqrt(2 * (loss + this.#floor) * steepest) + l1;
    return violation <= Math.max(roundings * this.#rounding * size, Math.sqrt(2 * floor * steepest));
  }

  #state(): IterationState {
    const { parameters, loss, objective, gradient, violation } = this.#point as Point;
    return {
      parameters,
      loss,
      objective,
      gradient,
      violation,
      status: this.#status,
      passes: this.#passes,
      iterations: this.#iterations,
    };
  }
}

/** True if all numbers of a point are finite. */
function isFinite({ objective, gradient }: Point): boolean {
  return Number.isFinite(objective) && gradient.every(Number.isFinite);
}
