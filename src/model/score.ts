import type { FloatArray } from '../data/dataset.js';
import { totalWeight } from '../data/example-weights.js';

/** R², of examples as they count; for targets of one value 1 when all are met, and else 0. */
export function explainedShare(predictions: Float64Array, targets: FloatArray, weights?: FloatArray): number {
  const weightOf = (i: number) => (weights ? (weights[i] as number) : 1);
  let total = 0;
  for (let i = 0; i < targets.length; i++) total += weightOf(i) * (targets[i] as number);
  const mean = total / totalWeight(targets.length, weights);
  let value: number | undefined;
  let isConstant = true; // by the values: the mean of equal numbers may be rounded
  let residualSquares = 0;
  let totalSquares = 0;
  for (let i = 0; i < targets.length; i++) {
    if (weightOf(i) === 0) continue;
    const target = targets[i] as number;
    value ??= target;
    isConstant &&= target === value;
    residualSquares += weightOf(i) * ((predictions[i] as number) - target) ** 2;
    totalSquares += weightOf(i) * (target - mean) ** 2;
  }
  if (isConstant) return residualSquares === 0 ? 1 : 0;
  return 1 - residualSquares / totalSquares;
}

/** The more probable label. At odds of one to one it is 0, and of NaN there is none: NaN. */
export function labelOf(logOdds: number): number {
  if (Number.isNaN(logOdds)) return Number.NaN;
  return logOdds > 0 ? 1 : 0;
}

/** The share of labels that log-odds give right, of examples as they count. */
export function accuracy(logOdds: Float64Array, labels: FloatArray, weights?: FloatArray): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labelOf(logOdds[i] as number) === labels[i]) right += weights ? (weights[i] as number) : 1;
  }
  return right / totalWeight(labels.length, weights);
}
