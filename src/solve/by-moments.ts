import { atOnce, type WorkInParts } from '../base/turns.js';
import type { Moments, Precision } from '../moments/moments.js';
import type { Problem } from './design.js';
import { pivotedCholesky } from './pivoted-cholesky.js';
import type { UpperFactor } from './pivoted-qr.js';
import { type CenteredParameters, type Parts, residualSums } from './residual-sums.js';

/** A feature of whose variance the others leave less than this, times d: that little may be what the sums were off by. */
const DEPENDENT: Record<Precision, number> = { f32: 2 ** -20, f64: 2 ** -48 };

/** Passes over the examples at most: the error shrinks by κ²·1e-7 in each where sums are in f32, by κ²·1e-15 in f64. */
export const MOST_PASSES = 10;

/** A correction no larger than this share of weights or targets, as lengths of columns, is the last: it is rounding. */
const ROUNDING = 2 ** -46;

/**
 * A correction is the last, too, if no more than ROUNDING is predicted to be left, and the others leave at least this share of
 * each feature: where they leave less, the rounding of a pass is multiplied so often that only another one shows it.
 */
const MODEST = 2 ** -12;

/**
 * The relative size of the last correction below which corrections that no longer shrink have reached the rounding of
 * the sums.
 */
const NEGLIGIBLE = 2 ** -30;

/** Normal equations of one target in units in which the diagonal is 1: C·v = c, with w = v/lengths. */
export interface NormalEquations {
  factor: UpperFactor;
  /** That of the sums. */
  precision: Precision;
  /** [d] */
  crossProducts: Float64Array;
  /** [d] What each weight is divided by. */
  lengths: Float64Array;
  /** [d] m·l2 in the units of the weights. */
  penalties: Float64Array;
  /** [d] The size of v = 1 as a weight in training units. */
  units: Float64Array;
  /** [d] μ, and ȳ; zeros where there is no intercept. */
  means: Float64Array;
  targetMean: number;
  /** |y − ȳ|, the length of the column of targets. */
  targetLength: number;
}

/** The factor of the moments' normal equations, in d³/6 multiply-adds, a row in each part of the work. */
export function* normalEquationsInParts(
  moments: Moments,
  { l2, standardize, fitIntercept }: Problem,
): WorkInParts<NormalEquations> {
  const { featureCount, targetCount, count, scatter, means, targetMeans, precision } = moments;
  const targetMean = targetMeans[0] as number;
  const offset = (j: number) => (fitIntercept ? 0 : (means[j] as number));
  const products = (i: number, j: number) => (scatter[i * featureCount + j] as number) + count * offset(i) * offset(j);
  const squares = means.map((_, j) => products(j, j));
  const spreads = squares.map((square) => (standardize && square > 0 ? Math.sqrt(square / count) : 1));
  const penalties = spreads.map((spread) => count * l2 * spread * spread);
  const lengths = squares.map((square, j) => (square === 0 ? 1 : Math.sqrt(square + (penalties[j] as number))));
  const matrix = new Float64Array(featureCount * featureCount);
  for (let i = 0, at = 0; i < featureCount; i++) {
    for (let j = 0; j < featureCount; j++, at++) {
      if (i !== j) matrix[at] = products(i, j) / (lengths[i] as number) / (lengths[j] as number);
      else matrix[at] = squares[i] === 0 ? 0 : 1;
    }
  }
  const crossProducts = lengths.map((length, j) => {
    const cross = (moments.crossScatter[j * targetCount] as number) + count * offset(j) * targetMean;
    return cross / length;
  });
  return {
    factor: yield* pivotedCholesky(matrix, featureCount, DEPENDENT[precision] * featureCount),
    precision,
    crossProducts,
    lengths,
    penalties,
    units: spreads.map((spread, j) => spread / (lengths[j] as number)),
    means: fitIntercept ? means : new Float64Array(featureCount),
    targetMean: fitIntercept ? targetMean : 0,
    targetLength: Math.sqrt(
      (moments.targetScatter[0] as number) + (fitIntercept ? 0 : count * targetMean * targetMean),
    ),
  };
}

/** The same at once, for few features. */
export const normalEquations = (moments: Moments, problem: Problem): NormalEquations =>
  atOnce(normalEquationsInParts(moments, problem));

/** The optimum as the moments know it. */
export function solveNormalEquations(equations: NormalEquations): CenteredParameters {
  const { factor, crossProducts, lengths, units, targetMean } = equations;
  const unknowns = factor.solveNormal(crossProducts, units);
  return { weights: unknowns.map((value, j) => value / (lengths[j] as number)), atCenter: targetMean };
}

export interface RefinedSolution extends CenteredParameters {
  /** The objective before each correction. */
  losses: number[];
  /** The smallest correction, as a share of weights or targets, as lengths of columns: what they are uncertain by. */
  rest: number;
  isRefined: boolean;
  /** The steepest slope for a standardized feature before the last correction, as a share of that of the constant model. */
  relativeGradient: number;
  /** The excess loss before the last correction, as a share of that of the constant model: by the Newton decrement. */
  excessShare: number;
}

/** The share of the steepest possible slope that slopes are compared with where no feature explains anything. */
const FLAT = 1e-2;

/**
 * Corrects the moments' solution by what it lacks on the examples themselves, of which `read` gives all in each pass: the
 * gradient, in f64, through the factor. Each pass is a step of Newton's method whose curvature is as exact as the moments
 * are; factors of low and residuals of high precision are the iterative refinement of Wilkinson (Björck, Numerical
 * Methods for Least Squares Problems, 1996, section 2.9). 2·m·d multiply-adds a pass.
 */
export async function refineOnExamples(
  equations: NormalEquations,
  start: CenteredParameters,
  read: () => Parts,
  { fitIntercept }: Problem,
  signal: AbortSignal | undefined,
): Promise<RefinedSolution> {
  const { factor, lengths, penalties, units, means, targetLength } = equations;
  const weights = start.weights.slice();
  let { atCenter } = start;
  const losses: number[] = [];
  let [lastShare, rest, relativeGradient, excessShare] = [Infinity, Infinity, Infinity, Infinity];
  const steepest = Math.max(largest(equations.crossProducts), FLAT * targetLength);
  let isLast = false;
  for (let pass = 0; pass < MOST_PASSES && !isLast; pass++) {
    const sums = await residualSums(read(), { weights, atCenter }, means, signal);
    const slopes = weights.map((weight, j) => (penalties[j] as number) * weight);
    const penalty = slopes.reduce((sum, slope, j) => sum + slope * (weights[j] as number), 0);
    losses.push((sums.squares + penalty) / (2 * sums.count));
    const lacking = sums.products.map((product, j) => (product - (slopes[j] as number)) / (lengths[j] as number));
    const correction = factor.solveNormal(lacking, units);
    const columnLengths = weights.map((weight, j) => weight * (lengths[j] as number));
    const share = ratio(largest(correction), Math.max(largest(columnLengths), targetLength));
    rest = Math.min(rest, share);
    relativeGradient = ratio(largest(lacking), steepest);
    const excess = correction.reduce((sum, by, j) => sum + by * (lacking[j] as number), 0);
    excessShare = ratio(excess, targetLength ** 2 - (sums.squares + penalty) + excess);
    if (!(share < lastShare / 2)) break;
    correction.forEach((by, j) => (weights[j] = (weights[j] as number) + by / (lengths[j] as number)));
    if (fitIntercept) atCenter += sums.sum / sums.count;
    const leaves = Math.max(factorLeaves(equations), share, share / lastShare);
    isLast = share <= ROUNDING || (share <= NEGLIGIBLE && leaves * share <= ROUNDING);
    lastShare = share;
  }
  return { weights, atCenter, losses, rest, isRefined: lastShare <= NEGLIGIBLE, relativeGradient, excessShare };
}

/**
 * The share of an error that a correction by this factor leaves, at most; Infinity if it may be any. The equations may be off
 * by d times the rounding of their sums, which the inverse of their matrix multiplies: its norm is within some d of that of
 * the least pivot, squared (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 8.3).
 */
function factorLeaves({ factor: { rows, pivots, size }, precision }: NormalEquations): number {
  const least = rows.reduce((least, row, k) => Math.min(least, (row[pivots[k] as number] as number) ** 2), 1);
  return least < MODEST ? Infinity : (DEPENDENT[precision] * size ** 2) / least;
}

/** The ratio of a part to the whole; 0 if both are 0. */
function ratio(part: number, whole: number): number {
  return part === 0 ? 0 : part / whole;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
