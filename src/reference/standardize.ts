import type { FloatArray } from '../dataset.js';

/** A column as z-scores, and how to get back from them. Columns of one value become zeros. */
export interface ZScores {
  values: Float64Array;
  mean: number;
  deviation: number;
  isConstant: boolean;
}

/** z = (x − mean)/deviation with the standard deviation over m (not m − 1), in f64. */
export function zScores(column: FloatArray): ZScores {
  const count = column.length;
  const constant = { values: new Float64Array(count), mean: column[0] as number, deviation: 1, isConstant: true };
  if (column.every((value) => value === column[0])) return constant;
  let sum = 0;
  for (const value of column) sum += value;
  const mean = sum / count;
  let largest = 0;
  for (const value of column) largest = Math.max(largest, Math.abs(value - mean));
  let squares = 0; // in units of the largest, whose square may be too large for f64
  for (const value of column) squares += ((value - mean) / largest) ** 2;
  const deviation = largest * Math.sqrt(squares / count);
  return {
    values: Float64Array.from(column, (value) => (value - mean) / deviation),
    mean,
    deviation,
    isConstant: false,
  };
}
