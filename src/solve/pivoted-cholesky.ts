import { UpperFactor } from './pivoted-qr.js';

/**
 * R of RᵀR = C for a symmetric matrix whose diagonal is 1, the column of which most is left being taken next; a column of
 * which no more than `dependent` is left depends on those before it (Higham, Accuracy and Stability of Numerical
 * Algorithms, 2nd ed., section 10.3). Columns of zeros are left out. n³/6 multiply-adds.
 */
export function pivotedCholesky(
  matrix: Float64Array, // [n, n] row-major, of which row k is read for each pivot k
  size: number,
  dependent: number,
): UpperFactor {
  const left = Float64Array.from({ length: size }, (_, j) => matrix[j * size + j] as number);
  const remaining = new Set(left.keys());
  const rows: Float64Array[] = [];
  const pivots: number[] = [];
  for (;;) {
    const candidates = Array.from(remaining).filter((j) => (left[j] as number) > dependent);
    if (candidates.length === 0) break;
    const pivot = candidates.reduce((best, j) => ((left[j] as number) > (left[best] as number) ? j : best));
    const diagonal = Math.sqrt(left[pivot] as number);
    const row = matrix.slice(pivot * size, (pivot + 1) * size);
    for (const above of rows) {
      const factor = above[pivot] as number;
      for (let j = 0; j < size; j++) row[j] = (row[j] as number) - factor * (above[j] as number);
    }
    remaining.delete(pivot);
    for (let j = 0; j < size; j++) {
      const value = remaining.has(j) ? (row[j] as number) / diagonal : 0;
      row[j] = value;
      left[j] = (left[j] as number) - value * value;
    }
    row[pivot] = diagonal;
    rows.push(row);
    pivots.push(pivot);
  }
  return new UpperFactor(rows, pivots, size);
}
