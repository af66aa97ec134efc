import type { FaultLog } from '../cells/faults.js';
import type { Notation } from '../cells/notation.js';
import type { ReadingReport } from './reading-report.js';

/** The columns of a table, before their cells are read. */
export interface TableHead {
  /** The names of all columns, in order. */
  names: readonly string[];
  /** Positions of columns that are no features unless they are named: row names, and columns without any cell. */
  leftOut: readonly number[];
  /** True if columns also go by their places, c1, c2, …, where no column has such a name. */
  hasPlaces: boolean;
  /** A sentence for errors about names that are not there; empty for none. */
  namesFrom: string;
}

/** Consecutive rows of some columns. */
export interface CellBlock {
  rowCount: number;
  /** The cells of each column that was asked for. */
  columns: readonly ArrayLike<unknown>[];
  /** The number of a row in messages: of a file as a spreadsheet counts, of data in memory from 0. */
  rowOf: (index: number) => number;
}

/** The part of a report that depends on the format of a table. */
export type FormatReport = Pick<
  ReadingReport,
  'encoding' | 'delimiter' | 'header' | 'comment' | 'passedOver' | 'guesses'
>;

/** One pass over the rows of a table. */
export interface TablePass {
  /** Reads the names of the columns. */
  head(): Promise<TableHead>;
  /**
   * The rows of the columns at these positions, in order. Faults of whole rows are added to the log. `notations` are those of the
   * columns, as far as they have been read, if all of them hold numbers.
   */
  blocks(
    positions: readonly number[],
    faults: FaultLog,
    notations: () => readonly Notation[] | null,
  ): AsyncIterable<CellBlock>;
  /** The report of the format, as far as it has been read. */
  report(): FormatReport;
  /** Ends a pass whose blocks are not read. */
  close(): Promise<void>;
}

/** A table of cells: a file of text, or columns of values. It can be read again and again. */
export interface TableReader {
  readonly name: string;
  /** The code of errors about cells. */
  readonly code: 'INVALID_CSV' | 'INVALID_VALUE';
  /** The file and the row of a row number, where there are several files. */
  placeOf?(row: number): { file: string; row: number };
  /** Begins a pass; `wanted` are the names of columns that are asked for. */
  open(wanted: readonly string[]): TablePass;
}

/** A table whose cells are there at once. */
export interface MemoryReader {
  head(): TableHead;
  block(positions: readonly number[]): CellBlock;
  report(): FormatReport;
}
