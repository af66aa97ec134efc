import { DescentError } from '../base/errors.js';
import { quote } from '../base/quote.js';
import { type Classes, ZERO_AND_ONE } from '../data/table/encoding.js';
import { numberText } from './quote.js';
import type { Source, SourceColumn } from './query.js';
import type { ResultRow } from './result-rows.js';
import { isFiniteText, isKnownText, numbersOf, valuesText } from './rows-text.js';

/** The first statement's answer: all that is checked before sums are taken, and the centres for them. */
export interface Statistics {
  /** Rows that the condition lets through and whose weight is not 0. */
  rowCount: number;
  /** [d + 1] A point near the means. */
  centers: number[];
}

/** The columns of numbers and their names in the statement: c0, c1, … and w. */
function countedOf(source: Source): { column: SourceColumn; name: string }[] {
  const { weights } = source;
  const numbers = numbersOf(source).map(({ column, i }) => ({ column, name: `c${i}` }));
  return weights ? [...numbers, { column: weights, name: 'w' }] : numbers;
}

/**
 * The statement that checks the columns and finds their centres: of each the number of values, of numbers and of finite
 * ones, and the average; of a category the number of values and of known levels. One scan. The least and the largest value would
 * take DuckDB longer than all of this.
 */
export function statisticsText(source: Source): string {
  const { columns, categories, weights, grouping, prefix, dialect, labels: classes } = source;
  const all = countedOf(source);
  const present = dialect.hasSilentCasts ? all.map(({ column, name }) => `${column.raw} AS ${prefix}h${name}`) : [];
  const finite = all.map(({ name }) => {
    const value = `${prefix}${name}`;
    return `CASE WHEN ${isFiniteText(value, source)} THEN ${value} END AS ${prefix}f${name}`;
  });
  const sums = all.flatMap(({ name }) => [
    ...(dialect.hasSilentCasts ? [`COUNT(${prefix}h${name}) AS ${prefix}u${name}`] : []),
    `COUNT(${prefix}${name}) AS ${prefix}n${name}`,
    `COUNT(${prefix}f${name}) AS ${prefix}t${name}`,
    ...(name === 'w' ? [] : [`AVG(${prefix}f${name}) AS ${prefix}a${name}`]),
  ]);
  const known = categories.flatMap((_, k) => [
    `COUNT(${prefix}y${k}) AS ${prefix}uy${k}`,
    `COUNT(CASE WHEN ${isKnownText(source, k)} THEN 1 END) AS ${prefix}ty${k}`,
  ]);
  const label = `${prefix}c${columns.length - 1}`;
  const isLabel = [0, 1].map((value) => `${label} = ${numberText(value, dialect)}`).join(' OR ');
  const labels = classes ? [`COUNT(CASE WHEN ${isLabel} THEN 1 END) AS ${prefix}nl`] : [];
  const fields = [
    `COUNT(*) AS ${prefix}m`,
    ...(grouping ? [`COUNT(${prefix}k) AS ${prefix}nk`] : []),
    ...labels,
    ...sums,
    ...(weights ? [`COUNT(CASE WHEN ${prefix}w < ${numberText(0, dialect)} THEN 1 END) AS ${prefix}nw0`] : []),
    ...known,
  ];
  const kept = [
    ...(dialect.hasSilentCasts ? all.map(({ name }) => `${prefix}h${name}`) : []),
    ...all.map(({ name }) => `${prefix}${name}`),
    ...categories.map((_, k) => `${prefix}y${k}`),
  ];
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
  const { columns, weights, grouping, prefix } = source;
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
  checkCounts(row, source, rowCount);
  const below = weights ? row.count(`${prefix}nw0`) : 0;
  if (weights && below > 0) {
    throw new DescentError('INVALID_OPTION', {
      got: `a weight below 0 in ${below} of ${rowCount} rows of ${quote(weights.name)}`,
      expected: 'weights from 0 up',
      fix: 'Leave such rows out with where.',
      where: { option: 'weights', column: weights.name },
    });
  }
  const averages = columns.map(({ level }, i) => (level ? 0 : row.number(`${prefix}ac${i}`)));
  if (source.labels) checkLabels(row, source, source.labels, averages.at(-1) as number);
  // Levels are summed as they are: no digits are lost near 0 and 1.
  return { rowCount, centers: averages.map(centerOf) };
}

/** Checks how many values each column has. */
function checkCounts(row: ResultRow, source: Source, rowCount: number): void {
  const { categories, prefix, missing } = source;
  const counts: ColumnCounts[] = [
    ...countedOf(source).map(({ column, name }): ColumnCounts => ({
      origin: column.origin,
      kind: column === source.columns.at(-1) ? 'target' : 'numbers',
      present: row.count(`${prefix}${source.dialect.hasSilentCasts ? 'u' : 'n'}${name}`),
      numbers: row.count(`${prefix}n${name}`),
      finite: row.count(`${prefix}t${name}`),
    })),
    ...categories.map(({ name: origin }, k) => {
      const known = row.count(`${prefix}ty${k}`);
      return {
        origin,
        kind: 'category' as const,
        present: row.count(`${prefix}uy${k}`),
        numbers: known,
        finite: known,
      };
    }),
  ];
  if (missing === 'error') for (const count of counts) requireAll(count, rowCount, adviceOnText(source));
  const none = counts.find(({ finite }) => finite === 0);
  if (none) throw noRows(`no finite value in ${quote(none.origin)}`);
}

/** Labels are 0 and 1, both of them, as they are or in the place of others. */
function checkLabels(row: ResultRow, { columns, prefix }: Source, classes: Classes, average: number): void {
  const column = columns.at(-1)?.origin as string;
  const others = row.count(`${prefix}tc${columns.length - 1}`) - row.count(`${prefix}nl`);
  if (others === 0 && average > 0 && average < 1) return;
  const [first, second] = classes.map((label) => (typeof label === 'string' ? quote(label) : String(label)));
  const isPlain = classes === ZERO_AND_ONE;
  throw new DescentError('INVALID_LABEL', {
    got:
      others > 0
        ? `${others} ${others === 1 ? 'label' : 'labels'} in ${quote(column)} that ${others === 1 ? 'is' : 'are'} neither ${first} nor ${second}`
        : `only label ${average === 0 ? first : second} in ${quote(column)}`,
    expected: `labels ${first} and ${second}, both of them`,
    fix: `${isPlain ? NAME_CLASSES : 'Leave such rows out with where, or name other classes'}, or use another loss.`,
    where: { column },
  });
}

/** Advice where the target may be text; '' where it may. */
export function adviceOnText({ labels }: Pick<Source, 'labels'>): string {
  if (labels) return labels === ZERO_AND_ONE ? `If the target is text: ${NAME_CLASSES}.` : '';
  return "A target of two labels in text takes fitFromSql with loss: 'logistic' and classes: ['no', 'yes'].";
}

/** Advice for labels that are not 0 and 1. */
const NAME_CLASSES = "Name the two labels with classes: ['no', 'yes'] or [1, 2]";

interface ColumnCounts {
  origin: string;
  kind: 'numbers' | 'category' | 'target';
  present: number;
  numbers: number;
  finite: number;
}

/**
 * Significant bits of a centre: enough for any spread that f64 shows beside the mean, and fewer than its text can have. Of a column of
 * one value the way to it is the same number in each row, whose sums cancel.
 */
const BITS = 40;

/** A short number near the average, so that its text is the same number to every engine. */
export function centerOf(average: number): number {
  if (average === 0) return 0;
  const grain = 2 ** Math.max(Math.floor(Math.log2(Math.abs(average))) - BITS, -1074);
  const rounded = Math.round(average / grain) * grain;
  return Number.isFinite(rounded) ? rounded : average;
}

function requireAll({ origin, present, numbers, finite, kind }: ColumnCounts, rowCount: number, onText: string): void {
  const where = { column: origin };
  const fix = "Leave such rows out with missing: 'drop' or where.";
  const of = (count: number) => `${count} of ${rowCount} rows of ${quote(origin)}`;
  if (present < rowCount)
    throw new DescentError('MISSING_VALUE', { got: `NULL${kind === 'category' ? ' or text without characters' : ''} in ${of(rowCount - present)}`, expected: 'a value', fix, where }); // prettier-ignore
  if (numbers < rowCount) {
    const got = `a value that is no number and none of the categories in ${of(rowCount - numbers)}`;
    const advice = kind === 'target' && onText !== '' ? onText : fix;
    throw new DescentError('INVALID_VALUE', { got, expected: 'numbers', fix: advice, where });
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
