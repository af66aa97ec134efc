import '../base/global-names.js';
import { requireKnown } from '../base/check-names.js';
import { PREDICTION_TABLE_OPTIONS, type TableSettings } from '../options/reading.js';
import { TABLE_OPTIONS } from '../options/reading-names.js';
import { resolveReading } from '../options/resolve-reading.js';
import { ParquetTable, type ParquetInput } from './parquet/parquet-table.js';
import { type ReadWatch, requireWatch, WATCH_OPTIONS } from './read-watch.js';
import type { ExampleSource } from './source.js';
import { checkTableOptions, type SourceOptions, type TableOptions } from './table/plan-columns.js';
import { TableFile } from './table/table-file.js';
import { TableSource } from './table/table-source.js';

export type { ParquetInput, TableFile, TableOptions };

/** Options of a file for predictions: those of reading that a model does not keep. */
export interface ParquetOptions
  extends ReadWatch, Partial<Pick<TableSettings, (typeof PREDICTION_TABLE_OPTIONS)[number]>> {
  /** Name of the file in errors. Default: the name of the File, or the end of the path or address. */
  name?: string;
}

/**
 * Examples from a Parquet file: a Blob or File, the address of one that serves ranges, in Node a path, or an object
 * `{ byteLength, slice(start, end) }`. Needs the package `hyparquet`, and for compression other than Snappy
 * `hyparquet-compressors`. Only the columns in use are read, one row group after another.
 *
 * Columns of numbers may be of any type; decimals and 64-bit integers become the nearest f64, and integers that f64 does not
 * hold are refused. Rows count from 0. Throws as reading a file does, and `INVALID_FILE` for a file that is corrupt or no Parquet.
 *
 *     const model = await fit(parquetSource(file, { target: 'price', categories: ['city'] }));
 */
export function parquetSource(input: ParquetInput, given: SourceOptions): ExampleSource {
  const options = checkTableOptions(given, [...TABLE_OPTIONS, ...WATCH_OPTIONS]);
  const settings = resolveReading(options);
  const { target, name, signal, onRead, ...roles } = options;
  return new TableSource(new ParquetTable(input, name, signal), { ...roles, targets: [target] }, settings, {
    signal,
    onRead,
  });
}

/**
 * A Parquet file without a target, for predictions: `model.predict(parquetTable(file))` has a value for each row. Throws
 * `UNKNOWN_OPTION` and `INVALID_OPTION`; the prediction throws what reading does.
 *
 *     const prices = await model.predict(parquetTable('homes.parquet'));
 */
export function parquetTable(input: ParquetInput, given: ParquetOptions = {}): TableFile {
  const options = requireKnown(given, ['name', ...WATCH_OPTIONS, ...PREDICTION_TABLE_OPTIONS]);
  requireWatch(options);
  return new TableFile(new ParquetTable(input, options.name, options.signal), resolveReading(options), options);
}
