import { numberText } from './quote.js';
import type { Source } from './query.js';

/** The largest number: NaN and infinities are not under it in any engine. */
const LARGEST = Number.MAX_VALUE;

/** The text of the first part of a statement: each row with its columns c0, c1, … in f64, its weight w and its key k, and further ones. */
export function valuesText(
  { rows, columns, weights, grouping, prefix }: Source,
  further: readonly string[] = [],
): string {
  const fields = [
    ...further,
    ...columns.map(({ value }, i) => `${value} AS ${prefix}c${i}`),
    ...(weights ? [`${weights.value} AS ${prefix}w`] : []),
    ...(grouping ? [`(${grouping.sql}) AS ${prefix}k`] : []),
  ];
  return `${prefix}v AS (SELECT ${fields.join(', ')} FROM ${rows})`;
}

/** The condition that a number is there and finite. */
export function isFiniteText(value: string, { dialect }: Pick<Source, 'dialect'>): string {
  return `ABS(${value}) <= ${numberText(LARGEST, dialect)}`;
}

/** The condition of rows that are whole, and count. */
export function isWholeText(source: Source): string {
  const { columns, weights, prefix } = source;
  const conditions = columns.map((_, i) => isFiniteText(`${prefix}c${i}`, source));
  if (weights) conditions.push(`${prefix}w > 0`, isFiniteText(`${prefix}w`, source));
  return conditions.join(' AND ');
}

/**
 * The text of whole rows about the centres: z0, z1, …, with weight and key. Without numbers for the centres these are
 * the averages of the rows of each key, which the statement itself takes.
 */
export function centeredText(source: Source, centers: readonly number[] | null): string {
  const { dialect, columns, weights, grouping, prefix } = source;
  const kept = [...(weights ? [`${prefix}w`] : []), ...(grouping ? [`${prefix}k`] : [])];
  if (centers) {
    const fields = columns.map((_, i) => {
      return `${prefix}c${i} - ${numberText(centers[i] as number, dialect)} AS ${prefix}z${i}`;
    });
    const selected = [...fields, ...kept].join(', ');
    return `${valuesText(source)},\n${prefix}z AS (SELECT ${selected} FROM ${prefix}v WHERE ${isWholeText(source)}${dialect.fence})`;
  }
  const averages = columns.map((_, i) => `AVG(${prefix}c${i}) AS ${prefix}a${i}`);
  const fields = columns.map((_, i) => `${prefix}c${i} - ${prefix}a${i} AS ${prefix}z${i}, ${prefix}a${i}`);
  return [
    valuesText(source),
    `${prefix}r AS (SELECT * FROM ${prefix}v WHERE ${isWholeText(source)}${dialect.fence})`,
    `${prefix}g AS (SELECT ${prefix}k AS ${prefix}key, ${averages.join(', ')} FROM ${prefix}r GROUP BY ${prefix}k)`,
    `${prefix}z AS (SELECT ${[...fields, ...kept].join(', ')} FROM ${prefix}r JOIN ${prefix}g ON ${prefix}k = ${prefix}key${dialect.fence})`,
  ].join(',\n');
}

/** The statement of the different rows with their counts or sums of weights. */
export function groupedText(source: Source, mostRows: number): string {
  const { columns, weights, prefix } = source;
  const names = columns.map((_, i) => `${prefix}c${i}`).join(', ');
  const count = weights ? `SUM(${prefix}w)` : 'COUNT(*)';
  const rows = `SELECT ${names}, ${count} AS ${prefix}n FROM ${prefix}v WHERE ${isWholeText(source)}`;
  return `WITH ${valuesText(source)}\n${rows} GROUP BY ${names} LIMIT ${mostRows}`;
}
