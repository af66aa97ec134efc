import type { FloatArray } from '../data/dataset.js';

/**
 * The shift that is subtracted from a column, and the power of two that it is divided by, before its squares are summed
 * in f32.
 */
export interface Center {
  /** A point near the mean; for a column of one value that value. Exact in f32 for a column that is. */
  shift: number;
  /** 0 where (x − shift)² of ordinary size stays well inside f32. */
  exponent: number;
}

/** A sample is so many runs, evenly spread, of so many neighbours each: a run is one line of a cache. */
const RUNS = 64;
const RUN_LENGTH = 16;

/** Deviations between 2^-32 and 2^32 have squares between 2^-64 and 2^64: far from either end of f32. */
const MODERATE = 32;

/**
 * The centre of a column of finite numbers, from a sample of 1024: so near the mean that (mean − shift)² is a small
 * part of the variance, which is all that a shift must be. A column that looks as if it had one value only is read to
 * the end, so that one value is told from two.
 */
export function sampleCenter(column: FloatArray): Center {
  const length = column.length;
  const stride = Math.max(RUN_LENGTH, Math.floor(length / RUNS));
  const first = column[0] as number;
  let [sum, count, isConstant] = [0, 0, true];
  for (let from = 0; from < length; from += stride) {
    const end = Math.min(length, from + RUN_LENGTH);
    for (let i = from; i < end; i++) {
      const value = column[i] as number;
      sum += value / length; // over the length first: a sum of large numbers may leave f64
      count++;
      if (value !== first) isConstant = false;
    }
  }
  if (isConstant) return centerAt(first, column);
  const shift = rounded((sum / count) * length, column);
  let reach = 0;
  for (let from = 0; from < length; from += stride) {
    const end = Math.min(length, from + RUN_LENGTH);
    for (let i = from; i < end; i++) reach = Math.max(reach, Math.abs((column[i] as number) - shift));
  }
  return { shift, exponent: exponentFor(reach) };
}

/** The centre by all values: for a column in which the sample missed a value that is beyond f32's reach. */
export function fullCenter(column: FloatArray): Center {
  let mean = 0;
  for (let i = 0; i < column.length; i++) mean += (column[i] as number) / column.length;
  return centerAt(rounded(mean, column), column);
}

/** The centre of the examples that count: their mean, or their value where they have one only. */
export function weightedCenter(column: FloatArray, weights: FloatArray): Center {
  let [sum, total, reach] = [0, 0, 0];
  let value: number | undefined;
  let isConstant = true;
  for (let i = 0; i < column.length; i++) {
    const weight = weights[i] as number;
    if (weight === 0) continue;
    value ??= column[i] as number;
    isConstant &&= column[i] === value;
    sum += weight * (column[i] as number);
    total += weight;
  }
  const shift = isConstant ? (value as number) : rounded(sum / total, column);
  for (let i = 0; i < column.length; i++) {
    if ((weights[i] as number) > 0) reach = Math.max(reach, Math.abs((column[i] as number) - shift));
  }
  return { shift, exponent: exponentFor(reach) };
}

function centerAt(shift: number, column: FloatArray): Center {
  let reach = 0;
  for (let i = 0; i < column.length; i++) reach = Math.max(reach, Math.abs((column[i] as number) - shift));
  return { shift, exponent: exponentFor(reach) };
}

function rounded(shift: number, column: FloatArray): number {
  return column instanceof Float32Array ? Math.fround(shift) : shift;
}

/** Brings the largest deviation near 1 where it is not moderate. */
export function exponentFor(reach: number): number {
  if (reach === 0) return 0;
  const exponent = Math.min(1023, Math.round(Math.log2(reach))); // 2^1024 is no number
  return Math.abs(exponent) <= MODERATE ? 0 : exponent;
}
