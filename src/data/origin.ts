import { Dataset } from './checked-dataset.js';
import type { FloatArray } from './numbers.js';
import type { Encoder } from './table/encoder.js';
import type { ClassLabel } from './table/encoding.js';
import type { ReadingReport } from './table/reading-report.js';

/** The table from which examples were made, as far as a model keeps it. */
export interface Origin {
  /** The way from the columns of the table to features; null where each column is a feature as it is. */
  encoder: Encoder | null;
  /** The labels that targets are codes of, 0, 1, …; null for targets that are numbers. */
  labels: readonly ClassLabel[] | null;
  /** The report of how the table was read; null for examples that were no table. */
  reading: ReadingReport | null;
  /** The columns of the table, where missing values are filled: [k] arrays of [m], NaN for missing. */
  inputs: readonly FloatArray[] | null;
}

/** The origin of a dataset, or of a source once it has been read; other data have none. */
export function originOf(data: object): Origin | null {
  if (data instanceof Dataset) return data.origin;
  return 'origin' in data && typeof data.origin === 'function'
    ? (data as { origin: () => Origin | null }).origin()
    : null;
}
