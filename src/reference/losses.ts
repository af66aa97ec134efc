/**
 * 1/(2m)·Σ r² at each point of the parameter space. The twin of shaders/losses.wgsl and of shaders/losses_wide.wgsl, whose
 * partials add up to Σ r².
 */
export function losses(
  features: readonly Float64Array[], // d columns of [m]
  targets: Float64Array, //             [m]
  points: readonly Float64Array[], //   each [d + 1] weights, then the bias
): Float64Array {
  return Float64Array.from(points, (point) => {
    let squares = 0;
    for (let i = 0; i < targets.length; i++) {
      let residual = (point[features.length] as number) - (targets[i] as number);
      for (let j = 0; j < features.length; j++) {
        residual += (point[j] as number) * ((features[j] as Float64Array)[i] as number);
      }
      squares += residual * residual;
    }
    return squares / (2 * targets.length);
  });
}
