import type { Moments } from './moments.js';
import { SquaredLoss } from './squared-loss.js';

/** The squared loss ½·mean (h(x) − y)² of a model in the units of the data, over the examples that moments are of. */
export function squaredLossOf(
  { weights, bias }: { weights: ArrayLike<number>; bias: number },
  moments: Moments,
): number {
  const parameters = Float64Array.of(...Array.from(weights), bias);
  return new SquaredLoss(moments, { standardize: false }, 0).gradient(parameters, new Float64Array(parameters.length));
}

/** R² of a model over the examples that moments are of; for targets of one value 1 when all are met, and else 0. */
export function explainedShareOf(model: { weights: ArrayLike<number>; bias: number }, moments: Moments): number {
  const residualSquares = 2 * moments.count * squaredLossOf(model, moments);
  const totalSquares = moments.targetScatter[0] as number;
  if (totalSquares === 0) return residualSquares === 0 ? 1 : 0;
  return 1 - residualSquares / totalSquares;
}
