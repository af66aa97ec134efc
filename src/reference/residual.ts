/** r = X·w + b − y. The twin of shaders/residual.wgsl. */
export function residual(
  features: readonly Float64Array[], // d columns of [m]
  targets: Float64Array, //             [m]
  parameters: Float64Array, //          [d + 1] weights, then the bias
  residuals: Float64Array, //           [m] written
): void {
  const featureCount = features.length;
  for (let i = 0; i < targets.length; i++) {
    let prediction = parameters[featureCount] as number;
    for (let j = 0; j < featureCount; j++) {
      prediction += (parameters[j] as number) * ((features[j] as Float64Array)[i] as number);
    }
    residuals[i] = prediction - (targets[i] as number);
  }
}
