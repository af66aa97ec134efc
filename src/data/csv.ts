import '../base/global-names.js';
import { requireKnown } from '../base/check-names.js';
import {
  PREDICTION_OPTIONS,
  type PREDICTION_TABLE_OPTIONS,
  type TableSettings,
  type TextSettings,
} from '../options/reading.js';
import { READING_OPTIONS } from '../options/reading-names.js';
import { resolveReading } from '../options/resolve-reading.js';
import { CsvTable } from './csv/csv-table.js';
import type { CsvInput } from './csv/decode.js';
import { isMissingLike, isNumberLike } from './csv/looks.js';
import { type ReadWatch, requireWatch, WATCH_OPTIONS } from './read-watch.js';
import type { ExampleSource } from './source.js';
import {
  checkTableOptions,
  placesOf,
  positionOf,
  type SourceOptions,
  type TableOptions,
} from './table/plan-columns.js';
import { TableFile } from './table/table-file.js';
import { TableSource } from './table/table-source.js';

export type { CsvInput, TableFile, TableOptions };

/** The columns of CSV text to use, and the options of reading it. */
export interface CsvOptions extends SourceOptions, Partial<TextSettings> {
  /** Name of the source in errors and reports. Default: the name of the File, otherwise 'CSV'. */
  name?: string;
}

/** Options of a file for predictions: those of reading that a model does not keep. */
export interface CsvTableOptions
  extends ReadWatch, Partial<TextSettings>, Partial<Pick<TableSettings, (typeof PREDICTION_TABLE_OPTIONS)[number]>> {
  /** Name of the file in errors. Default: the name of the File, otherwise 'CSV'. */
  name?: string;
}

/** Rows looked at to tell columns of numbers from others. */
const ROWS_LOOKED_AT = 1000;

/**
 * Examples from CSV text: one row per example, m rows in all. Needs the package `papaparse`. Reads in a streaming way, in
 * browsers and in Node, and reads anew for every call of `batches()`. Batches hold up to 65,536 rows, fewer where there are
 * more than 31 columns.
 *
 * `input` is a function that opens a new stream of bytes each time it is called, a Blob or File, or the text itself; bytes
 * may be compressed by gzip.
 *
 * Encoding, delimiter, header, comments and the notation of numbers are found, or given by options (docs/files.md); what was
 * found is in `report.reading` of the model. Only the columns in use are checked.
 *
 * Throws a DescentError. Those about cells come when the file has been read, name row and column of the first, and count all
 * of them by column: `MISSING_VALUE`, `INVALID_CSV` (no number, ambiguous or mixed notation, a ragged row, an unclosed quote,
 * bytes of another encoding), `NON_FINITE_VALUE`, `INVALID_LABEL`, `INVALID_OPTION` (a weight under 0). Before that come
 * `INVALID_OPTION` for options, `UNKNOWN_COLUMN`, `EMPTY_DATA` (no rows, no features), and `FILE_UNREADABLE`.
 *
 *     const source = csvSource(() => fetch('houses.csv').then((response) => response.body!), { target: 'price' });
 *     await source.columns(); // { features: ['area', 'rooms'], target: 'price' }
 *     const model = await fit(source);
 */
export function csvSource(input: CsvInput, given: CsvOptions): ExampleSource {
  const options = checkTableOptions(given, [...READING_OPTIONS, ...WATCH_OPTIONS]);
  const settings = resolveReading(options);
  const { target, name = nameOf(input), signal, onRead, ...roles } = options;
  return new TableSource(new CsvTable(name, input, settings), { ...roles, targets: [target] }, settings, {
    signal,
    onRead,
  });
}

/**
 * CSV text without a target, for predictions: `model.predict(csvTable(file))` has a value for each row. Columns are found by
 * their names, and others are passed over. `options` are those of reading; the model says which columns are categories or dates,
 * and how missing values are filled. With `missing: 'drop'` the prediction of a row with a missing value is NaN. Throws
 * `UNKNOWN_OPTION` and `INVALID_OPTION`; the prediction throws what reading does.
 *
 *     const prices = await model.predict(csvTable(file));
 */
export function csvTable(input: CsvInput, given: CsvTableOptions = {}): TableFile {
  const options = requireKnown(given, ['name', ...WATCH_OPTIONS, ...PREDICTION_OPTIONS]);
  requireWatch(options);
  const settings = resolveReading(options);
  return new TableFile(new CsvTable(options.name ?? nameOf(input), input, settings), settings, options);
}

/**
 * The names of all columns of CSV text, as `csvSource` knows them: to choose target and features from. Throws `EMPTY_DATA`,
 * `INVALID_CSV` and `FILE_UNREADABLE` as reading does.
 */
export async function csvColumns(
  input: CsvInput,
  name = nameOf(input),
  options: Partial<TextSettings> = {},
): Promise<string[]> {
  const pass = new CsvTable(name, input, resolveReading(options)).open([]);
  const { names } = await pass.head();
  await pass.close();
  return [...names];
}

/**
 * The names of those columns of CSV text that hold numbers, in file order: to offer them as target and features. It
 * looks at the first rows, 1,000 at most. A column counts where at least half of its cells there are numbers, so that a cell
 * that is wrong does not hide it: reading it says where that is. Missing values count for nothing. Without any row all columns
 * count.
 *
 * Throws `EMPTY_DATA`, `INVALID_CSV` and `FILE_UNREADABLE` as reading does.
 *
 *     await csvNumericColumns('name,area\nmill,120\n'); // ['area']
 */
export async function csvNumericColumns(
  input: CsvInput,
  name = nameOf(input),
  options: Partial<TextSettings> = {},
): Promise<string[]> {
  const pass = new CsvTable(name, input, resolveReading(options)).open([]);
  const rows = await pass.firstRows(ROWS_LOOKED_AT);
  const head = await pass.head();
  const places = placesOf(head.names);
  const isNumeric = (column: string) => {
    const position = positionOf(column, places, { head, source: name, isKept: false });
    const cells = rows.map((row) => row[position] ?? '').filter((cell) => !isMissingLike(cell));
    return 2 * cells.filter(isNumberLike).length >= cells.length;
  };
  return head.names.filter(isNumeric);
}

function nameOf(input: CsvInput): string {
  return input instanceof Blob && 'name' in input ? String(input.name) : 'CSV';
}
