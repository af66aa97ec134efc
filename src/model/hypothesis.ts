import type { WorkInParts } from '../base/turns.js';
import type { FloatArray } from '../data/numbers.js';

/** Values of features that are looked at in a part of the work. */
const PART_VALUES = 2 ** 14;

/** Features of rows, wherever they are. */
interface Features {
  rowCount: number;
  /** True for predictions in f32. */
  isF32: boolean;
  at: (row: number, feature: number) => number;
}

/** [m] `of` each h(x), some rows in each part of the work. */
export function* predictionsOf(
  { weights, bias }: { weights: Float64Array; bias: number },
  { rowCount, isF32, at }: Features,
  of: (h: number) => number,
): WorkInParts<FloatArray> {
  const predictions = isF32 ? new Float32Array(rowCount) : new Float64Array(rowCount);
  const partRows = Math.ceil(PART_VALUES / weights.length);
  for (let from = 0; from < rowCount; from += partRows) {
    if (from > 0) yield;
    const to = Math.min(rowCount, from + partRows);
    for (let i = from; i < to; i++) predictions[i] = of(hypothesis(weights, bias, (j) => at(i, j)));
  }
  return predictions;
}

/** h(x) = b + Σ wⱼxⱼ in f64, added up in the order of the features. */
export function hypothesis(weights: Float64Array, bias: number, feature: (j: number) => number): number {
  let prediction = bias;
  for (let j = 0; j < weights.length; j++) prediction += (weights[j] as number) * feature(j);
  return prediction;
}

/** The probability of label 1 at log-odds h. */
export function sigmoid(h: number): number {
  return 1 / (1 + Math.exp(-h));
}
