/**
 * Means and scatter in exact rational arithmetic, rounded once at the end. For tests alone: what sums in f64 are held
 * against.
 */
export interface ExactMoments {
  /** [n] */
  means: number[];
  /** [n][n] Σ w·(a − mean)(b − mean) */
  scatter: number[][];
}

/** Every f64 is a whole multiple of 2^-1074. */
const UNIT_BITS = 1074;

export function exactMoments(columns: readonly ArrayLike<number>[], weights?: ArrayLike<number>): ExactMoments {
  const units = columns.map((column) => Array.from(column, inUnits));
  const w = Array.from(columns[0] ?? [], (_, i) => inUnits(weights ? (weights[i] as number) : 1));
  const count = sum(w);
  const sums = units.map((column) => sum(column.map((value, i) => value * (w[i] as bigint))));
  const means = sums.map((value) => quotient(value, count, UNIT_BITS));
  const scatter = units.map((a, i) =>
    units.map((b, j) => {
      const products = sum(a.map((value, row) => value * (b[row] as bigint) * (w[row] as bigint)));
      return quotient(count * products - (sums[i] as bigint) * (sums[j] as bigint), count, 3 * UNIT_BITS);
    }),
  );
  return { means, scatter };
}

/** Σ w·z and Σ w·zzᵀ for z = column − shift, likewise exact. */
export function exactSums(
  columns: readonly ArrayLike<number>[],
  shift: ArrayLike<number>,
  weights?: ArrayLike<number>,
) {
  const z = columns.map((column, i) => Array.from(column, (value) => inUnits(value) - inUnits(shift[i] as number)));
  const w = Array.from(columns[0] ?? [], (_, i) => inUnits(weights ? (weights[i] as number) : 1));
  const total = (terms: bigint[], bits: number) => quotient(sum(terms), 1n, bits);
  return {
    count: total(w, UNIT_BITS),
    sums: z.map((a) => total(a.map((value, row) => value * (w[row] as bigint)), 2 * UNIT_BITS)), // prettier-ignore
    products: z.flatMap((a) =>
      z.map((b) =>
        total(
          a.map((value, row) => value * (b[row] as bigint) * (w[row] as bigint)),
          3 * UNIT_BITS,
        ),
      ),
    ),
  };
}

/** The whole multiple of 2^-1074 that a number is. */
export function inUnits(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const exponent = bits >> 52n;
  const fraction = bits & ((1n << 52n) - 1n);
  const magnitude = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n);
  return value < 0 ? -magnitude : magnitude;
}

/** numerator/denominator·2^−bits, off by a rounding or two. */
export function quotient(numerator: bigint, denominator: bigint, bits: number): number {
  if (numerator === 0n) return 0;
  const magnitude = numerator < 0n ? -numerator : numerator;
  // As many bits as leave a quotient of 64 or a few more.
  const extra = 64 + denominator.toString(2).length - magnitude.toString(2).length;
  const scaled = extra > 0 ? (magnitude << BigInt(extra)) / denominator : (magnitude >> BigInt(-extra)) / denominator;
  const value = Number(scaled) * 2 ** -32;
  // The power in two steps, neither of which leaves f64.
  const power = 32 - extra - bits;
  const half = Math.trunc(power / 2);
  return (numerator < 0n ? -1 : 1) * value * 2 ** half * 2 ** (power - half);
}

function sum(terms: readonly bigint[]): bigint {
  return terms.reduce((total, term) => total + term, 0n);
}
