import type { WorkInParts } from '../base/turns.js';
import type { FloatArray } from '../data/numbers.js';
import type { FeatureValues } from './predict-input.js';

/** Rows in a part of the work. */
const PART_ROWS = 2 ** 12;

type Floats = FloatArray | readonly number[];

/**
 * Features in the forms that need no conversion: floats or numbers row by row, as a flat list or as a list of rows, or column by
 * column under the names of the features. undefined for all else, right or wrong: `featureValues` knows it.
 */
export function* plainFeatures(input: unknown, names: readonly string[]): WorkInParts<FeatureValues | undefined> {
  const featureCount = names.length;
  if (isFloats(input)) {
    const rowCount = input.length / featureCount;
    if (!Number.isInteger(rowCount)) return undefined;
    return { rowCount, isF32: isF32(input), at: (row, j) => input[row * featureCount + j] as number };
  }
  if (Array.isArray(input)) {
    const rows = input as readonly unknown[];
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      if (!isFloats(row) || row.length !== featureCount) return undefined;
      if (i % PART_ROWS === PART_ROWS - 1) yield;
    }
    return { rowCount: rows.length, isF32: false, at: (row, j) => (rows as readonly Floats[])[row]?.[j] as number };
  }
  if (typeof input !== 'object' || input === null) return undefined;
  const columns = names.map((name) =>
    Object.hasOwn(input, name) ? (input as Readonly<Record<string, unknown>>)[name] : undefined,
  );
  const rowCount = isFloats(columns[0]) ? columns[0].length : 0;
  if (!columns.every((column): column is Floats => isFloats(column) && column.length === rowCount)) return undefined;
  return { rowCount, isF32: columns.every(isF32), at: (row, j) => columns[j]?.[row] as number };
}

const isF32 = (values: Floats): boolean => values instanceof Float32Array;

/** An empty list may be one of rows; a proxy of a typed array, as frameworks make them, has numbers that cannot be read. */
function isFloats(values: unknown): values is Floats {
  if (ArrayBuffer.isView(values)) return values instanceof Float32Array || values instanceof Float64Array;
  if (!Array.isArray(values) || values.length === 0) return false;
  for (const value of values as readonly unknown[]) if (typeof value !== 'number') return false;
  return true;
}
