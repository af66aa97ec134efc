import { DescentError } from '../base/errors.js';
import { quote } from '../base/quote.js';
import { numberText } from './quote.js';
import type { Source, SourceColumn } from './query.js';
import type { ResultRow } from './result-rows.js';
import { isFiniteText, valuesText } from './rows-text.js';

/** The first statement's answer: all that is checked before sums are taken, and the centres for them. */
export interface Statistics {
  /** Rows that the condition lets through and whose weight is not 0. */
  rowCount: number;
  /** [d + 1] A point near the means; of a column of one value, that value. */
  centers: number[];
  /** [d + 1] */
  ranges: Range[];
}

/**
 * The statement that checks the columns and finds their centres: of each the number of values, of numbers and of finite
 * ones, the least, the largest and the average. One scan.
 */
export function statisticsText(source: Source): string {
  const { columns, weights, grouping, prefix, dialect, isLabelled } = source;
  const all = [...columns, ...(weights ? [weights] : [])];
  const name = (i: number) => (i < columns.length ? `c${i}` : 'w');
  const present = all.map(({ raw }, i) => `${raw} AS ${prefix}h${name(i)}`);
  const finite = all.map((_, i) => {
    const value = `${prefix}${name(i)}`;
    return `CASE WHEN ${isFiniteText(value, source)} THEN ${value} END AS ${prefix}f${name(i)}`;
  });
  const sums = all.flatMap((_, i) => {
    const [has, value, found] = [`${prefix}h${name(i)}`, `${prefix}${name(i)}`, `${prefix}f${name(i)}`];
    return [
      `COUNT(${has}) AS ${prefix}u${name(i)}`,
      `COUNT(${value}) AS ${prefix}n${name(i)}`,
      `COUNT(${found}) AS ${prefix}t${name(i)}`,
      `MIN(${found}) AS ${prefix}lo${name(i)}`,
      `MAX(${found}) AS ${prefix}hi${name(i)}`,
      `AVG(${found}) AS ${prefix}a${name(i)}`,
    ];
  });
  const label = `${prefix}c${columns.length - 1}`;
  const isLabel = [0, 1].map((value) => `${label} = ${numberText(value, dialect)}`).join(' OR ');
  const labels = isLabelled ? [`COUNT(CASE WHEN ${isLabel} THEN 1 END) AS ${prefix}nl`] : [];
  const fields = [
    `COUNT(*) AS ${prefix}m`,
    ...(grouping ? [`COUNT(${prefix}k) AS ${prefix}nk`] : []),
    ...labels,
    ...sums,
  ];
  const kept = all.map((_, i) => `${prefix}h${name(i)}, ${prefix}${name(i)}`);
  const inner = [...kept, ...finite, ...(grouping ? [`${prefix}k`] : [])].join(', ');
  // A row of weight 0 is no example; one without a weight is an incomplete one.
  const counting = weights ? ` WHERE ${prefix}w IS NULL OR ${prefix}w <> 0` : '';
  return `WITH ${valuesText(source, present)},\n${prefix}f AS (SELECT ${inner} FROM ${prefix}v${counting})\nSELECT ${fields.join(',\n  ')}\nFROM ${prefix}f`;
}

/**
 * Reads the answer, and throws `EMPTY_DATA` without rows, `MISSING_VALUE`, `INVALID_VALUE` and `NON_FINITE_VALUE` for
 * values that are not what they should be, unless rows with such are left out, and `INVALID_OPTION` for weights under 0.
 */
export function readStatistics(row: ResultRow, source: Source): Statistics {
  const { columns, weights, grouping, prefix, missing } = source;
  const rowCount = row.count(`${prefix}m`);
  if (rowCount === 0) throw noRows('no rows');
  if (grouping && row.count(`${prefix}nk`) < rowCount) {
    throw new DescentError('MISSING_VALUE', {
      got: `${grouping.option} that is NULL in ${rowCount - row.count(`${prefix}nk`)} of ${rowCount} rows`,
      expected: 'a key for each row',
      fix: 'Give these rows a key with COALESCE, or leave them out with where.',
      where: { option: grouping.option },
    });
  }
  const all = [...columns, ...(weights ? [weights] : [])];
  const name = (i: number) => (i < columns.length ? `c${i}` : 'w');
  const counts = all.map((_, i) => ({
    present: row.count(`${prefix}u${name(i)}`),
    numbers: row.count(`${prefix}n${name(i)}`),
    finite: row.count(`${prefix}t${name(i)}`),
  }));
  if (missing === 'error') all.forEach((column, i) => requireAll(column, counts[i] as ColumnCounts, rowCount));
  const none = counts.findIndex(({ finite }) => finite === 0);
  if (none >= 0) throw noRows(`no finite value in ${quote((all[none] as SourceColumn).origin)}`);
  if (weights && row.number(`${prefix}low`) < 0) {
    throw new DescentError('INVALID_OPTION', {
      got: `a weight of ${row.number(`${prefix}low`)} in ${quote(weights.name)}`,
      expected: 'weights from 0 up',
      fix: 'Leave such rows out with where.',
      where: { option: 'weights', column: weights.name },
    });
  }
  const ranges = columns.map((_, i) => ({
    least: row.number(`${prefix}loc${i}`),
    largest: row.number(`${prefix}hic${i}`),
  }));
  if (source.isLabelled) checkLabels(row, source, ranges.at(-1) as Range, counts.at(weights ? -2 : -1) as ColumnCounts);
  const centers = ranges.map(({ least, largest }, i) => {
    const average = row.numberOrNaN(`${prefix}ac${i}`); // its sum may have overflowed
    return centerOf(least, largest, average);
  });
  return { rowCount, centers, ranges };
}

interface Range {
  least: number;
  largest: number;
}

/** Labels are 0 and 1, both of them. */
function checkLabels(row: ResultRow, { columns, prefix }: Source, { least, largest }: Range, { finite }: ColumnCounts) {
  const column = columns.at(-1)?.origin as string;
  const others = finite - row.count(`${prefix}nl`);
  if (others === 0 && least < largest) return;
  throw new DescentError('INVALID_LABEL', {
    got:
      others > 0
        ? `${others} labels in ${quote(column)} that are not 0 or 1`
        : `only label ${least} in ${quote(column)}`,
    expected: 'labels 0 and 1, both of them',
    fix: "Name the two labels with classes: ['no', 'yes'], or use another loss.",
    where: { column },
  });
}

interface ColumnCounts {
  present: number;
  numbers: number;
  finite: number;
}

/** The share of a column's range to which a centre is rounded: far less than a standard deviation, of any 2^40 rows. */
const GRAIN = 2 ** -21;

/**
 * A short number near the average, so that its text is the same number to every engine; the value itself of a column
 * that has one only.
 */
export function centerOf(least: number, largest: number, average: number): number {
  if (least === largest) return least;
  const near = Number.isFinite(average) ? average : least / 2 + largest / 2;
  const grain = 2 ** Math.floor(Math.log2((largest / 2 - least / 2) * 2 * GRAIN));
  const rounded = Math.round(near / grain) * grain;
  return Number.isFinite(rounded) && grain > 0 ? rounded : near;
}

function requireAll({ origin }: SourceColumn, { present, numbers, finite }: ColumnCounts, rowCount: number): void {
  const where = { column: origin };
  const fix = "Leave such rows out with missing: 'drop' or where.";
  const of = (count: number) => `${count} of ${rowCount} rows of ${quote(origin)}`;
  if (present < rowCount)
    throw new DescentError('MISSING_VALUE', { got: `NULL in ${of(rowCount - present)}`, expected: 'a value', fix, where }); // prettier-ignore
  if (numbers < rowCount) {
    const got = `a value that is no number and none of the categories in ${of(rowCount - numbers)}`;
    throw new DescentError('INVALID_VALUE', { got, expected: 'numbers', fix, where });
  }
  if (finite < rowCount) {
    const got = `NaN or infinity in ${of(rowCount - finite)}`;
    throw new DescentError('NON_FINITE_VALUE', { got, expected: 'finite numbers', fix, where });
  }
}

export function noRows(got: string): DescentError {
  return new DescentError('EMPTY_DATA', {
    got,
    expected: 'at least one row with all its values',
    fix: 'Check from and where, and which columns have values.',
  });
}
