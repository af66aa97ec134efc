import { atOnce, type WorkInParts } from '../base/turns.js';
import type { FloatArray } from './dataset.js';
import { totalWeight } from './example-weights.js';

/** The center and the spread of a column, over the examples with a weight above 0. */
export interface ColumnSpread {
  /** The mean; 0 if the column is not centered. */
  center: number;
  /** The standard deviation over m; without centering the root mean square; 1 if the column is constant. */
  deviation: number;
  /** True if the column holds a single value but for rounding; without centering, if that value is 0. */
  isConstant: boolean;
}

/**
 * Values that differ by at most this many roundings of the largest of them are the same value: it came out of a computation,
 * which rounds a few times. Features that differ by less than eight roundings have no digits to learn from.
 */
const ROUNDINGS = 8;

/** True if a distance from the center is no more than the rounding of values of this size in this kind of column. */
export function isRounding(reach: number, size: number, column: FloatArray): boolean {
  return reach <= ROUNDINGS * (column instanceof Float32Array ? 2 ** -24 : 2 ** -53) * size;
}

/** Computes the center and the spread of a column in f64; no square overflows. */
export function spreadOf(column: FloatArray, weights: FloatArray | undefined, isCentered: boolean): ColumnSpread {
  return atOnce(spreadInParts(column, weights, isCentered));
}

/** The same, a pass over the column in each part of the work. */
export function* spreadInParts(
  column: FloatArray,
  weights: FloatArray | undefined,
  isCentered: boolean,
): WorkInParts<ColumnSpread> {
  const total = totalWeight(column.length, weights);
  const first = weights ? weights.findIndex((weight) => weight > 0) : 0;
  const origin = isCentered ? (column[first] as number) : 0;
  let shift = 0; // from the first value on, which cancels less than a sum of large values
  let size = 0;
  for (let i = 0; i < column.length; i++) {
    const weight = weights ? (weights[i] as number) : 1;
    if (weight === 0) continue;
    shift += (weight / total) * ((column[i] as number) - origin);
    size = Math.max(size, Math.abs(column[i] as number));
  }
  const center = isCentered ? origin + shift : 0;
  yield;
  let reach = 0;
  for (let i = 0; i < column.length; i++) {
    if (!weights || (weights[i] as number) > 0) reach = Math.max(reach, Math.abs((column[i] as number) - center));
  }
  if (reach === 0 || (isCentered && isRounding(reach, size, column))) {
    return { center: isCentered ? origin : 0, deviation: 1, isConstant: true };
  }
  yield;
  let squares = 0;
  for (let i = 0; i < column.length; i++) {
    const weight = weights ? (weights[i] as number) : 1;
    if (weight === 0) continue; // whose square may overflow
    const deviation = ((column[i] as number) - center) / reach;
    squares += (weight / total) * deviation * deviation;
  }
  return { center, deviation: reach * Math.sqrt(squares), isConstant: false };
}

/** [d] The spread of each column, a pass over it in each part of the work. */
export function* spreadsInParts(
  columns: readonly FloatArray[],
  weights: FloatArray | undefined,
  isCentered: boolean,
): WorkInParts<ColumnSpread[]> {
  const spreads: ColumnSpread[] = [];
  for (const column of columns) {
    spreads.push(yield* spreadInParts(column, weights, isCentered));
    yield;
  }
  return spreads;
}
