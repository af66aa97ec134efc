import { Moments, type Precision } from './moments.js';

/** Sums over examples about a shift, for z = [x, y] − shift of n = d + t numbers: the features, then the targets. */
export interface ShiftedSums {
  /** m, or Σ w of the examples' weights. */
  count: number;
  /** [n] A point near the means: the nearer, the more digits are left. For a column of one value, that value. */
  shift: Float64Array;
  /** [n] Σ w·z. */
  sums: Float64Array;
  /** [n, n] row-major, Σ w·zzᵀ. Read are the upper triangle and, between targets, the diagonal. */
  products: Float64Array;
}

/**
 * A sum of squares about the mean that is under this share of the one about the shift is what rounding left: the column
 * holds one value. A spread a millionth as wide as the mean's way from the shift has fewer than four digits left even
 * in f64.
 */
const NOTHING_LEFT = 2 ** -40;

/** A spread of so few roundings of the mean is that of one value which was computed: see src/data/column-layout.ts. */
const ROUNDINGS = 8 * 2 ** -53;

/** True if a sum of squares about the mean is no more than the rounding of a column of one value leaves. */
export function isOneValue(square: number, count: number, mean: number): boolean {
  return square <= count * (ROUNDINGS * mean) ** 2;
}

/**
 * Moments from sums about a shift, as a pass over the examples leaves them; add up the sums of several passes about
 * the same shift first. S = Σ w·zzᵀ − (Σ w·z)(Σ w·z)ᵀ/Σ w.
 *
 * Throws as the constructor of `Moments` does, `NON_FINITE_VALUE` for sums that overflowed, for example.
 *
 *     const sums = { count: 3, shift: Float64Array.of(2, 5), sums: Float64Array.of(3, 0), products };
 *     momentsFromShiftedSums(sums, ['area'], ['price']).means // [3], 2 + 3/3
 */
export function momentsFromShiftedSums(
  { count, shift, sums, products }: ShiftedSums,
  featureNames: readonly string[],
  targetNames: readonly string[],
  precision: Precision = 'f64',
): Moments {
  const [featureCount, targetCount] = [featureNames.length, targetNames.length];
  const size = featureCount + targetCount;
  const mean = (i: number) => (shift[i] as number) + (sums[i] as number) / count;
  const about = (i: number, j: number) =>
    (products[i * size + j] as number) - ((sums[i] as number) / count) * (sums[j] as number);
  const squares = Float64Array.from({ length: size }, (_, i) => {
    const whole = products[i * size + i] as number;
    const square = about(i, i);
    // Sums that overflowed stay what they are: the constructor refuses them.
    if (!Number.isFinite(whole)) return square;
    return square > NOTHING_LEFT * whole && !isOneValue(square, count, mean(i)) ? square : 0;
  });
  const centred = (i: number, j: number) => (squares[i] === 0 || squares[j] === 0 ? 0 : about(i, j));

  const scatter = new Float64Array(featureCount * featureCount);
  const crossScatter = new Float64Array(featureCount * targetCount);
  for (let i = 0; i < featureCount; i++) {
    scatter[i * featureCount + i] = squares[i] as number;
    for (let j = i + 1; j < featureCount; j++) {
      scatter[i * featureCount + j] = scatter[j * featureCount + i] = centred(i, j);
    }
    for (let k = 0; k < targetCount; k++) crossScatter[i * targetCount + k] = centred(i, featureCount + k);
  }
  return new Moments({
    featureNames,
    targetNames,
    count,
    means: Float64Array.from({ length: featureCount }, (_, i) => mean(i)),
    targetMeans: Float64Array.from({ length: targetCount }, (_, k) => mean(featureCount + k)),
    scatter,
    crossScatter,
    targetScatter: squares.slice(featureCount),
    precision,
  });
}
