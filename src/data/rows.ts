import type { WorkInParts } from '../base/turns.js';
import { counted } from '../base/quote.js';
import { DescentError } from '../base/errors.js';
import { isLeftOut } from '../base/require-object.js';
import { type Numbers, type Values, valuesOf } from './numbers.js';

/** A row of named values. */
export type ExampleRecord = Readonly<Record<string, unknown>>;

/** A list of rows, rather than of numbers. */
export function isNested(features: unknown): features is readonly Numbers[] {
  return typeof firstOf(features) === 'object';
}

/** The first of a list that is not left out: rows may be missing, the first of them, too. */
export function firstOf(list: unknown): unknown {
  return Array.isArray(list) ? (list as readonly unknown[]).find((item) => !isLeftOut(item)) : undefined;
}

/** A list of records, rather than of rows of numbers. */
export function isRecords(features: unknown): features is readonly ExampleRecord[] {
  return isNested(features) && !('length' in (firstOf(features) as object));
}

/** The lengths that rows are to have, in words, and the advice about another one. */
export interface RowLength {
  count: number;
  /** Such as "2, as in row 0". */
  expected: string;
  fix: string;
}

/** Rows in a part of the work on a list of them. */
export const PART_ROWS = 2 ** 14;

/** The values of rows, one by one. Throws `SHAPE_MISMATCH`, with the row, for one that is no list, or has another length. */
export function* valuesOfRows(
  rows: readonly Numbers[],
  lengthFor: (first: number) => RowLength,
): WorkInParts<Values[]> {
  const lists: Values[] = [];
  for (let i = 0; i < rows.length; i++) {
    lists.push(valuesOf(rows[i], `row ${i}`)); // also the rows that a list leaves out
    if (i % PART_ROWS === PART_ROWS - 1) yield;
  }
  const { count, expected, fix } = lengthFor(lists[0]?.length ?? 0);
  const wrong = lists.findIndex(({ length }) => length !== count);
  if (wrong < 0) return lists;
  throw new DescentError('SHAPE_MISMATCH', {
    got: `${counted(lists[wrong]?.length ?? 0, 'value')} in row ${wrong}`,
    expected,
    fix,
    where: { row: wrong },
  });
}
