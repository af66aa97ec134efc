import type { Dataset } from './checked-dataset.js';
import type { Origin } from './origin.js';
import type { ReadWatch } from './read-watch.js';
import type { KeptEncoding } from './table/encoder.js';

/**
 * A run of consecutive examples, column by column. Every column of one batch has the same length.
 * The receiver owns the arrays: a source hands out fresh ones each time.
 */
export interface ColumnBatch {
  /** One array per feature, in the order of `featureNames`: d arrays of [rows]. */
  features: Float64Array[];
  /** [rows] */
  targets: Float64Array;
  /** [rows] How much each example counts, 0 or more; in every batch of a source or in none. */
  exampleWeights?: Float64Array;
}

/** The options of reading all examples at once. */
export interface CollectWatch extends ReadWatch {
  /** The bytes that their numbers may take. Default: any number. */
  mostBytes?: number;
}

/** The room that a pass has. */
export interface BatchRoom {
  /** The bytes that the batch in work and the one that is read ahead may take together. Default: any number. */
  mostBytes?: number;
}

/**
 * A source of examples: named columns, read batch by batch in order. `batches()` may be called again and then yields
 * the same examples again.
 */
export interface ExampleSource {
  /** Name of the source in reports and errors, such as a file's name. */
  readonly name: string;
  /** The bytes that a batch may take, and with the one that is read ahead both. Default: any number. */
  readonly mostBytes?: number;
  /** Reads what must be read to know the columns, and checks that they are there. */
  columns(): Promise<{ features: readonly string[]; target: string }>;
  /** A source that can choose the size of its batches makes them fit the room; others need not look at it. */
  batches(room?: BatchRoom): AsyncIterable<ColumnBatch>;
  /**
   * All examples at once, a dataset for each target, where the source has a shorter way than batch by batch; null as soon as their
   * numbers are seen to take more than `mostBytes`.
   */
  collect?(watch?: CollectWatch): Promise<readonly Dataset[] | null>;
  /** The same examples for a model that has been trained: encoded as it keeps it. */
  encodedBy?(kept: KeptEncoding): ExampleSource;
  /** The same examples with a target that holds labels. */
  labelled?(): ExampleSource;
  /** The table that the examples come from, as far as a pass has shown it. */
  origin?(): Origin | null;
}
