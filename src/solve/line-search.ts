import type { Penalties } from './optimality.js';

/** The share of the fall that the slope promises which an accepted step has (Armijo 1966). */
const LEAST_FALL = 1e-4;

/**
 * The share of the first slope down to which the slope may have come, in the other direction, where the objective is
 * too rounded to compare (Hager and Zhang, "A new conjugate gradient method with guaranteed descent and an efficient line
 * search", SIAM Journal on Optimization 16 (2005), 170–192: the approximate Wolfe conditions).
 */
const STEEPEST_RISE = 0.8;

/** A shorter step has between these shares of the length that was refused. */
const SHORTER = { least: 2 ** -20, most: 1 / 2 };

/** The share of a length that slopes tell nothing of. */
const UNKNOWN = 1 / 32;

/** The objective where a line begins, and its slope along the line, per length of 1. */
export interface LineStart {
  objective: number;
  slope: number;
}

/** The objective at some length of a line. */
export interface LinePoint extends LineStart {
  length: number;
}

/**
 * True if a step lowers a convex objective enough. A slope that still falls proves it, however rounded the objective is;
 * within `noise` of the objective at the start, the slope alone decides.
 */
export function isLower(start: LineStart, { length, objective, slope }: LinePoint, noise: number): boolean {
  if (!Number.isFinite(objective) || !Number.isFinite(slope)) return false;
  if (objective <= start.objective + LEAST_FALL * length * start.slope || slope <= 0) return true;
  return Math.abs(objective - start.objective) <= noise && slope <= -STEEPEST_RISE * start.slope;
}

/**
 * A shorter length: the shorter one of where a line through the slopes at both ends comes to 0, the minimum of a parabola,
 * and where the tangents at both ends meet, the minimum of a wedge.
 */
export function shorterLength(start: LineStart, { length, objective, slope }: LinePoint): number {
  const isKnown = start.slope < 0 && Number.isFinite(objective) && Number.isFinite(slope);
  if (!isKnown) return length * UNKNOWN;
  const ofParabola = start.slope / (start.slope - slope);
  const ofWedge = (objective - start.objective - slope * length) / (start.slope - slope) / length;
  return length * Math.min(SHORTER.most, Math.max(SHORTER.least, Math.min(ofParabola, ofWedge)));
}

/**
 * The slope of the objective along a direction, on the side that the direction comes from: a weight of 0 has just come
 * to it.
 */
export function slopeBehind(
  gradient: Float64Array, //   [d + 1] of the loss
  parameters: Float64Array, // [d + 1]
  direction: Float64Array, //  [d + 1]
  { l1, l2 }: Penalties,
): number {
  const bias = gradient.length - 1;
  return gradient.reduce((sum, of, j) => {
    const by = direction[j] as number;
    const weight = parameters[j] as number;
    if (j === bias) return sum + of * by;
    const ofSize = weight === 0 ? -Math.abs(by) : Math.sign(weight) * by;
    return sum + (of + l2 * weight) * by + l1 * ofSize;
  }, 0);
}

/** The parameters after a step of some length; a whole step is exact. */
export function moved(parameters: Float64Array, direction: Float64Array, length: number): Float64Array {
  return parameters.map((value, j) => value + length * (direction[j] as number));
}
