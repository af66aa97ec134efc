import { spreadOf } from '../data/column-layout.js';
import type { FloatArray } from '../data/dataset.js';

/** A column no wider than this share of its numbers may be of one value, but for rounding: it is looked at again. */
const NARROW = 2 ** -12;

/** A column as z-scores, and how to get back from them. Columns of one value, but for rounding, become zeros. */
export interface ZScores {
  values: Float64Array;
  mean: number;
  deviation: number;
  isConstant: boolean;
}

/**
 * z = (x − mean)/deviation with the standard deviation over m (not m − 1), in f64, of the examples as they count. What is not
 * centred keeps its mean, and is divided by its root mean square.
 */
export function zScores(column: FloatArray, weights?: Float64Array, isCentered = true): ZScores {
  const weightOf = (i: number) => (weights ? (weights[i] as number) : 1);
  let [sum, count, largest, size] = [0, 0, 0, 0];
  let value = isCentered ? undefined : 0; // what all hold, if they do
  let isConstant = true;
  for (let i = 0; i < column.length; i++) {
    if (weightOf(i) === 0) continue;
    value ??= column[i] as number;
    isConstant &&= column[i] === value;
    sum += weightOf(i) * (column[i] as number);
    count += weightOf(i);
    size = Math.max(size, Math.abs(column[i] as number));
  }
  if (isConstant) {
    return { values: new Float64Array(column.length), mean: value as number, deviation: 1, isConstant };
  }
  const mean = isCentered ? sum / count : 0;
  for (let i = 0; i < column.length; i++) {
    if (weightOf(i) > 0) largest = Math.max(largest, Math.abs((column[i] as number) - mean));
  }
  if (isCentered && largest <= NARROW * size && spreadOf(column, weights, true).isConstant) {
    return { values: new Float64Array(column.length), mean: value as number, deviation: 1, isConstant: true };
  }
  let squares = 0; // in units of the largest, whose square may be too large for f64
  for (let i = 0; i < column.length; i++) {
    if (weightOf(i) > 0) squares += weightOf(i) * (((column[i] as number) - mean) / largest) ** 2;
  }
  const deviation = largest * Math.sqrt(squares / count);
  return { values: Float64Array.from(column, (x) => (x - mean) / deviation), mean, deviation, isConstant };
}
