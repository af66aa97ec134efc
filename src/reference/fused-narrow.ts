/**
 * Residual and gradient in one pass: the sums of src/reference/gradient.ts without residuals in between. The twin of
 * shaders/fused_narrow.wgsl, whose partials add up to these.
 */
export function fusedNarrow(
  features: readonly Float64Array[], // d columns of [m]
  targets: Float64Array, //             [m]
  parameters: Float64Array, //          [d + 1] weights, then the bias
  sums: Float64Array, //                [d + 2] written
): void {
  const featureCount = features.length;
  sums.fill(0);
  for (let i = 0; i < targets.length; i++) {
    let residual = (parameters[featureCount] as number) - (targets[i] as number);
    for (let j = 0; j < featureCount; j++) {
      residual += (parameters[j] as number) * ((features[j] as Float64Array)[i] as number);
    }
    for (let j = 0; j < featureCount; j++) {
      sums[j] = (sums[j] as number) + residual * ((features[j] as Float64Array)[i] as number);
    }
    sums[featureCount] = (sums[featureCount] as number) + residual;
    sums[featureCount + 1] = (sums[featureCount + 1] as number) + residual * residual;
  }
}
