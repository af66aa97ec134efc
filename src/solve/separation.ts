import { inTurns } from '../base/turns.js';
import type { HostEvaluator } from './host-evaluator.js';
import { pivotedCholesky } from './pivoted-cholesky.js';

/** Margins under this share of the largest may be 0: the direction is known to about so many digits. */
const NEAR = 1e-3;

/** Once the direction is projected, margins that are 0 are so but for rounding. */
const ROUNDING = 2 ** -40;

/** Projections one after another: each takes off what rounding left by the one before. */
const PROJECTIONS = 3;

/** Features of which the boundary leaves less than this, times d, do not vary on it. */
const DEPENDENT = 2 ** -40;

/** Examples that are looked at from afar, such as those of an engine of SQL. */
export interface MarginSource extends Pick<HostEvaluator, 'gramWhere'> {
  /** The least and the largest (2y − 1)·v·[x 1] of the examples. */
  margins(direction: Float64Array, signal: AbortSignal | undefined): Promise<Margins>;
}

/** The examples of a fit, wherever they are. */
export type SeparationExamples = MarginSource | HostEvaluator;

interface Margins {
  least: number;
  largest: number;
}

/** A proof that no finite parameters minimize the logistic loss. */
export interface Separation {
  /** 'complete': every example is on its side. 'quasi': some lie on the boundary. */
  kind: 'complete' | 'quasi';
}

/**
 * Looks for a direction v in which the logistic loss falls for ever: (2y − 1)·v·[x 1] ≥ 0 for all examples, and > 0 for some
 * (Albert and Anderson, "On the existence of maximum likelihood estimates in logistic regression models", Biometrika 71
 * (1984), 1–10). Tries the parameters themselves, which prove complete separation if they tell all examples apart, and
 * their last change, whose direction Newton's steps approach. Under quasi-complete separation the examples near the
 * boundary of that direction are put onto it exactly, by projection, and all examples are looked at again.
 */
export async function findSeparation(
  evaluator: SeparationExamples,
  parameters: Float64Array,
  change: Float64Array,
  signal: AbortSignal | undefined,
): Promise<Separation | null> {
  const own = await marginsOf(evaluator, parameters, signal);
  if (own.least > 0) return { kind: 'complete' };
  const along = await marginsOf(evaluator, change, signal);
  if (along.least > 0) return { kind: 'complete' };
  if (!(along.least >= -NEAR * along.largest)) return null;
  const projected = await ontoBoundary(evaluator, change, NEAR * along.largest, signal);
  if (!projected) return null;
  const exact = await marginsOf(evaluator, projected, signal);
  if (exact.least > 0) return { kind: 'complete' };
  return exact.largest > 0 && exact.least >= -ROUNDING * exact.largest ? { kind: 'quasi' } : null;
}

/** The least and the largest (2y − 1)·v·[x 1] of the examples. */
async function marginsOf(
  evaluator: SeparationExamples,
  direction: Float64Array,
  signal: AbortSignal | undefined,
): Promise<Margins> {
  if ('margins' in evaluator) return evaluator.margins(direction, signal);
  const margins = { least: Infinity, largest: -Infinity };
  await evaluator.eachPrediction(direction, signal, (prediction, label) => {
    const margin = label === 1 ? prediction : -prediction;
    if (margin < margins.least) margins.least = margin;
    if (margin > margins.largest) margins.largest = margin;
  });
  return margins;
}

/**
 * The part of a direction that is 0 at every example within `near` of its boundary; null if only 0 is. With G = Σ [x 1][x 1]ᵀ
 * over these examples, it is v less the smallest u with G·u = G·v.
 */
async function ontoBoundary(
  evaluator: Pick<HostEvaluator, 'gramWhere'>,
  direction: Float64Array, // [d + 1]
  near: number,
  signal: AbortSignal | undefined,
): Promise<Float64Array | null> {
  const size = direction.length;
  const gram = await evaluator.gramWhere(direction, near, signal);
  const lengths = Float64Array.from({ length: size }, (_, j) => Math.sqrt(gram[j * size + j] as number) || 1);
  const unit = gram.map((value, at) => value / (lengths[Math.floor(at / size)] as number) / (lengths[at % size] as number)); // prettier-ignore
  const factor = await inTurns(pivotedCholesky(unit, size, DEPENDENT * size), signal);
  const scales = lengths.map((length) => 1 / length);
  await inTurns(factor.prepare(scales), signal);
  let left = direction;
  for (let k = 0; k < PROJECTIONS; k++) {
    const products = lengths.map((length, j) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += (gram[j * size + i] as number) * (left[i] as number);
      return sum / length;
    });
    const along = factor.solveNormal(products, scales);
    left = left.map((value, j) => value - (along[j] as number) / (lengths[j] as number));
  }
  return largest(left) > ROUNDING * largest(direction) ? left : null;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
