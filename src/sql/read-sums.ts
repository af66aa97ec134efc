// The results of the statements of sums.ts, put together to moments.

import type { DescentError } from '../base/errors.js';
import { quote } from '../base/quote.js';
import type { Moments } from '../moments/moments.js';
import { momentsFromShiftedSums } from '../moments/shifted-sums.js';
import { featureNamesOf, isExclusive, type Source } from './query.js';
import { type GroupKey, invalidResult, readRows, type ResultRow } from './result-rows.js';
import { isCenteredByKey } from './rows-text.js';
import { noRows, type Statistics } from './statistics.js';
import type { SumPart } from './sums.js';

/** The sums of one key so far. */
interface KeySums {
  /** Rows, and the sum of their weights. */
  rows: number;
  count: number;
  /** [n] The centres of the statements, n = d + 1. */
  shift: Float64Array;
  /** [n] The averages of a group about them, as its first statement took them; 0 elsewhere. */
  own: Float64Array;
  /** [n] */
  sums: Float64Array;
  /** [n, n] NaN where no statement takes the sum. */
  products: Float64Array;
  /** Rows in each statement so far. */
  counted: number[];
}

/** The moments of all rows, by key, from the rows of each statement. */
export function readSums(
  source: Source,
  { rowCount, centers }: Statistics,
  parts: readonly SumPart[],
  results: readonly unknown[],
): Map<GroupKey | null, Moments> {
  if (results.length !== parts.length)
    throw invalidResult(`${results.length} results`, `those of ${parts.length} statements`, 'Run every statement.');
  const byKey = new Map<GroupKey | null, KeySums>();
  parts.forEach((part, k) => {
    for (const row of readRows(results[k], `the sums of statement ${k + 2}`)) {
      const key = source.grouping ? row.key(`${source.prefix}k`) : null;
      let sums = byKey.get(key);
      if (!sums) byKey.set(key, (sums = openSums(source, row, centers)));
      place(source, part, row, sums);
      sums.counted[k] = (sums.counted[k] ?? 0) + row.count(`${source.prefix}m`);
    }
  });
  const total = [...byKey.values()].reduce((sum, { rows }) => sum + rows, 0);
  if (total === 0) throw noRows('no rows with all their values');
  if (source.missing === 'error' && total !== rowCount) throw changed(rowCount, total);
  const hasPairs = parts.some(({ summedBy }) => summedBy.length > 1);
  const names = [featureNamesOf(source), [source.columns.at(-1)?.name as string]] as const;
  return new Map(
    Array.from(byKey, ([key, sums]) => {
      parts.forEach((_, k) => {
        if (sums.counted[k] !== sums.rows) throw changed(sums.rows, sums.counted[k] ?? 0);
      });
      fillUnsummed(source, sums, hasPairs);
      return [key, momentsFromShiftedSums(sums, ...names)];
    }),
  );
}

/** The sums of a key, from the first row that has it: that of numbers, whose statement is the first. */
function openSums(source: Source, row: ResultRow, centers: readonly number[]): KeySums {
  const { columns, weights, prefix } = source;
  const size = columns.length;
  const rows = row.count(`${prefix}m`);
  const own = averagesOf(source, row);
  return {
    rows,
    count: weights && rows > 0 ? row.number(`${prefix}sw`) : rows,
    shift: own.map((average, i) => (columns[i]?.level ? 0 : (centers[i] as number) + average)),
    own,
    sums: new Float64Array(size),
    products: new Float64Array(size * size).fill(Number.NaN),
    counted: [],
  };
}

/** [n] The averages of a group that a statement took; 0 where rows are about the centres alone. */
function averagesOf(source: Source, row: ResultRow): Float64Array {
  const isOwn = isCenteredByKey(source);
  return Float64Array.from(source.columns, ({ level }, i) => {
    return isOwn && !level ? row.number(`${source.prefix}e${i}`) : 0;
  });
}

/** Writes the sums of a row in their places, about the averages of the first statement. */
function place(source: Source, { summedBy, sums: part }: SumPart, row: ResultRow, key: KeySums): void {
  const { columns, weights, prefix } = source;
  const { rows, count, sums, products } = key;
  if (rows === 0) return; // sums over no rows are NULL
  const size = columns.length;
  const numbers = part.map(({ name }) => {
    const [i, j] = name
      .slice(prefix.length + 1)
      .split('_')
      .map(Number) as [number, number | undefined];
    return { i, j, value: row.number(name) };
  });
  const own = summedBy.length < 2 ? averagesOf(source, row) : key.own;
  const way = own.map((average, i) => average - (key.own[i] as number));
  if (summedBy.length === 0) {
    for (const { i, j, value } of numbers) {
      const to = way[i] as number;
      // Of sums about their average what is left is their rounding, so that the product of two ways is all that counts.
      if (j === undefined) sums[i] = value + count * to;
      else products[i * size + j] = value + count * to * (way[j] as number);
    }
    return;
  }
  const places = summedBy.map((category) => placeOfLevel(source, category, readLevel(row, source, category)));
  const [first, second] = places as [number | null, number | null | undefined];
  const weight = weights ? row.number(`${prefix}sw`) : row.count(`${prefix}m`);
  if (first === null || second === null) return; // the level that has no column
  if (second !== undefined) products[Math.min(first, second) * size + Math.max(first, second)] = weight;
  else {
    sums[first] = products[first * size + first] = weight;
    for (const { i, value } of numbers)
      products[Math.min(i, first) * size + Math.max(i, first)] = value + weight * (way[i] as number);
  }
}

/** The level of a row of a result, by its place among the levels of its category. */
export function readLevel(row: ResultRow, { categories, prefix }: Source, category: number): number {
  const { name = '', levels = [] } = categories[category] ?? {};
  const level = row.text(`${prefix}y${category}`);
  const code = level === null ? -1 : levels.indexOf(level);
  if (code >= 0) return code;
  throw invalidResult(
    `${level === null ? 'NULL' : quote(level)} as a level of ${quote(name)}`,
    'the levels of the statement',
    'Return text as it is.',
  );
}

/** The column of a level; null for the one that has none. */
function placeOfLevel({ columns }: Source, category: number, code: number): number | null {
  const found = columns.findIndex(({ level }) => level?.category === category && level.code === code);
  return found < 0 ? null : found;
}

/**
 * Puts in what was not summed: 0 for levels without rows, for two levels of a category, and for two of different ones that never
 * meet; else the product of uncorrelated columns.
 */
function fillUnsummed(source: Source, { count, sums, products }: KeySums, hasPairs: boolean): void {
  const size = sums.length;
  const isLevel = (i: number) => source.columns[i]?.level != null;
  const isEmpty = (i: number) => isLevel(i) && sums[i] === 0;
  products.forEach((value, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    if (!Number.isNaN(value) || j < i) return;
    const isApart = isExclusive(source, i, j) || (hasPairs && isLevel(i) && isLevel(j));
    const isNothing = isApart || isEmpty(i) || isEmpty(j);
    products[at] = isNothing ? 0 : ((sums[i] as number) / count) * (sums[j] as number);
  });
}

function changed(before: number, after: number): DescentError {
  return invalidResult(
    `${before} rows in one statement and ${after} in another`,
    'the same rows in all statements',
    'Run them in one transaction with a snapshot, or on a table that does not change.',
  );
}
