/** Terms of the continued fraction at most; about √ν are needed where both tails are of a size. */
const MOST_TERMS = 100_000;

/** From here on six terms of the series for the ratio of gamma functions are right to f64. */
const SERIES_FROM = 100;

/**
 * The probability that Student's t with ν degrees of freedom lies as far from 0 as t, on either side: the p of a t
 * statistic. It is the incomplete beta function I_x(ν/2, 1/2) at x = ν/(ν + t²) (DLMF 26 and 8.17), small ones to their
 * last digits but two or so.
 *
 *     twoSidedP(2, 10) // 0.0734, of ten degrees of freedom
 */
export function twoSidedP(t: number, degrees: number): number {
  const squared = t * t;
  if (squared === 0) return 1;
  if (squared === Infinity) return 0;
  const half = degrees / 2;
  const x = degrees / (degrees + squared);
  const y = squared / (degrees + squared); // 1 − x, where nothing cancels
  // x^a·y^b/B(a, b), for a = ν/2 and b = 1/2
  const front =
    Math.exp(-half * Math.log1p(squared / degrees)) * Math.sqrt(y) * (gammaRatio(half) / Math.sqrt(Math.PI));
  return x < (half + 1) / (half + 2.5)
    ? (front / half) * betaFraction(half, 0.5, x)
    : 1 - (front / 0.5) * betaFraction(0.5, half, y);
}

/** Γ(x + ½)/Γ(x): its asymptotic series (DLMF 5.11.13), after steps of r(x) = r(x + 1)·x/(x + ½) up to where it holds. */
function gammaRatio(x: number): number {
  let factor = 1;
  let at = x;
  for (; at < SERIES_FROM; at++) factor *= at / (at + 0.5);
  const z = 1 / at;
  const series = 1 + z * (-1 / 8 + z * (1 / 128 + z * (5 / 1024 + z * (-21 / 32768 + (z * -399) / 262144))));
  return factor * Math.sqrt(at) * series;
}

/** The continued fraction of the incomplete beta function (DLMF 8.17.22), from its front on (Lentz 1976). */
function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    value *= d * c;
    if (Math.abs(d * c - 1) < 2 ** -52) break;
  }
  return value;
}
