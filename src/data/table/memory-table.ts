import { counted } from '../../base/quote.js';
import { DescentError } from '../../base/errors.js';
import { TABLE_OPTIONS } from '../../options/reading-names.js';
import { resolveReading } from '../../options/resolve-reading.js';
import type { Dataset } from '../checked-dataset.js';
import { valuesOf, type Values } from '../numbers.js';
import { type ArrowTableLike, isArrowTable } from './arrow-values.js';
import type { KeptEncoding } from './encoder.js';
import { checkTableOptions, type TableOptions } from './plan-columns.js';
import type { CellBlock, FormatReport, TableHead, TablePass, TableReader } from './table-reader.js';
import { TableSource } from './table-source.js';

/** A table in memory: records, columns by name, or a table of Apache Arrow. Cells may be numbers, text, truth values, dates, and null. */
export type Table =
  readonly Readonly<Record<string, unknown>>[] | Readonly<Record<string, ArrayLike<unknown> | object>> | ArrowTableLike;

/** Examples as a table that holds features and target, with the options of reading it. */
export interface TableInput extends TableOptions {
  /** The table, with features and target in its columns. */
  table: Table;
}

/** The examples of a table in memory; encoded as `kept` says, for a model that has been trained. */
export function datasetOfTable(input: TableInput, kept?: KeptEncoding): Dataset {
  const { reader, source } = openTable(input, kept);
  return source.collectNow(reader)?.[0] as Dataset;
}

/** The same, or the source of the examples where the levels of categories and products of features take more than `mostBytes`. */
export function tableWithin(input: TableInput, mostBytes: number): Dataset | TableSource {
  const { reader, source } = openTable(input);
  return source.collectNow(reader, mostBytes)?.[0] ?? source;
}

function openTable({ table, ...options }: TableInput, kept?: KeptEncoding) {
  const present = checkTableOptions(options, TABLE_OPTIONS);
  const settings = resolveReading(present);
  const { target, name = 'the table', ...roles } = present;
  const reader = new MemoryTable(name, table);
  return { reader, source: new TableSource(reader, { ...roles, targets: [target] }, settings, kept && { kept }) };
}

/** A table whose cells are there at once. */
export class MemoryTable implements TableReader {
  readonly code = 'INVALID_VALUE';
  readonly #names: readonly string[];
  readonly #rowCount: number;
  readonly #columnAt: (position: number) => Values;

  constructor(
    readonly name: string,
    table: Table,
  ) {
    const { names, rowCount, columnAt } = columnsOf(table);
    this.#names = names;
    this.#rowCount = rowCount;
    this.#columnAt = columnAt;
  }

  open(): TablePass {
    return {
      head: () => Promise.resolve(this.head()),
      blocks: (positions) => this.#blocks(positions),
      report: () => this.report(),
      close: () => Promise.resolve(),
    };
  }

  head(): TableHead {
    return { names: this.#names, leftOut: [], hasPlaces: false, namesFrom: '' };
  }

  /** All rows of some columns. */
  block(positions: readonly number[]): CellBlock {
    return {
      rowCount: this.#rowCount,
      columns: positions.map((position) => this.#columnAt(position)),
      rowOf: (i) => i,
    };
  }

  report(): FormatReport {
    const passedOver = { blank: 0, comments: 0, skipped: 0, empty: 0, emptyColumns: 0 };
    return { encoding: null, delimiter: null, header: null, comment: null, passedOver, guesses: [] };
  }

  async *#blocks(positions: readonly number[]): AsyncGenerator<CellBlock, void, undefined> {
    yield this.block(positions);
  }
}

interface Columns {
  names: readonly string[];
  rowCount: number;
  columnAt: (position: number) => Values;
}

function columnsOf(table: Table): Columns {
  if (isArrowTable(table)) {
    const { numRows: rowCount } = table;
    const names = table.schema.fields.map(({ name }) => name);
    return { names, rowCount, columnAt: (position) => valuesOf(table.getChildAt(position), names[position] ?? '') };
  }
  if (Array.isArray(table)) return columnsOfRecords(table as readonly unknown[]);
  const given = table as unknown;
  if (typeof given !== 'object' || given === null) throw noTable(given === null ? 'null' : typeof given);
  const entries = Object.entries(given);
  const lists = entries.map(([name, column]) => valuesOf(column, `column '${name}'`));
  const rowCount = lists[0]?.length ?? 0;
  const wrong = lists.findIndex(({ length }) => length !== rowCount);
  if (wrong >= 0) {
    const name = entries[wrong]?.[0] ?? '';
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${counted(lists[wrong]?.length ?? 0, 'value')} in column '${name}' and ${rowCount} in '${entries[0]?.[0]}'`,
      expected: 'the same number of values in each',
      fix: 'Give every column one value for each example.',
      where: { column: name },
    });
  }
  return { names: entries.map(([name]) => name), rowCount, columnAt: (position) => lists[position] as Values };
}

/** Columns of records: the names of all of them, and undefined where one has no such value. */
function columnsOfRecords(records: readonly unknown[]): Columns {
  const names = new Set<string>();
  records.forEach((record, row) => {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      throw noTable(
        `a list with ${record === null ? 'null' : Array.isArray(record) ? 'a list' : typeof record} in row ${row}`,
      );
    }
    for (const name in record) names.add(name);
  });
  const list = [...names];
  const rows = records as readonly Readonly<Record<string, unknown>>[];
  return {
    names: list,
    rowCount: rows.length,
    columnAt: (position) => rows.map((row) => row[list[position] as string]),
  };
}

function noTable(got: string): DescentError {
  return new DescentError('SHAPE_MISMATCH', {
    got: `a table that is ${got}`,
    expected: 'records such as [{ x: 1, y: 3 }], columns by name, or an Arrow table',
    fix: 'Pass rows without names as { features, targets }.',
  });
}
