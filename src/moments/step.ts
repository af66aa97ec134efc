/** One step of descent, p − λ·∂L/∂p for the weights and the bias alike: gradient in, parameters out. */
export function step(
  gradient: Float64Array, //   [d + 1]
  learningRate: number,
  parameters: Float64Array, // [d + 1] weights, then the bias
  next: Float64Array, //       [d + 1] written
): void {
  for (let j = 0; j < parameters.length; j++) {
    next[j] = (parameters[j] as number) - learningRate * (gradient[j] as number);
  }
}
