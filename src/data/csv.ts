import { DescentError, type ErrorPlace } from '../base/errors.js';
import { requireKnown } from '../base/check-names.js';
import { nearest } from '../base/nearest-word.js';
import { DECIMAL, emptyData, firstRecord, isBlank, quote, readHeader } from './csv-header.js';
import { type CsvInput, readRecords } from './csv-records.js';
import type { ColumnBatch, ExampleSource } from './source.js';

export { csvColumns, csvNumericColumns } from './csv-header.js';
export type { CsvInput };

export interface CsvOptions {
  /** Name of the column to predict. */
  target: string;
  /** Name of the column that says how much each example counts, 0 or more. Default: all the same. */
  weights?: string;
  /** Targets are labels, for the logistic loss: what is neither 0 nor 1 is refused with its row. Default: any numbers. */
  labels?: boolean;
  /** Names of the d feature columns, in the order of the model's weights. Default: every other column, in file order. */
  features?: readonly string[];
  /** Name of the source in errors and reports. Default: the name of the File, otherwise 'CSV'. */
  name?: string;
}

/** The positions of the columns in use in the file. */
interface Table {
  hasHeader: boolean;
  /** Cells in every row. */
  width: number;
  /** d names. */
  featureNames: readonly string[];
  /** Positions of the d features, then of the target, then of the weights where there are any. */
  positions: readonly number[];
  /** Names in the same order, for errors. */
  names: readonly string[];
  /** True if the target must be 0 or 1. */
  isLabelled: boolean;
}

/** Rows handed out at a time: upload and decoding work on one batch each, and neither waits long for the other. */
const BATCH_ROWS = 65_536;

/** Values handed out at a time, so that a batch of a wide file stays near 16 MiB. */
const BATCH_VALUES = 2 ** 21;

const NAMES_IN_ERRORS = 10;

const NAMES = ['target', 'weights', 'labels', 'features', 'name'] as const satisfies readonly (keyof CsvOptions)[];

/**
 * Examples from CSV text: one row per example, m rows in all, each of d features and one target. Needs the package
 * `papaparse`. Reads in a streaming way, in browsers and in Node, and reads anew for every call of `batches()`.
 *
 * `input` is a function that opens a new stream of bytes each time it is called, a Blob or File, or the text itself.
 * Batches hold up to 65,536 rows, fewer where d is above 31, as f64 columns.
 *
 * - Text is UTF-8; cells are divided by comma, semicolon, tab or pipe, whichever the file uses; rows end with CRLF, LF
 *   or CR; cells may be quoted; blank lines are skipped, and counted in row numbers, as in a spreadsheet.
 * - The first row is the header, and names lose the space around them, unless every cell of it is a number: then there
 *   is no header and the columns are called c1, c2, … A column whose name is empty is called by its place, too.
 * - Numbers are decimal, with a point: 12, -0.5, 1e-3, +2. Only the columns in use are checked.
 *
 * Throws a DescentError; those of the file come while it is read and name its row and column: `INVALID_OPTION` (the
 * target or the weights among the features, a column named twice, a weight under 0), `UNKNOWN_COLUMN`, `EMPTY_DATA` (no rows, no
 * features), `INVALID_CSV` (a cell that is not a number, a ragged row, a name used twice, an unclosed quote, not
 * UTF-8), `NON_FINITE_VALUE` (NaN, infinity, a number beyond f64), `INVALID_LABEL`, `FILE_UNREADABLE`.
 *
 *     const source = csvSource(() => fetch('houses.csv').then((response) => response.body!), { target: 'price' });
 *     await source.columns(); // { features: ['area', 'rooms'], target: 'price' }
 *     const model = await fit(source);
 */
export function csvSource(input: CsvInput, options: CsvOptions): ExampleSource {
  checkOptions(options);
  const name = options.name ?? (input instanceof Blob && 'name' in input ? String(input.name) : 'CSV');
  return {
    name,
    async columns() {
      const { featureNames } = findTable(await firstRecord(input, name), options, name);
      return { features: featureNames, target: options.target };
    },
    batches: () => readBatches(input, options, name),
  };
}

async function* readBatches(
  input: CsvInput,
  options: CsvOptions,
  name: string,
): AsyncGenerator<ColumnBatch, void, undefined> {
  let table: Table | undefined;
  let columns: Float64Array[] = []; // d + 1 of [capacity], or d + 2 with weights
  let capacity = 0; // rows
  let filled = 0; // rows
  let isEmpty = true;

  for await (const { firstRow, records } of readRecords(input, name)) {
    for (const [index, record] of records.entries()) {
      if (isBlank(record)) continue;
      if (!table) {
        table = findTable(record, options, name);
        capacity = Math.max(1, Math.min(BATCH_ROWS, Math.floor(BATCH_VALUES / table.positions.length)));
        columns = allocate(table, capacity);
        if (table.hasHeader) continue;
      }
      readRow(record, table, columns, filled, { file: name, row: firstRow + index });
      isEmpty = false;
      filled++;
      if (filled === capacity) {
        yield toBatch(columns, table);
        columns = allocate(table, capacity);
        filled = 0;
      }
    }
  }
  if (isEmpty) throw emptyData(`${name} without any row${table ? ' below its header' : ''}`);
  if (table && filled > 0) {
    yield toBatch(
      columns.map((column) => column.slice(0, filled)),
      table,
    );
  }
}

/** A row of a file, for errors. */
type RowPlace = Required<Pick<ErrorPlace, 'file' | 'row'>>;

/** Writes the numbers of one record to place `at` of every column. */
function readRow(
  record: readonly string[],
  table: Table,
  columns: readonly Float64Array[],
  at: number,
  place: RowPlace,
) {
  if (record.length !== table.width) {
    throw new DescentError('INVALID_CSV', {
      got: `${place.file}, row ${place.row}: ${record.length} cell${record.length === 1 ? '' : 's'}`,
      expected: `${table.width}, as in the first row`,
      fix: 'Add or remove cells, or quote those that hold the delimiter.',
      where: place,
    });
  }
  for (let k = 0; k < table.positions.length; k++) {
    const cell = record[table.positions[k] as number] as string;
    const value = DECIMAL.test(cell) ? Number(cell) : NaN;
    if (!Number.isFinite(value)) throw cellError(cell, { ...place, column: table.names[k] as string });
    (columns[k] as Float64Array)[at] = value;
  }
  checkRow(table, columns, at, place);
}

/** Numbers that are no label or no weight, where these are asked for. */
function checkRow(table: Table, columns: readonly Float64Array[], at: number, place: RowPlace): void {
  const d = table.featureNames.length;
  const target = (columns[d] as Float64Array)[at] as number;
  const weight = columns[d + 1]?.[at] ?? 0;
  const column = (k: number) => table.names[k] as string;
  if (table.isLabelled && target !== 0 && target !== 1)
    throw valueError(NO_LABEL, target, { ...place, column: column(d) });
  if (weight < 0) throw valueError(NO_WEIGHT, weight, { ...place, column: column(d + 1) });
}

function cellError(cell: string, where: RowPlace & { column: string }): DescentError {
  const text = cell.trim();
  const place = placeText(where);
  if (DECIMAL.test(text) || /^[-+]?(?:nan|inf|infinity)$/i.test(text)) {
    return new DescentError('NON_FINITE_VALUE', {
      got: `${place}: ${quote(text)}`,
      expected: 'a finite number within ±1.8e308',
      fix: 'Correct the cell, or leave out the row or the column.',
      where,
    });
  }
  return new DescentError('INVALID_CSV', {
    got: `${place}: ${text === '' ? 'an empty cell' : quote(text)}`,
    expected: 'a number such as 12, -0.5 or 1e-3',
    fix: /^[-+]?[\d.]*,\d/.test(text)
      ? 'Write decimals with a point, and no thousands separators.'
      : 'Correct the cell, or leave out the row or the column.',
    where,
  });
}

/** Numbers that are none of their column's: what is wrong with them. */
const NO_LABEL = {
  code: 'INVALID_LABEL',
  expected: 'a label, 0 or 1',
  fix: "Map the two classes to 0 and 1, or use another loss than 'logistic'.",
} as const;
const NO_WEIGHT = {
  code: 'INVALID_OPTION',
  expected: 'a weight from 0 up',
  fix: 'Give weight 0 to an example that should be ignored.',
} as const;

function valueError(
  { code, expected, fix }: typeof NO_LABEL | typeof NO_WEIGHT,
  value: number,
  where: RowPlace & { column: string },
): DescentError {
  return new DescentError(code, { got: `${placeText(where)}: ${value}`, expected, fix, where });
}

function placeText({ file, row, column }: RowPlace & { column: string }): string {
  return `${file}, row ${row}, column ${quote(column)}`;
}

/** Names the columns by the first record and finds those in use. */
function findTable(first: readonly string[], options: CsvOptions, source: string): Table {
  const { hasHeader, positionOf } = readHeader(first, source);
  const header = [...positionOf.keys()];
  const featureNames = options.features ?? header.filter((name) => name !== options.target && name !== options.weights);
  const names = [...featureNames, options.target, ...(options.weights === undefined ? [] : [options.weights])];
  const positions = names.map((name) => {
    const position = positionOf.get(name);
    if (position === undefined) throw unknownColumn(name, header, hasHeader, source);
    return position;
  });
  if (featureNames.length === 0) throw emptyData(`${source} with no column but the target ${quote(options.target)}`);
  return { hasHeader, width: header.length, featureNames, positions, names, isLabelled: options.labels ?? false };
}

function unknownColumn(name: string, header: readonly string[], hasHeader: boolean, source: string): DescentError {
  const listed = header.slice(0, NAMES_IN_ERRORS).map(quote).join(', ');
  const rest = header.length > NAMES_IN_ERRORS ? `, … (${header.length} columns)` : '';
  const origin = hasHeader ? '' : ' The first row holds numbers only, so columns go by their places.';
  return new DescentError('UNKNOWN_COLUMN', {
    got: `column ${quote(name)}, which ${source} does not have`,
    expected: `one of ${listed}${rest}`,
    fix: `Did you mean ${quote(nearest(name, header))}?${origin}`,
    where: { file: source, column: name },
  });
}

/** Refuses options that are wrong for any file. */
function checkOptions(options: CsvOptions): void {
  requireKnown(options, NAMES);
  const { target, features, weights } = options;
  if (typeof target !== 'string') {
    throw new DescentError('INVALID_OPTION', {
      got: `target ${String(target)}`,
      expected: 'the name of a column',
      fix: 'Name the column to predict.',
      where: { option: 'target' },
    });
  }
  if (features?.length === 0) throw emptyData('an empty list of features');
  if (weights === target) {
    throw new DescentError('INVALID_OPTION', {
      got: `weights ${quote(target)}, which is the target`,
      expected: 'a column of its own',
      fix: 'Name the column that holds the weights of the examples.',
    });
  }
  const seen = new Set([target, weights]);
  const repeated = features?.find((name) => seen.has(name) || !seen.add(name));
  if (repeated !== undefined) {
    throw new DescentError('INVALID_OPTION', {
      got: `feature ${quote(repeated)}, ${roleOf(repeated, target, weights)}`,
      expected: 'features that are different columns, without the target and the weights',
      fix: 'Take it out of the features.',
      where: { option: 'features', column: repeated },
    });
  }
}

function roleOf(name: string, target: string, weights: string | undefined): string {
  if (name === target) return 'which is the target';
  return name === weights ? 'which holds the weights' : 'named twice';
}

function allocate(table: Table, capacity: number): Float64Array[] {
  return table.positions.map(() => new Float64Array(capacity));
}

function toBatch(columns: readonly Float64Array[], { featureNames: { length } }: Table): ColumnBatch {
  const [targets, exampleWeights] = columns.slice(length);
  return {
    features: columns.slice(0, length),
    targets: targets as Float64Array,
    ...(exampleWeights && { exampleWeights }),
  };
}
