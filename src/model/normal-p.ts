/** From this z on the continued fraction for the tail takes fewer terms than the series about 0. */
const FRACTION_FROM = 3;

/** Terms that leave no digit of f64 on either side of `FRACTION_FROM`. */
const MOST_TERMS = 200;

/**
 * The probability that a standard normal variable lies as far from 0 as z, on either side: the p of a z statistic. It is
 * erfc(|z|/√2): 1 less the series of erf (DLMF 7.6.2) for small z, and a continued fraction (DLMF 7.9.1) for large ones,
 * whose small p keep all digits but two or so.
 *
 *     twoSidedNormalP(1.96) // 0.0500
 */
export function twoSidedNormalP(z: number): number {
  const size = Math.abs(z);
  const density = Math.exp((-size * size) / 2) * Math.sqrt(2 / Math.PI); // on both sides
  if (size === Infinity || density === 0) return 0;
  if (size < FRACTION_FROM) {
    let [term, sum] = [size, size];
    for (let n = 3; term > 2 ** -54 * sum; n += 2) {
      term *= (size * size) / n;
      sum += term;
    }
    return 1 - density * sum;
  }
  // z + 1/(z + 2/(z + 3/(z + …))), from its end.
  let denominator = size;
  for (let n = MOST_TERMS; n > 0; n--) denominator = size + n / denominator;
  return density / denominator;
}
