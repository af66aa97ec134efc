import type { WorkInParts } from '../base/turns.js';
import { UpperFactor } from './pivoted-qr.js';

/**
 * R of RᵀR = C for a symmetric matrix whose diagonal is 1, the column of which most is left being taken next; a column of
 * which no more than `dependent` is left depends on those before it (Higham, Accuracy and Stability of Numerical
 * Algorithms, 2nd ed., section 10.3). Columns of zeros are left out. n³/6 multiply-adds, a row in each part of the work.
 */
export function* pivotedCholesky(
  matrix: Float64Array, // [n, n] row-major, of which row k is read for each pivot k
  size: number,
  dependent: number,
): WorkInParts<UpperFactor> {
  const left = Float64Array.from({ length: size }, (_, j) => matrix[j * size + j] as number);
  let remaining = Array.from(left.keys());
  const rows: Float64Array[] = [];
  const pivots: number[] = [];
  while (remaining.length > 0) {
    const pivot = remaining.reduce((best, j) => ((left[j] as number) > (left[best] as number) ? j : best));
    if (!((left[pivot] as number) > dependent)) break;
    const diagonal = Math.sqrt(left[pivot] as number);
    const row = new Float64Array(size); // 0 in the columns that were taken before
    for (const j of remaining) row[j] = matrix[pivot * size + j] as number;
    for (const above of rows) {
      const factor = above[pivot] as number;
      for (const j of remaining) row[j] = (row[j] as number) - factor * (above[j] as number);
    }
    remaining = remaining.filter((j) => j !== pivot);
    for (const j of remaining) {
      row[j] = (row[j] as number) / diagonal;
      left[j] = (left[j] as number) - row[j] ** 2;
    }
    row[pivot] = diagonal;
    rows.push(row);
    pivots.push(pivot);
    yield;
  }
  return new UpperFactor(rows, pivots, size);
}
