/**
 * The sums over all examples that gradient and loss are made of: Σ r·xⱼ for each weight, Σ r for the bias, and twice the
 * losses, which are Σ r² unless they are given.
 * The twin of shaders/epoch/gradient.wgsl, whose partials add up to these.
 */
export function gradient(
  features: readonly Float64Array[], // d columns of [m]
  residuals: Float64Array, //           [m]
  sums: Float64Array, //                [d + 2] written
  twiceLosses?: Float64Array, //        [m]
): void {
  const featureCount = features.length;
  sums.fill(0);
  for (let j = 0; j < featureCount; j++) {
    const column = features[j] as Float64Array;
    let sum = 0;
    for (let i = 0; i < residuals.length; i++) sum += (residuals[i] as number) * (column[i] as number);
    sums[j] = sum;
  }
  let sum = 0;
  let losses = 0;
  residuals.forEach((value, i) => {
    sum += value;
    losses += twiceLosses ? (twiceLosses[i] as number) : value * value;
  });
  sums[featureCount] = sum;
  sums[featureCount + 1] = losses;
}
