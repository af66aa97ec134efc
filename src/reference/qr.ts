import { isRounding } from '../data/column-layout.js';
import { largestEigenvalueNow } from '../base/largest-eigenvalue.js';
import type { Dataset, FloatArray } from '../data/dataset.js';

/** The exact answer to the problem that descent approaches. */
export interface LeastSquares {
  /** [d] in the units of the data. */
  weights: Float64Array;
  bias: number;
  /** Largest over smallest singular value of the standardised features: how hard the answer is to reach. */
  conditionNumber: number;
}

/** A column whose rest after elimination is under this share of itself depends on the others, as far as f64 can tell. */
const DEPENDENT = 1e-12;

/**
 * The oracle: ordinary least squares with a bias, by Householder QR in f64 (Golub and Van Loan, Matrix
 * Computations, 4th ed., section 5.3). It knows nothing of descent. m·d² work, for checking.
 *
 * Columns are centred and scaled first, which changes the answer in no digit that matters and keeps offsets such
 * as years from spoiling it. A column that depends on those before it gets weight 0 and an infinite condition.
 */
export function leastSquares(dataset: Dataset): LeastSquares {
  const { exampleCount, featureCount } = dataset;
  const columns = dataset.columns.map((column) => Float64Array.from(column));
  const centers = columns.map((column, j) => center(column, dataset.columns[j]));
  const scales = columns.map((column) => Math.sqrt(column.reduce((sum, value) => sum + value * value, 0)));
  columns.forEach((column, j) => {
    const scale = scales[j] as number;
    if (scale > 0) column.forEach((value, i) => (column[i] = value / scale));
  });
  const rightHandSide = Float64Array.from(dataset.targets);
  const targetCenter = center(rightHandSide);

  // Each reflection zeroes one column under the diagonal; row k of R is then columns[j][k] for j ≥ k.
  const pivots: number[] = []; // pivots[k]: the column that row k belongs to
  const free: number[] = [];
  columns.forEach((column, j) => {
    const row = pivots.length;
    const reflector = row < exampleCount ? householder(column, row) : undefined;
    if (!reflector) {
      free.push(j);
      return;
    }
    for (const other of [...columns.slice(j), rightHandSide]) reflect(other, reflector, row);
    pivots.push(j);
  });

  const scaled = new Float64Array(featureCount);
  for (let k = pivots.length - 1; k >= 0; k--) {
    let sum = rightHandSide[k] as number;
    for (const j of pivots.slice(k + 1)) sum -= ((columns[j] as Float64Array)[k] as number) * (scaled[j] as number);
    const pivot = pivots[k] as number;
    scaled[pivot] = sum / ((columns[pivot] as Float64Array)[k] as number);
  }
  const weights = scaled.map((value, j) => (scales[j] === 0 ? 0 : value / (scales[j] as number)));
  const bias = targetCenter - weights.reduce((sum, weight, j) => sum + weight * (centers[j] as number), 0);
  const upper = pivots.map((_, row) =>
    Float64Array.from(pivots, (j, at) => (at < row ? 0 : ((columns[j] as Float64Array)[row] as number))),
  );
  const isDependent = free.some((j) => (scales[j] as number) > 0);
  return { weights, bias, conditionNumber: isDependent ? Infinity : conditionOfUpper(upper) };
}

/** Takes the mean off a column, in place, and returns it. A column of one value becomes zeros, not rounding errors. */
function center(column: Float64Array, given: FloatArray = column): number {
  const first = column[0] as number;
  if (column.every((value) => value === first || isRounding(Math.abs(value - first), Math.abs(first), given))) {
    column.fill(0);
    return first;
  }
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  column.forEach((value, i) => (column[i] = value - mean));
  return mean;
}

/** The unit vector v, zero above `row`, whose reflection I − 2vvᵀ zeroes the column under `row`. */
function householder(column: Float64Array, row: number): Float64Array | undefined {
  const reflector = column.slice();
  reflector.fill(0, 0, row);
  const length = Math.sqrt(reflector.reduce((sum, value) => sum + value * value, 0));
  // Columns come in with length 1, so what is left is a share of the whole.
  if (!(length > DEPENDENT)) return undefined;
  const head = reflector[row] as number;
  reflector[row] = head + (head < 0 ? -length : length);
  const norm = Math.sqrt(reflector.reduce((sum, value) => sum + value * value, 0));
  return reflector.map((value) => value / norm);
}

function reflect(column: Float64Array, reflector: Float64Array, row: number): void {
  let product = 0;
  for (let i = row; i < column.length; i++) product += (reflector[i] as number) * (column[i] as number);
  for (let i = row; i < column.length; i++) {
    column[i] = (column[i] as number) - 2 * product * (reflector[i] as number);
  }
}

/**
 * The condition number of an upper triangle R, from the largest eigenvalues of RᵀR and of its inverse: some 80·d² work, and about
 * six digits.
 */
function conditionOfUpper(rows: readonly Float64Array[]): number {
  const size = rows.length;
  if (size === 0) return 1;
  const largest = largestEigenvalueNow((v) => transposedTimes(rows, times(rows, v)), size);
  const ofInverse = largestEigenvalueNow((v) => solveUpper(rows, solveTransposed(rows, v)), size);
  return Math.sqrt(largest * ofInverse);
}

/** R·v */
function times(rows: readonly Float64Array[], vector: Float64Array): Float64Array {
  return Float64Array.from(rows, (row, i) => {
    let sum = 0;
    for (let j = i; j < row.length; j++) sum += (row[j] as number) * (vector[j] as number);
    return sum;
  });
}

/** Rᵀ·v */
function transposedTimes(rows: readonly Float64Array[], vector: Float64Array): Float64Array {
  const out = new Float64Array(rows.length);
  rows.forEach((row, i) => {
    for (let j = i; j < row.length; j++) out[j] = (out[j] as number) + (row[j] as number) * (vector[i] as number);
  });
  return out;
}

/** R⁻¹·v */
function solveUpper(rows: readonly Float64Array[], vector: Float64Array): Float64Array {
  const out = vector.slice();
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i] as Float64Array;
    let rest = out[i] as number;
    for (let j = i + 1; j < row.length; j++) rest -= (row[j] as number) * (out[j] as number);
    out[i] = rest / (row[i] as number);
  }
  return out;
}

/** R⁻ᵀ·v */
function solveTransposed(rows: readonly Float64Array[], vector: Float64Array): Float64Array {
  const out = vector.slice();
  rows.forEach((row, i) => {
    out[i] = (out[i] as number) / (row[i] as number);
    for (let j = i + 1; j < row.length; j++) out[j] = (out[j] as number) - (row[j] as number) * out[i];
  });
  return out;
}
