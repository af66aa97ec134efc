/**
 * One step of descent: gradient in, parameters out. The weights take the proximal step of src/reference/update.ts; the
 * bias has no penalty.
 */
export function step(
  gradient: Float64Array, //   [d + 1]
  { learningRate, l1, l2 }: { learningRate: number; l1: number; l2: number },
  parameters: Float64Array, // [d + 1] weights, then the bias
  next: Float64Array, //       [d + 1] written
): void {
  const bias = parameters.length - 1;
  next[bias] = (parameters[bias] as number) - learningRate * (gradient[bias] as number);
  if (l1 === 0 && l2 === 0) {
    for (let j = 0; j < bias; j++) next[j] = (parameters[j] as number) - learningRate * (gradient[j] as number);
    return;
  }
  for (let j = 0; j < bias; j++) {
    const weight = parameters[j] as number;
    const descended = weight - learningRate * ((gradient[j] as number) + l2 * weight);
    next[j] = Math.sign(descended) * Math.max(Math.abs(descended) - learningRate * l1, 0);
  }
}

/** l1·Σ|w| + l2/2·Σ w² of the weights. */
export function penaltyOf(parameters: Float64Array, { l1, l2 }: { l1: number; l2: number }): number {
  if (l1 === 0 && l2 === 0) return 0;
  let [sizes, squares] = [0, 0];
  for (let j = 0; j < parameters.length - 1; j++) {
    const weight = parameters[j] as number;
    sizes += Math.abs(weight);
    squares += weight * weight;
  }
  return l1 * sizes + (l2 / 2) * squares;
}
