import type { WorkInParts } from '../base/turns.js';
import { largestSize, shrunk } from './optimality.js';
import { pivotedCholesky } from './pivoted-cholesky.js';
import { modelAfter, type QuadraticModel, sumOfChanges, UnitModel } from './unit-model.js';

/** Half of the last bit of f64, and some: the rounding of a difference, as a share of either number. */
const ROUNDING = 2 ** -50;

/** A violation that is left: sums of d products are off by some roundings of their largest terms. */
const TOLERANCE = 2 ** -44;

/** A feature of whose square the others leave less than this, times d, depends on them. */
const DEPENDENT = 2 ** -48;

/** The curvature, as a share of that of each feature, that the terms of proximal points have. */
const PROXIMAL = 2 ** -24;
const MOST_PROXIMAL_POINTS = 100;

/** Sweeps between two solutions at most. A sweep takes d² multiply-adds, a solution up to d³/6. */
const MOST_SWEEPS = 100;

/** Sweeps over the weights that are not at 0 between two over all. */
const ACTIVE_SWEEPS = 8;

/** A largest change in a sweep, as a share of the largest weight, below which the solution does the rest. */
const SETTLED = 2 ** -10;

/** Solutions at most; up to 60 do for 500 features correlated at 0.9999, some 300 for 100 of them and 60 examples. */
const MOST_SOLVES = 1000;

/** Solutions at most with another l1 on the way. */
const STAGE_SOLVES = 10;

/** The minimum of a quadratic model. */
export interface QuadraticMinimum {
  /** [d + 1] δ; exactly −θⱼ for a weight that becomes 0. */
  change: Float64Array;
  /**
   * The largest violation of the optimality conditions, in units in which the diagonal of H + l2 is 1, as a share of the
   * largest sum of the sizes of the terms of a slope: under 2^-44 unless solutions ran out.
   */
  violation: number;
  sweeps: number;
  solves: number;
}

/**
 * Minimizes over δ
 *
 *     gᵀδ + ½·δᵀHδ + l1·Σ|θⱼ + δⱼ| + l2/2·Σ(θⱼ + δⱼ)²
 *
 * by descent along one coordinate after the other, over all and then over those that are not at 0 (Friedman, Hastie and
 * Tibshirani, "Regularization paths for generalized linear models via coordinate descent", Journal of Statistical
 * Software 33 (2010), 1–22). Between the sweeps the equations of the weights that are not at 0 are solved, with the signs
 * that they have; on the way to the solution the minimum along the line is taken, past or at the points where a weight
 * changes its sign (Lee, Battle, Raina and Ng, "Efficient sparse coding algorithms", NIPS 2006). So the minimum is exact
 * but for rounding, and features that are nearly copies take few sweeps.
 *
 * Where features that are not at 0 depend on one another, as where there are fewer examples than features, a small square
 * of the change is added, about one minimum after the other (Rockafellar, "Monotone operators and the proximal point
 * algorithm", SIAM Journal on Control and Optimization 14 (1976), 877–898), so that every system has one solution.
 *
 * A part of the work is some d² multiply-adds at most.
 */
export function* minimizeByCoordinates(model: QuadraticModel): WorkInParts<QuadraticMinimum> {
  const unit = yield* UnitModel.of(model, DEPENDENT);
  if (model.l1 === 0) return yield* solveWithoutL1(unit);
  const descent = new CoordinateDescent(unit);
  const direct = yield* descent.minimize();
  return descent.isDeficient ? yield* minimizeByProximalPoints(model, unit.units) : direct;
}

function* minimizeByProximalPoints(model: QuadraticModel, units: Float64Array): WorkInParts<QuadraticMinimum> {
  const damping = Float64Array.of(...units.map((size) => (size > 0 ? PROXIMAL / size ** 2 : 0)), 0);
  let change: Float64Array = new Float64Array(damping.length);
  let best: QuadraticMinimum = { change, violation: Infinity, sweeps: 0, solves: 0 };
  let [sweeps, solves] = [0, 0];
  for (let k = 0; k < MOST_PROXIMAL_POINTS && solves < MOST_SOLVES && best.violation > TOLERANCE; k++) {
    const here = modelAfter(model, change);
    const damped = yield* UnitModel.of({ ...here, damping }, DEPENDENT);
    const step = yield* new CoordinateDescent(damped).minimizeAlongPath();
    change = sumOfChanges(model.parameters, change, step.change);
    const after = yield* UnitModel.of(modelAfter(model, change), DEPENDENT);
    const descent = new CoordinateDescent(after);
    yield* descent.solve();
    const solved = sumOfChanges(model.parameters, change, after.changeOf(descent.changes));
    const violation = descent.violation();
    [sweeps, solves] = [sweeps + step.sweeps, solves + step.solves];
    if (violation < best.violation) best = { change: solved, violation, sweeps, solves };
  }
  return { ...best, sweeps, solves };
}

function* solveWithoutL1(unit: UnitModel): WorkInParts<QuadraticMinimum> {
  const { size, matrix, slopes } = unit;
  const factor = yield* pivotedCholesky(matrix, size, DEPENDENT * size);
  const unknowns = yield* unit.solve(factor, slopes);
  const violation = share(largestSize(unit.slopesAfter(unknowns)), unit.largestTerms(unknowns));
  return { change: unit.changeOf(unknowns), violation, sweeps: 0, solves: 1 };
}

/** The unknowns of a unit model on their way. */
class CoordinateDescent {
  readonly #unit: UnitModel;
  /** [d] The weights, in units. */
  readonly #weights: Float64Array;
  /** [d] Their change from the start, to more digits than their difference has. */
  readonly #changes: Float64Array;
  /** [d] The slopes of all but l1. */
  #slopes: Float64Array;
  #thresholds: Float64Array; // [d]
  #sweeps = 0;
  #solves = 0;
  /** True if features depended on one another. */
  isDeficient = false;

  constructor(unit: UnitModel) {
    this.#unit = unit;
    this.#weights = unit.start.slice();
    this.#changes = new Float64Array(unit.size);
    this.#slopes = unit.slopes;
    this.#thresholds = unit.thresholds;
  }

  /** Minimizes, unless features depend on one another. */
  *minimize(mostSolves = MOST_SOLVES): WorkInParts<QuadraticMinimum> {
    let violation = Infinity;
    let best = this.#changes;
    let isWhole = true;
    for (const end = this.#solves + mostSolves; this.#solves < end && !this.isDeficient;) {
      for (let k = 0; k < MOST_SWEEPS; k++) {
        const moved = this.#sweep(isWhole && k % ACTIVE_SWEEPS === 0);
        yield;
        if (moved < SETTLED) break;
      }
      isWhole = yield* this.solve();
      yield;
      const left = this.violation();
      if (left < violation) [violation, best] = [left, this.#changes.slice()];
      if ((isWhole && left <= TOLERANCE) || Number.isNaN(left)) break;
    }
    return { change: this.#unit.changeOf(best), violation, sweeps: this.#sweeps, solves: this.#solves };
  }

  /** [d] */
  get changes(): Float64Array {
    return this.#changes;
  }

  /** Minimizes with l1 halved from where all weights are 0, so that few weights are ever out of place. */
  *minimizeAlongPath(): WorkInParts<QuadraticMinimum> {
    const { thresholds } = this.#unit;
    const factors = this.#slopes.map((slope, j) => (slope === 0 ? 0 : Math.abs(slope) / (thresholds[j] as number)));
    const isAtZero = this.#weights.every((weight) => weight === 0);
    for (let factor = isAtZero ? largestSize(factors) / 2 : 1; factor > 1; factor /= 2) {
      this.#thresholds = thresholds.map((threshold) => threshold * factor);
      yield* this.minimize(STAGE_SOLVES);
    }
    this.#thresholds = thresholds;
    return yield* this.minimize();
  }

  /** The largest violation of the optimality conditions, as a share of the largest sum of sizes of terms of a slope. */
  violation(): number {
    const thresholds = this.#thresholds;
    const left = this.#slopes.map((slope, j) =>
      this.#weights[j] === 0 ? shrunk(slope, thresholds[j] as number) : this.#slopeWithPenalty(j),
    );
    return share(largestSize(left), this.#unit.largestTerms(this.#changes));
  }

  /**
   * Minimizes along each coordinate, or along each that is not at 0. Returns the largest change as a share of the largest
   * weight.
   */
  #sweep(overAll: boolean): number {
    const { size, matrix, units } = this.#unit;
    const thresholds = this.#thresholds;
    const slopes = (this.#slopes = this.#slopes.slice());
    let [moved, largest] = [0, 0];
    for (let j = 0; j < size; j++) {
      const weight = this.#weights[j] as number;
      if ((units[j] as number) === 0 || (!overAll && weight === 0)) continue;
      const slope = slopes[j] as number;
      const threshold = thresholds[j] as number;
      const next = shrunk(weight - slope, threshold);
      if (next === weight) continue;
      // Of a weight that keeps its sign, the change is the slope itself, without the rounding of the weight.
      const by = next * weight > 0 ? -(slope + Math.sign(weight) * threshold) : next - weight;
      this.#put(j, next, by);
      moved = Math.max(moved, Math.abs(by));
      largest = Math.max(largest, Math.abs(weight), Math.abs(next));
      const row = matrix.subarray(j * size, (j + 1) * size);
      for (let k = 0; k < size; k++) slopes[k] = (slopes[k] as number) + by * (row[k] as number);
    }
    this.#sweeps += 1;
    return share(moved, largest);
  }

  /**
   * Solves the equations of the weights that are not at 0, with their signs, and goes towards the solution as far as the
   * objective falls. True if it arrived with all signs as they were.
   */
  *solve(): WorkInParts<boolean> {
    const { size, matrix } = this.#unit;
    const active = this.#active();
    const count = active.length;
    this.#solves += 1;
    if (count === 0) return true;
    const part = new Float64Array(count * count);
    active.forEach((i, a) => active.forEach((j, b) => (part[a * count + b] = matrix[i * size + j] as number)));
    const factor = yield* pivotedCholesky(part, count, DEPENDENT * count);
    this.isDeficient = factor.isDeficient;
    if (factor.isDeficient) return false;
    return this.#move(active, factor.solveNormal(Float64Array.from(active, (j) => -this.#slopeWithPenalty(j))));
  }

  /**
   * Minimizes along a line up to its end: the slope grows by the curvature, and by 2·l1 where a weight changes its sign.
   * True if no weight did.
   */
  #move(active: readonly number[], direction: Float64Array): boolean {
    const { size, matrix } = this.#unit;
    let [slope, curvature] = [0, 0];
    active.forEach((j, a) => {
      const by = direction[a] as number;
      slope += by * this.#slopeWithPenalty(j);
      active.forEach((k, b) => (curvature += by * (matrix[j * size + k] as number) * (direction[b] as number)));
    });
    const crossings = active
      .map((j, a) => ({ j, at: -(this.#weights[j] as number) / (direction[a] as number), by: direction[a] as number }))
      .filter(({ at }) => at > 0 && at <= 1)
      .sort((a, b) => a.at - b.at);
    if (crossings.length === 0) {
      this.#advance(active, direction, 1);
      return true;
    }
    let length = 0;
    for (const { j, at, by } of crossings) {
      const there = slope + curvature * (at - length);
      if (there >= 0) break;
      [slope, length] = [there + 2 * (this.#thresholds[j] as number) * Math.abs(by), at];
      if (slope >= 0) {
        this.#advance(active, direction, length, j);
        return false;
      }
    }
    // A slope that does not fall at all is rounding.
    if (slope < 0) this.#advance(active, direction, length - slope / curvature);
    return false;
  }

  /** Changes the weights by some length of the direction, the one of `zero` to exactly 0. */
  #advance(active: readonly number[], direction: Float64Array, length: number, zero = -1): void {
    active.forEach((j, a) => {
      const by = length * (direction[a] as number);
      const weight = this.#weights[j] as number;
      const isZero = j === zero || Math.abs(weight + by) <= ROUNDING * Math.abs(weight);
      this.#put(j, isZero ? 0 : weight + by, by);
    });
    this.#slopes = this.#unit.slopesAfter(this.#changes);
  }

  #active(): number[] {
    return Array.from(this.#weights.keys()).filter((j) => this.#weights[j] !== 0);
  }

  #put(j: number, weight: number, by: number): void {
    this.#weights[j] = weight;
    this.#changes[j] = weight === 0 ? -(this.#unit.start[j] as number) : (this.#changes[j] as number) + by;
  }

  /** The slope along a weight that is not at 0. */
  #slopeWithPenalty(j: number): number {
    return (this.#slopes[j] as number) + Math.sign(this.#weights[j] as number) * (this.#thresholds[j] as number);
  }
}

/** The ratio of a part to the whole; 0 if both are 0. */
function share(part: number, whole: number): number {
  return part === 0 ? 0 : part / whole;
}
