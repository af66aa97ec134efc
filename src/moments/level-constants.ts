import { spreadOf } from '../data/column-layout.js';
import type { FloatArray } from '../data/dataset.js';
import type { ShiftedSums } from './shifted-sums.js';

/** The rounding of a column of f32 that holds one value, about a shift that is one of its values: see column-layout.ts. */
const MOST_SPREAD = 16 * 2 ** -24;

/**
 * Turns the sums of each column of f32 that holds one value but for its rounding into those of that value: sums in f64 do
 * not tell such a column from one that varies.
 */
export function levelConstants(
  { count, shift, sums, products }: ShiftedSums,
  columns: readonly FloatArray[],
  weights: FloatArray | undefined,
): void {
  const size = columns.length;
  columns.forEach((column, i) => {
    if (!(column instanceof Float32Array)) return;
    const mean = (shift[i] as number) + (sums[i] as number) / count;
    const spread = Math.sqrt((products[i * size + i] as number) / count);
    if (!(spread <= MOST_SPREAD * Math.abs(mean))) return;
    const { isConstant, center } = spreadOf(column, weights, true);
    if (!isConstant) return;
    shift[i] = center;
    sums[i] = 0;
    for (let j = 0; j < size; j++) products[i * size + j] = products[j * size + i] = 0;
  });
}
