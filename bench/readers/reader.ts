import type { Spread } from '../result.js';

/** The formats in the order in which they are shown. */
export const READER_NAMES = ['CSV', 'Parquet', 'Arrow'] as const;
export type ReaderName = (typeof READER_NAMES)[number];

/** One way of reading a file. */
export interface ReaderArm {
  name: string;
  ms: Spread;
  rowsPerSecond: number;
  /** MB of the file, 10⁶ bytes each. */
  megabytesPerSecond: number;
}

/** A reader of ours beside the parser alone, on the same file. */
export interface ReaderResult {
  reader: ReaderName;
  rows: number;
  /** Columns of numbers, the target included. */
  columns: number;
  bytes: number;
  ours: ReaderArm;
  /** The parser without what is made of its cells; for Arrow, whose cells are numbers already, the copy of its columns. */
  alone: ReaderArm;
  /** Median of the parser alone over ours. */
  shareOfAlone: number;
  /** Ours has every number of the file. */
  correct: boolean;
}

/** Rows of the files, and a tenth of them with --quick. */
export const READER_ROWS = 500_000;
export const QUICK_READER_ROWS = 50_000;
