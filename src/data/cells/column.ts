import type { TableSettings } from '../../options/reading.js';
import type { Classes, ColumnEncoding } from '../table/encoding.js';
import type { FaultLog } from './faults.js';

/** The use of a column. */
export type ColumnRole = 'feature' | 'target' | 'weights';

/** A column that is to be read: its name, its use and what its cells are. */
export interface ColumnPlan {
  name: string;
  role: ColumnRole;
  kind: 'number' | 'date' | 'category' | 'label';
  /** The encoding that a model has kept of this column. */
  known?: ColumnEncoding;
  /** Classes of labels that are known already. */
  classes?: Classes;
}

/** A run of cells of one column, and the row of each for errors. */
export interface Cells {
  values: ArrayLike<unknown>;
  rowOf: (index: number) => number;
}

/**
 * A column while it is read. Values are numbers, codes of levels, or codes of classes; a missing value is NaN.
 * What a whole column has to be known for (levels, classes, an ambiguous notation) is settled after the last cell.
 */
export interface ColumnReader {
  readonly plan: ColumnPlan;
  /** Number of missing values among the cells that were read. */
  readonly missingCount: number;
  /** Reads cells into `out`, as many as it holds, and marks missing values in `missing`. */
  read(cells: Cells, out: Float64Array, missing: Uint8Array): void;
  /** True if values that were read so far may change once all cells are known. */
  readonly isOpen: boolean;
  /** Settles what is open, after the last cell, and adds to the faults. */
  settle(): void;
  /** True if the cells have to be read once more, now that their notation is settled. */
  readonly needsReread: boolean;
  /** Turns the values of cells that were read before the column was settled into settled ones, in place. */
  revise(values: Float64Array): void;
  /** The guesses about the cells, in sentences; of a settled column. */
  guesses?(): string[];
  /** The way in which the column becomes features; of a settled column. */
  encoding(): ColumnEncoding;
}

/** The use of a table: to train a model, to score one, or for predictions, of which each row has one. */
export type ReadingUse = 'train' | 'score' | 'predict';

/** Everything that columns of a table share. */
export interface ReadingRules {
  settings: TableSettings;
  faults: FaultLog;
  /** The code of errors about cells: that of files, or that of values in memory. */
  code: 'INVALID_CSV' | 'INVALID_VALUE';
  use: ReadingUse;
}

/** Some of the cells; all of them as they are, which is most often the case. */
export function part(cells: ArrayLike<unknown>, from: number, count: number): ArrayLike<unknown> {
  if (from === 0 && cells.length === count) return cells;
  if (ArrayBuffer.isView(cells)) return (cells as Float64Array).subarray(from, from + count);
  return Array.prototype.slice.call(cells, from, from + count) as unknown[];
}
