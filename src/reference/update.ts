/**
 * w ← w − λ·∂L/∂w and b ← b − λ·∂L/∂b, in place, unless the loss is not finite. The twin of shaders/update.wgsl.
 * Returns the loss that the sums belong to: 1/(2m)·Σ r².
 */
export function update(
  sums: Float64Array, //       [d + 2] of src/reference/gradient.ts
  exampleCount: number,
  learningRate: number,
  parameters: Float64Array, // [d + 1] written
): number {
  const loss = (sums[parameters.length] as number) / (2 * exampleCount);
  if (!Number.isFinite(loss)) return loss;
  for (let j = 0; j < parameters.length; j++) {
    parameters[j] = (parameters[j] as number) - learningRate * ((sums[j] as number) / exampleCount);
  }
  return loss;
}
