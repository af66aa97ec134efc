import type { NumberNotation } from '../cells/notation.js';

/** The report of how a file or a table was read: plain data. */
export interface ReadingReport {
  /** Name of the file or table. */
  source: string;
  /** Encoding of a file of text; null for others, and for text that came decoded. */
  encoding: string | null;
  /** Character between two cells; null for tables that are no text. A blank stands for runs of blanks. */
  delimiter: string | null;
  /** True if the first row holds the names of the columns; null for tables that are no text. */
  header: boolean | null;
  /** The beginning of comment lines that were found; null without any. */
  comment: string | null;
  /** The columns in use. */
  columns: ColumnReport[];
  /** Rows of data. */
  rowsRead: number;
  /** Rows left out because of missing values. */
  rowsDropped: number;
  /** Rows and columns that hold no data, by their kind. */
  passedOver: PassedOver;
  /** Each guess, in a sentence. */
  guesses: string[];
}

/** Number of rows, and of columns, that were passed over. */
export interface PassedOver {
  blank: number;
  comments: number;
  /** By `skipRows`. */
  skipped: number;
  /** Rows of delimiters only. */
  empty: number;
  /** Empty last columns without a name. */
  emptyColumns: number;
}

/** The report of how a column was read. */
export interface ColumnReport extends Partial<NumberNotation> {
  /** Name of the column in the file or table. */
  name: string;
  /** The way in which its cells were read. */
  kind: 'number' | 'boolean' | 'date' | 'category' | 'label';
  /** Number of missing values. */
  missing: number;
  /** Number of missing values that the mean, or the shares of levels, take the place of. */
  filled: number;
}
