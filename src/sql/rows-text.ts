import { numberText } from './quote.js';
import type { Source, SourceColumn } from './query.js';

/** The largest number: NaN and infinities are not under it in any engine. */
const LARGEST = Number.MAX_VALUE;

/** Columns of numbers with their places: a category has none of its own. */
export function numbersOf({ columns }: Pick<Source, 'columns'>): { column: SourceColumn; i: number }[] {
  return columns.flatMap((column, i) => (column.level ? [] : [{ column, i }]));
}

/**
 * The text of the first part of a statement: each row with its numbers c0, c1, … in f64, its categories y0, y1, …, its weight w and
 * its key k, and further ones.
 */
export function valuesText(source: Source, further: readonly string[] = []): string {
  const { rows, categories, weights, grouping, prefix } = source;
  const fields = [
    ...further,
    ...numbersOf(source).map(({ column, i }) => `${column.value} AS ${prefix}c${i}`),
    ...categories.map(({ value }, k) => `${value} AS ${prefix}y${k}`),
    ...(weights ? [`${weights.value} AS ${prefix}w`] : []),
    ...(grouping ? [`(${grouping.sql}) AS ${prefix}k`] : []),
  ];
  return `${prefix}v AS (SELECT ${fields.join(', ')} FROM ${rows})`;
}

/** The condition that a number is there and finite. */
export function isFiniteText(value: string, { dialect }: Pick<Source, 'dialect'>): string {
  const largest = numberText(LARGEST, dialect);
  if (dialect.finite === 'abs') return `ABS(${value}) <= ${largest}`;
  return `${value} BETWEEN ${numberText(-LARGEST, dialect)} AND ${largest}`;
}

/** The condition that a category has one of its levels. */
export function isKnownText({ categories, prefix }: Source, category: number): string {
  return `${prefix}y${category} IN (${categories[category]?.listed ?? ''})`;
}

/** The condition of rows that are whole, and count. */
export function isWholeText(source: Source): string {
  const { categories, weights, prefix } = source;
  const conditions = numbersOf(source).map(({ i }) => isFiniteText(`${prefix}c${i}`, source));
  conditions.push(...categories.map((_, k) => isKnownText(source, k)));
  if (weights) conditions.push(`${prefix}w > 0`, isFiniteText(`${prefix}w`, source));
  return conditions.join(' AND ');
}

/** The text of the number that a row has in the column of a level. */
function levelText({ dialect, prefix }: Source, { category, text }: NonNullable<SourceColumn['level']>): string {
  const [one, zero] = [numberText(1, dialect), numberText(0, dialect)];
  return `CASE WHEN ${prefix}y${category} = ${text} THEN ${one} ELSE ${zero} END`;
}

/**
 * The text of whole rows about the centres: z0, z1, …, with weight and key. Groups are then centred each by itself: a0, a1, … are
 * the averages of the rows of a key about the centres, which the statement itself takes. Categories come as a number for each level, or,
 * where some are named to be summed by, as they are.
 */
export function centeredText(
  source: Source,
  centers: readonly number[],
  summedBy: readonly number[] | null = null,
): string {
  const { dialect, columns, weights, grouping, prefix } = source;
  const kept = [
    ...(summedBy ?? []).map((k) => `${prefix}y${k}`),
    ...(weights ? [`${prefix}w`] : []),
    ...(grouping ? [`${prefix}k`] : []),
  ];
  const isOwn = isCenteredByKey(source);
  const fields = columns.flatMap(({ level }, i) => {
    const center = centers[i] as number;
    const name = isOwn ? 'b' : 'z';
    if (!level) return [`${prefix}c${i} - ${numberText(center, dialect)} AS ${prefix}${name}${i}`];
    return summedBy ? [] : [`${levelText(source, level)} AS ${prefix}z${i}`];
  });
  const select = `SELECT ${[...fields, ...kept].join(', ')} FROM ${prefix}v WHERE ${isWholeText(source)}`;
  const rows = dialect.fence(select, prefix);
  if (!isOwn) return `${valuesText(source)},\n${prefix}z AS (${rows})`;
  const numbers = numbersOf(source);
  const averages = numbers.map(({ i }) => `AVG(${prefix}b${i}) AS ${prefix}a${i}`);
  const own = numbers.map(({ i }) => `${prefix}b${i} - ${prefix}a${i} AS ${prefix}z${i}, ${prefix}a${i}`);
  return [
    valuesText(source),
    `${prefix}r AS (${rows})`,
    `${prefix}g AS (SELECT ${prefix}k AS ${prefix}key, ${averages.join(', ')} FROM ${prefix}r GROUP BY ${prefix}k)`,
    `${prefix}z AS (${dialect.fence(`SELECT ${[...own, ...kept].join(', ')} FROM ${prefix}r JOIN ${prefix}g ON ${prefix}k = ${prefix}key`, prefix)})`,
  ].join(',\n');
}

/** True for groups, which may be far apart. */
export const isCenteredByKey = ({ grouping }: Pick<Source, 'grouping'>): boolean => grouping?.option === 'groupBy';

/** The statement of the different rows with their counts or sums of weights: numbers c0, c1, …, and categories y0, y1, … */
export function groupedText(source: Source, mostRows: number): string {
  const { categories, weights, prefix } = source;
  const names = [...numbersOf(source).map(({ i }) => `${prefix}c${i}`), ...categories.map((_, k) => `${prefix}y${k}`)];
  const count = weights ? `SUM(${prefix}w)` : 'COUNT(*)';
  const listed = names.join(', ');
  const rows = `SELECT ${listed}, ${count} AS ${prefix}n FROM ${prefix}v WHERE ${isWholeText(source)}`;
  return `WITH ${valuesText(source)}\n${rows} GROUP BY ${listed} LIMIT ${mostRows}`;
}
