/**
 * The sums that the Hessian is made of: Σ c·[x 1][x 1]ᵀ for the second derivatives c of the examples' losses. Both triangles
 * are written. The twin of shaders/moments/hessian.wgsl and, after src/reference/second-derivatives.ts, of
 * shaders/moments/hessian_narrow.wgsl.
 */
export function hessian(
  features: readonly Float64Array[], // d columns of [m]
  curvatures: Float64Array, //          [m]
  sums: Float64Array, //                [d + 1, d + 1] row-major, written
): void {
  const size = features.length + 1;
  const columns = [...features, new Float64Array(curvatures.length).fill(1)];
  columns.forEach((left, i) => {
    columns.slice(0, i + 1).forEach((right, j) => {
      let sum = 0;
      for (let k = 0; k < curvatures.length; k++) {
        sum += (curvatures[k] as number) * (left[k] as number) * (right[k] as number);
      }
      sums[i * size + j] = sum;
      sums[j * size + i] = sum;
    });
  });
}
