// The columns of CSV text, before any of them is read as numbers.

import { DescentError } from '../base/errors.js';
import { type CsvInput, readRecords } from './csv-records.js';

/** Decimal notation: a subset of what Number() takes, without '', 0x10, 0b1, 0o7 and Infinity. */
export const DECIMAL = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i;

/** Rows looked at to tell numbers from words. */
const ROWS_LOOKED_AT = 1000;

const CHARACTERS_IN_ERRORS = 40;

/** The names of all columns of CSV text, as `csvSource` knows them: to choose target and features from. */
export async function csvColumns(input: CsvInput, name = 'CSV'): Promise<string[]> {
  return [...readHeader(await firstRecord(input, name), name).positionOf.keys()];
}

/**
 * The names of those columns of CSV text that hold numbers, in file order: to offer them as target and features. It
 * looks at the first 1,000 rows below the header. A column counts where at least half of its cells there are numbers,
 * so that a cell that is wrong does not hide it: reading it says where that is. Without any row all columns count.
 *
 * Throws `EMPTY_DATA`, `INVALID_CSV` and `FILE_UNREADABLE` as reading does.
 *
 *     await csvNumericColumns('name,area\nmill,120\n'); // ['area']
 */
export async function csvNumericColumns(input: CsvInput, name = 'CSV'): Promise<string[]> {
  const rows: (readonly string[])[] = [];
  for await (const { records } of readRecords(input, name)) {
    rows.push(...records.filter((record) => !isBlank(record)).slice(0, ROWS_LOOKED_AT + 1 - rows.length));
    if (rows.length > ROWS_LOOKED_AT) break;
  }
  const [first] = rows;
  if (!first) throw emptyData(`${name} without any row`);
  const { hasHeader, positionOf } = readHeader(first, name);
  const below = hasHeader ? rows.slice(1) : rows;
  const isNumeric = (position: number) =>
    2 * below.filter((row) => DECIMAL.test(row[position] ?? '')).length >= below.length;
  return [...positionOf].filter(([, position]) => isNumeric(position)).map(([column]) => column);
}

export async function firstRecord(input: CsvInput, name: string): Promise<readonly string[]> {
  for await (const { records } of readRecords(input, name)) {
    const first = records.find((record) => !isBlank(record));
    if (first) return first;
  }
  throw emptyData(`${name} without any row`);
}

/** The columns by name, in file order, from a header or by their places. */
export function readHeader(first: readonly string[], source: string) {
  const hasHeader = !first.every((cell) => DECIMAL.test(cell));
  const header = first.map((cell, j) => (hasHeader && cell.trim()) || `c${j + 1}`);
  const positionOf = new Map<string, number>();
  header.forEach((name, position) => {
    const earlier = positionOf.get(name);
    if (earlier !== undefined) {
      throw new DescentError('INVALID_CSV', {
        got: `${source}: column name ${quote(name)} twice, in columns ${earlier + 1} and ${position + 1}`,
        expected: 'a different name for every column',
        fix: 'Rename one of them.',
        where: { file: source, column: name },
      });
    }
    positionOf.set(name, position);
  });
  return { hasHeader, positionOf };
}

export function emptyData(got: string): DescentError {
  return new DescentError('EMPTY_DATA', {
    got,
    expected: 'at least one row of numbers and one feature besides the target',
    fix: 'Check that this is the right file, and that it is complete.',
  });
}

export function isBlank(record: readonly string[]): boolean {
  return record.length === 1 && (record[0] as string).trim() === '';
}

/** Text from the file as errors show it: in quotes, on one line, and cut. */
export function quote(text: string): string {
  return JSON.stringify(text.length > CHARACTERS_IN_ERRORS ? `${text.slice(0, CHARACTERS_IN_ERRORS)}…` : text);
}
