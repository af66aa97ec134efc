/**
 * The sums that moments are made of, about a shift: Σ w·z and Σ w·zzᵀ for z = [x, y] − shift. Row i of the products
 * belongs to column i, features first, then targets, and both triangles are written. The twin of the kernel of the
 * same name. Returns Σ w, which is m where there are no weights.
 */
export function moments(
  features: readonly Float64Array[], //         d columns of [m]
  targets: readonly Float64Array[], //          t columns of [m]
  exampleWeights: Float64Array | undefined, //  [m]
  shift: Float64Array, //                       [d + t]
  sums: Float64Array, //                        [d + t] written
  products: Float64Array, //                    [d + t, d + t] row-major, written
): number {
  const columns = [...features, ...targets];
  const size = columns.length;
  const exampleCount = (columns[0] as Float64Array).length;
  let count = 0;
  sums.fill(0);
  products.fill(0);
  for (let example = 0; example < exampleCount; example++) {
    const weight = exampleWeights ? (exampleWeights[example] as number) : 1;
    count += weight;
    for (let i = 0; i < size; i++) {
      const weighted = weight * (((columns[i] as Float64Array)[example] as number) - (shift[i] as number));
      sums[i] = (sums[i] as number) + weighted;
      for (let j = 0; j < size; j++) {
        const deviation = ((columns[j] as Float64Array)[example] as number) - (shift[j] as number);
        products[i * size + j] = (products[i * size + j] as number) + weighted * deviation;
      }
    }
  }
  return count;
}
