import type { Moments } from '../moments/moments.js';
import type { Source } from './query.js';
import type { GroupKey } from './result-rows.js';
import { centeredText, isCenteredByKey, numbersOf } from './rows-text.js';
import { readSums } from './read-sums.js';
import type { Statistics } from './statistics.js';

/** Aggregates that each statement has beside its share of the sums: rows, weights and key. */
const BESIDE = 3;

/** A sum that a statement takes, and its place among the sums of all. */
export interface Sum {
  name: string;
  sql: string;
}

/** A statement and its share of the sums. */
export interface SumPart {
  text: string;
  /** The categories whose levels the rows of the result stand for: none, one or two. */
  summedBy: readonly number[];
  sums: readonly Sum[];
}

/** The statements whose sums make moments, and the way back. */
export interface SumStatements {
  /** Each takes some of the sums: engines limit how many. */
  statements: readonly string[];
  /** The moments of all rows, by key, from the rows of each statement. */
  read: (results: readonly unknown[]) => Map<GroupKey | null, Moments>;
}

/**
 * Σ w, Σ w·z and Σ w·zzᵀ about the centres, in as few statements as the dialect allows: those of numbers, those of each category
 * by level, and those of each two categories. 'columns' leaves out the products of different features, and reads them as those of
 * uncorrelated ones: enough for units and for the gradient of a constant model.
 */
export function sumStatements(
  source: Source,
  statistics: Statistics,
  products: 'all' | 'columns' = 'all',
): SumStatements {
  const { categories } = source;
  const { centers } = statistics;
  const codes = categories.map((_, k) => k);
  const pairs = products === 'all' ? codes.flatMap((k) => codes.slice(k + 1).map((other) => [k, other])) : [];
  const parts = [
    ...partsOf(source, centers, [], numberSums(source, products)),
    ...codes.flatMap((k) => partsOf(source, centers, [k], levelSums(source, products))),
    ...pairs.flatMap((pair) => partsOf(source, centers, pair, [])),
  ];
  return {
    statements: parts.map(({ text }) => text),
    read: (results) => readSums(source, statistics, parts, results),
  };
}

const weighted = ({ weights, prefix }: Source) => (weights ? `${prefix}w * ` : '');

/** The sums of numbers and of their products. */
function numberSums(source: Source, products: 'all' | 'columns'): Sum[] {
  const { columns, prefix } = source;
  const z = (i: number) => `${prefix}z${i}`;
  const places = numbersOf(source).map(({ i }) => i);
  const sums = places.map((i) => ({ name: `${prefix}s${i}`, sql: `SUM(${weighted(source)}${z(i)})` }));
  places.forEach((i, at) => {
    for (const j of places.slice(at)) {
      if (products === 'columns' && j > i && j < columns.length - 1) continue;
      sums.push({ name: `${prefix}p${i}_${j}`, sql: `SUM(${weighted(source)}${z(i)} * ${z(j)})` });
    }
  });
  return sums;
}

/** The sums of numbers that each level of a category has: products with its column of 0 and 1. */
function levelSums(source: Source, products: 'all' | 'columns'): Sum[] {
  const { columns, prefix } = source;
  const places = numbersOf(source).filter(({ i }) => products === 'all' || i === columns.length - 1);
  return places.map(({ i }) => ({ name: `${prefix}s${i}`, sql: `SUM(${weighted(source)}${prefix}z${i})` }));
}

/** The statements of some sums over the rows of each key and level. */
function partsOf(
  source: Source,
  centers: readonly number[],
  summedBy: readonly number[],
  sums: readonly Sum[],
): SumPart[] {
  const { weights, grouping, dialect, prefix } = source;
  const rows = `WITH ${centeredText(source, centers, summedBy)}`;
  const keys = [...(grouping ? [`${prefix}k`] : []), ...summedBy.map((k) => `${prefix}y${k}`)];
  // Each statement says the averages that it took: those of another may differ in their last digits.
  const hasOwn = isCenteredByKey(source) && summedBy.length < 2;
  const averages = hasOwn ? numbersOf(source).map(({ i }) => `MIN(${prefix}a${i}) AS ${prefix}e${i}`) : [];
  const head = [...keys, `COUNT(*) AS ${prefix}m`, ...(weights ? [`SUM(${prefix}w) AS ${prefix}sw`] : []), ...averages];
  const tail = `\nFROM ${prefix}z${keys.length > 0 ? ` GROUP BY ${keys.join(', ')}` : ''}`;
  const mostSums = dialect.mostSums - BESIDE - summedBy.length - averages.length;
  return inParts(sums, mostSums, dialect.mostBytes - rows.length - 1000).map((part) => {
    const fields = [...head, ...part.map(({ name, sql }) => `${sql} AS ${name}`)];
    return { text: `${rows}\nSELECT ${fields.join(',\n  ')}${tail}`, summedBy, sums: part };
  });
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
