/** What a step goes by. */
export interface StepOptions {
  learningRate: number;
  /** The penalties l1·Σ|w| + l2/2·Σ w², which spare the bias. Default 0. */
  l1?: number;
  l2?: number;
  /**
   * [d + 1] factors on λ for parameters that are stored in other units than training takes them in: a parameter of
   * scale s is √s times as large in training units as stored. Default 1 for all.
   */
  stepScales?: ArrayLike<number>;
}

/**
 * w ← soft(w − λ·(∂L/∂w + l2·w), λ·l1) and b ← b − λ·∂L/∂b, in place, unless the loss is not finite; soft(v, t) takes t
 * off the size of v, as far as there is so much. The twin of shaders/update.wgsl. Returns the objective that the sums
 * belong to: 1/(2m)·Σ r², and the penalties of the weights before the step.
 */
export function update(
  sums: Float64Array, //       [d + 2] of src/reference/gradient.ts
  exampleCount: number,
  { learningRate, l1 = 0, l2 = 0, stepScales }: StepOptions,
  parameters: Float64Array, // [d + 1] written
): number {
  const bias = parameters.length - 1;
  const loss = (sums[parameters.length] as number) / (2 * exampleCount);
  if (!Number.isFinite(loss)) return loss;
  let objective = loss;
  for (let j = 0; j < parameters.length; j++) {
    const scale = stepScales ? (stepScales[j] as number) : 1;
    const parameter = parameters[j] as number;
    const gradient = (sums[j] as number) / exampleCount;
    if (j === bias) {
      parameters[j] = parameter - learningRate * scale * gradient;
      continue;
    }
    const weight = scale > 0 ? parameter / Math.sqrt(scale) : 0;
    objective += l1 * Math.abs(weight) + (l2 / 2) * weight * weight;
    const descended = parameter - learningRate * (scale * gradient + l2 * parameter);
    const threshold = learningRate * l1 * Math.sqrt(scale);
    parameters[j] = Math.sign(descended) * Math.max(Math.abs(descended) - threshold, 0);
  }
  return objective;
}
