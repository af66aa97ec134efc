import { inUnits, quotient } from './exact.js';

/** A column of whole numbers, each over the same scale. */
export interface RationalColumn {
  values: readonly bigint[];
  scale: bigint;
}

/** Least squares in exact rational arithmetic, every number rounded once or twice at the end. For tests alone. */
export interface ExactFit {
  /** [n] */
  coefficients: number[];
  /** [n] */
  standardErrors: number[];
  /** √(Σ r²/(m − n)) */
  residualDeviation: number;
  /** 1 − Σ r²/Σ (y − ȳ)², or about 0. */
  rSquared: number;
}

/**
 * The normal equations by Gauss and Jordan without fractions (Bareiss, "Sylvester's identity and multistep
 * integer-preserving Gaussian elimination", Mathematics of Computation 22 (1968), 565–578).
 */
export function exactLeastSquares(
  columns: readonly RationalColumn[],
  targets: RationalColumn,
  about: 'mean' | 'zero',
): ExactFit {
  const size = columns.length;
  const count = BigInt(targets.values.length);
  const dot = (a: RationalColumn, b: RationalColumn) =>
    a.values.reduce((sum, value, i) => sum + value * (b.values[i] as bigint), 0n);
  const cross = columns.map((column) => dot(column, targets));
  const rows = columns.map((a, i) => [
    ...columns.map((b) => dot(a, b)),
    cross[i] as bigint,
    ...columns.map((_, j) => (i === j ? 1n : 0n)),
  ]);
  const determinant = eliminate(rows);
  const solution = rows.map((row) => row[size] as bigint); // over the determinant
  const whole = dot(targets, targets);
  const explained = solution.reduce((sum, value, j) => sum + value * (cross[j] as bigint), 0n);
  const residualSquares = whole * determinant - explained; // over determinant · scale²
  const degrees = count - BigInt(size);
  const total = targets.values.reduce((sum, value) => sum + value, 0n);
  const squares = about === 'mean' ? count * whole - total * total : count * whole; // over count · scale²
  const squaredError = (j: number) => {
    const { scale } = columns[j] as RationalColumn;
    const inverse = (rows[j] as bigint[])[size + 1 + j] as bigint; // over the determinant
    return quotient(
      residualSquares * inverse * scale * scale,
      determinant * determinant * degrees * targets.scale * targets.scale,
      0,
    );
  };
  return {
    coefficients: solution.map((value, j) =>
      quotient(value * (columns[j] as RationalColumn).scale, determinant * targets.scale, 0),
    ),
    standardErrors: columns.map((_, j) => Math.sqrt(squaredError(j))),
    residualDeviation: Math.sqrt(quotient(residualSquares, determinant * degrees * targets.scale * targets.scale, 0)),
    rSquared: quotient(squares * determinant - count * residualSquares, squares * determinant, 0),
  };
}

/** f64 columns, exactly. */
export function rationalOf(values: ArrayLike<number>): RationalColumn {
  return { values: Array.from(values, inUnits), scale: 1n << 1074n };
}

/** Numbers as they are printed in decimals: 0.1 is a tenth. */
export function decimalOf(values: readonly number[]): RationalColumn {
  const places = values.map((value) =>
    /e/.test(String(value)) ? Number.NaN : (String(value).split('.')[1] ?? '').length,
  );
  const most = Math.max(...places);
  if (Number.isNaN(most)) throw new TypeError('numbers are printed without exponents');
  const scaled = values.map((value, i) => {
    return BigInt(String(value).replace('.', '')) * 10n ** BigInt(most - (places[i] as number));
  });
  return { values: scaled, scale: 10n ** BigInt(most) };
}

export function powerOf({ values, scale }: RationalColumn, exponent: number): RationalColumn {
  const power = BigInt(exponent);
  return { values: values.map((value) => value ** power), scale: scale ** power };
}

/** Turns the left square into its determinant times the identity, and returns the determinant. */
function eliminate(rows: bigint[][]): bigint {
  let before = 1n;
  rows.forEach((_, k) => {
    const pivotRow = rows[k] as bigint[];
    const pivot = pivotRow[k] as bigint;
    if (pivot === 0n) throw new TypeError('some columns depend on others');
    rows.forEach((row, i) => {
      if (i === k) return;
      const factor = row[k] as bigint;
      rows[i] = row.map((value, j) => (pivot * value - factor * (pivotRow[j] as bigint)) / before);
    });
    before = pivot;
  });
  return before;
}
