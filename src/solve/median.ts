import type { WorkInParts } from '../base/turns.js';

/**
 * The median of values, each counting by its weight: half of the total weight is on either side. As in R, the mean of the two
 * middle values where the halves meet between them. Reorders `values` and `weights`. Expected time grows with their number
 * (Hoare, "Algorithm 65: Find", Communications of the ACM 4 (1961), 321–322). NaN for no values.
 *
 *     atOnce(weightedMedian(Float64Array.of(3, 1, 2, 10))) // 2.5
 */
export function* weightedMedian(values: Float64Array, weights?: Float64Array): WorkInParts<number> {
  const count = values.length;
  if (count === 0) return Number.NaN;
  const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : count;
  const lower = yield* select(values, weights, (below) => below < total / 2);
  const upper = yield* select(values, weights, (below) => below <= total / 2);
  return lower / 2 + upper / 2;
}

/** Swaps in a part of the work: less than a millisecond. */
const SWAPS_AT_ONCE = 2 ** 14;

/** The first value, in rising order, at which the weight up to and with it is no longer `isBefore`. */
function* select(
  values: Float64Array,
  weights: Float64Array | undefined,
  isBefore: (weightUpTo: number) => boolean,
): WorkInParts<number> {
  let [low, high, below] = [0, values.length - 1, 0];
  while (low < high) {
    const split = yield* partition(values, weights, low, high);
    const left = weightOf(weights, low, split);
    if (isBefore(below + left)) {
      below += left;
      low = split;
    } else {
      high = split - 1;
    }
  }
  return values[low] as number;
}

/** Parts values from `low` to `high` into two that are not empty, the first nowhere above the second; returns where it begins. */
function* partition(
  values: Float64Array,
  weights: Float64Array | undefined,
  low: number,
  high: number,
): WorkInParts<number> {
  const pivot = middleOf(values[low] as number, values[(low + high) >>> 1] as number, values[high] as number);
  let [i, j] = [low, high];
  while (i <= j) {
    while ((values[i] as number) < pivot) i++;
    while ((values[j] as number) > pivot) j--;
    if (i > j) break;
    swap(values, i, j);
    if (weights) swap(weights, i, j);
    i++;
    j--;
    if (i % SWAPS_AT_ONCE === 0) yield;
  }
  return i > low && i <= high ? i : high;
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function swap(values: Float64Array, i: number, j: number): void {
  const value = values[i] as number;
  values[i] = values[j] as number;
  values[j] = value;
}

function weightOf(weights: Float64Array | undefined, from: number, to: number): number {
  if (!weights) return to - from;
  let sum = 0;
  for (let i = from; i < to; i++) sum += weights[i] as number;
  return sum;
}
