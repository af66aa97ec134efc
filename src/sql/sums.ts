import { DescentError } from '../base/errors.js';
import type { Moments } from '../moments/moments.js';
import { momentsFromShiftedSums } from '../moments/shifted-sums.js';
import { exclusiveProduct, featureNamesOf, isExclusive, type Source } from './query.js';
import { type GroupKey, invalidResult, readRows, type ResultRow } from './result-rows.js';
import { centeredText } from './rows-text.js';
import { noRows, type Statistics } from './statistics.js';

/** Aggregates that each statement has beside its share of the sums: rows, weights and key. */
const BESIDE = 3;

/** A sum that a statement takes, and its place among the sums of all. */
export interface Sum {
  name: string;
  sql: string;
}

/** The statements whose sums make moments, and the way back. */
export interface SumStatements {
  /** Each takes some of the sums: engines limit how many. */
  statements: readonly string[];
  /** The moments of all rows, by key, from the rows of each statement. */
  read: (results: readonly unknown[]) => Map<GroupKey | null, Moments>;
}

/**
 * Σ w, Σ w·z and Σ w·zzᵀ about the centres, in as few statements as the dialect allows. 'columns' leaves out the products of
 * different features, and reads them as those of uncorrelated ones: enough for units and for the gradient of a constant model.
 */
export function sumStatements(
  source: Source,
  statistics: Statistics,
  products: 'all' | 'columns' = 'all',
): SumStatements {
  const { columns, weights, grouping, dialect, prefix } = source;
  const centers = grouping?.option === 'groupBy' ? null : statistics.centers;
  const factor = weights ? `${prefix}w * ` : '';
  const z = (i: number) => `${prefix}z${i}`;
  const sums: Sum[] = columns.map((_, i) => ({ name: `${prefix}s${i}`, sql: `SUM(${factor}${z(i)})` }));
  columns.forEach((_, i) => {
    for (let j = i; j < columns.length; j++) {
      if (products === 'columns' && j > i && j < columns.length - 1) continue;
      if (isExclusive(source, i, j)) continue;
      sums.push({ name: `${prefix}p${i}_${j}`, sql: `SUM(${factor}${z(i)} * ${z(j)})` });
    }
  });
  const rows = `WITH ${centeredText(source, centers)}`;
  const averages = centers ? [] : columns.map((_, i) => `MIN(${prefix}a${i}) AS ${prefix}e${i}`);
  const head = [
    ...(grouping ? [`${prefix}k`] : []),
    `COUNT(*) AS ${prefix}m`,
    ...(weights ? [`SUM(${prefix}w) AS ${prefix}sw`] : []),
    ...averages,
  ];
  const tail = `\nFROM ${prefix}z${grouping ? ` GROUP BY ${prefix}k` : ''}`;
  const parts = inParts(sums, dialect.mostSums - BESIDE - averages.length, dialect.mostBytes - rows.length - 1000);
  const statements = parts.map((part) => {
    const fields = [...head, ...part.map(({ name, sql }) => `${sql} AS ${name}`)];
    return `${rows}\nSELECT ${fields.join(',\n  ')}${tail}`;
  });
  return { statements, read: (results) => readSums(source, statistics, parts, results) };
}

/** Sums in parts of at most so many, and so many bytes of text. */
export function inParts(sums: readonly Sum[], mostSums: number, mostBytes: number): Sum[][] {
  const parts: Sum[][] = [];
  let [part, bytes]: [Sum[], number] = [[], 0];
  for (const sum of sums) {
    const size = sum.sql.length + sum.name.length + 10;
    if (part.length > 0 && (part.length >= mostSums || bytes + size > mostBytes)) {
      parts.push(part);
      [part, bytes] = [[], 0];
    }
    part.push(sum);
    bytes += size;
  }
  return [...parts, part];
}

/** The rows of all statements that have the same key. */
interface KeyedRows {
  rows: ResultRow[];
  count: number;
}

function readSums(
  source: Source,
  { rowCount, centers }: Statistics,
  parts: readonly (readonly Sum[])[],
  results: readonly unknown[],
): Map<GroupKey | null, Moments> {
  const { columns, weights, grouping, prefix, missing } = source;
  if (results.length !== parts.length)
    throw invalidResult(`${results.length} results`, `those of ${parts.length} statements`, 'Run every statement.');
  const byKey = joined(source, results);
  const total = [...byKey.values()].reduce((sum, { count }) => sum + count, 0);
  if (total === 0) throw noRows('no rows with all their values');
  if (missing === 'error' && total !== rowCount) throw changed(rowCount, total);
  return new Map(
    Array.from(byKey, ([key, { rows }]) => {
      const first = rows[0] as ResultRow;
      const shift = Float64Array.from(columns, (_, i) =>
        grouping?.option === 'groupBy' ? first.number(`${prefix}e${i}`) : (centers[i] as number),
      );
      const count = weights ? first.number(`${prefix}sw`) : first.count(`${prefix}m`);
      const names = [featureNamesOf(source), [columns.at(-1)?.name as string]] as const;
      return [
        key,
        momentsFromShiftedSums({ count, shift, ...placed(source, parts, rows, { count, shift }) }, ...names),
      ];
    }),
  );
}

/**
 * The sums of the rows of one key in their places. Products that were not summed are those of two levels of a category, or else
 * taken as those of uncorrelated columns.
 */
function placed(
  source: Source,
  parts: readonly (readonly Sum[])[],
  rows: readonly ResultRow[],
  { count, shift }: { count: number; shift: Float64Array },
): { sums: Float64Array; products: Float64Array } {
  const { columns, prefix } = source;
  const size = columns.length;
  const sums = new Float64Array(size);
  const products = new Float64Array(size * size).fill(Number.NaN);
  parts.forEach((part, k) => {
    for (const { name } of part) {
      const places = name.slice(prefix.length + 1).split('_');
      const [i, j] = places.map(Number) as [number, number | undefined];
      const value = (rows[k] as ResultRow).number(name);
      if (j === undefined) sums[i] = value;
      else products[i * size + j] = value;
    }
  });
  products.forEach((value, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    if (!Number.isNaN(value)) return;
    const [first, second] = [sums[i] as number, sums[j] as number];
    const centers = [shift[i] as number, shift[j] as number] as const;
    products[at] = isExclusive(source, i, j)
      ? exclusiveProduct(centers, [first, second], count)
      : (first / count) * second;
  });
  return { sums, products };
}

/** The rows of each key, one from each statement. */
function joined({ grouping, prefix }: Source, results: readonly unknown[]): Map<GroupKey | null, KeyedRows> {
  const byKey = new Map<GroupKey | null, KeyedRows>();
  results.forEach((result, k) => {
    for (const row of readRows(result, `the sums of statement ${k + 2}`)) {
      const key = grouping ? row.key(`${prefix}k`) : null;
      const count = row.count(`${prefix}m`);
      const before = byKey.get(key);
      if (!before) byKey.set(key, { rows: [row], count });
      else {
        before.rows.push(row);
        if (before.count !== count) throw changed(before.count, count);
      }
    }
  });
  const partial = [...byKey.values()].find(({ rows }) => rows.length !== results.length);
  if (partial) throw changed(partial.count, 0);
  return byKey;
}

function changed(before: number, after: number): DescentError {
  return invalidResult(
    `${before} rows in one statement and ${after} in another`,
    'the same rows in all statements',
    'Run them in one transaction with a snapshot, or on a table that does not change.',
  );
}
