import type { Dataset } from './checked-dataset.js';
import type { Origin } from './origin.js';
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

/**
 * A source of examples: named columns, read batch by batch in order. `batches()` may be called again and then yields
 * the same examples again.
 */
export interface ExampleSource {
  /** Name of the source in reports and errors, such as a file's name. */
  readonly name: string;
  /** Reads what must be read to know the columns, and checks that they are there. */
  columns(): Promise<{ features: readonly string[]; target: string }>;
  batches(): AsyncIterable<ColumnBatch>;
  /** All examples at once, a dataset for each target, where the source has a shorter way than batch by batch. */
  collect?(signal?: AbortSignal): Promise<readonly Dataset[]>;
  /** The same examples for a model that has been trained: encoded as it keeps it. */
  encodedBy?(kept: KeptEncoding): ExampleSource;
  /** The same examples with a target that holds labels. */
  labelled?(): ExampleSource;
  /** The table that the examples come from, as far as a pass has shown it. */
  origin?(): Origin | null;
}
