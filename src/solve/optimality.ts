/** The penalties l1·Σ|w| + l2/2·Σ w² of the weights in training units; the bias, last of the parameters, has none. */
export interface Penalties {
  l1: number;
  l2: number;
}

/**
 * The subgradient of least norm of the objective, [d + 1]: all 0 at the optimum, and nowhere else. At a weight of 0 the
 * penalty l1 takes up slopes of the loss of up to l1. `gradient` is that of the loss, without penalties.
 */
export function leastSubgradient(
  gradient: Float64Array,
  parameters: Float64Array,
  { l1, l2 }: Penalties,
): Float64Array {
  const bias = gradient.length - 1;
  return gradient.map((of, j) => {
    if (j === bias) return of;
    const weight = parameters[j] as number;
    const slope = of + l2 * weight;
    if (weight !== 0) return slope + (weight > 0 ? l1 : -l1);
    return shrunk(slope, l1);
  });
}

/**
 * The largest violation of the optimality conditions of Karush, Kuhn and Tucker: the largest entry, by size, of the
 * subgradient of least norm. 0 at the optimum.
 */
export function kktViolation(gradient: Float64Array, parameters: Float64Array, l1: number, l2: number): number {
  return largestSize(leastSubgradient(gradient, parameters, { l1, l2 }));
}

/**
 * A bound of the excess of the objective over its minimum under the squared loss with l1 > 0: the duality gap at the
 * residuals, brought down to where no feature has a slope beyond l1 (Kim, Koh, Lustig, Boyd and Gorinevsky, "An
 * interior-point method for large-scale l1-regularized least squares", IEEE Journal of Selected Topics in Signal
 * Processing 1 (2007), 606–617). l2 counts as rows below the examples. The bias must be the best for the weights.
 */
export function lassoGap(
  { loss, gradient }: { loss: number; gradient: Float64Array },
  parameters: Float64Array, // [d + 1]
  { l1, l2 }: Penalties,
): number {
  const bias = gradient.length - 1;
  const weights = parameters.subarray(0, bias);
  const slopes = weights.map((weight, j) => (gradient[j] as number) + l2 * weight);
  const steepest = largestSize(slopes);
  const share = steepest > l1 ? l1 / steepest : 1;
  // ‖r‖² of the residuals, means of squares, and of the rows of l2.
  const squares = 2 * loss + weights.reduce((sum, weight) => sum + l2 * weight * weight, 0);
  const rest = weights.reduce(
    (sum, weight, j) => sum + (share * (slopes[j] as number) * weight + l1 * Math.abs(weight)),
    0,
  );
  return ((1 - share) ** 2 * squares) / 2 + Math.max(0, rest);
}

/** The value brought nearer to 0 by the threshold, and no further than 0. */
export function shrunk(value: number, threshold: number): number {
  return Math.abs(value) <= threshold ? 0 : value - Math.sign(value) * threshold; // never −0; NaN stays
}

/** The largest size of an entry; NaN if any entry is. */
export function largestSize(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
