import type { ColumnReport, PassedOver, ReadingReport } from '../../data/table/reading-report.js';
import { readingInFlags } from '../cli/flags.js';
import { count, plural, printable } from './terminal.js';

const DELIMITERS: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'pipes',
  ' ': 'blanks',
};

const ENCODINGS: Readonly<Record<string, string>> = { 'utf-8': 'UTF-8', 'utf-16le': 'UTF-16', 'utf-16be': 'UTF-16' };

/** The report of how a file was read, in one paragraph. */
export function describeReading({ encoding, delimiter, header, columns, passedOver, ...rest }: ReadingReport): string {
  const { rowsRead, rowsDropped, guesses } = rest;
  const format = [
    encoding === null ? '' : (ENCODINGS[encoding] ?? encoding),
    delimiter === null ? '' : `cells divided by ${DELIMITERS[delimiter] ?? delimiter}`,
    header === null ? '' : header ? 'with a header' : 'without a header',
  ].filter((text) => text !== '');
  const rows =
    rowsDropped === 0
      ? plural(rowsRead, 'row')
      : `${plural(rowsRead, 'row')}, of which ${describeDropped(rowsDropped, columns)}`;
  const cells = [...notationsOf(columns), ...kindsOf(columns), ...gapsIn(columns, rowsDropped)];
  const facts = [...format, ...cells, ...describePassedOver(passedOver), rows];
  return printable(readingInFlags([`${facts.join('; ')}.`, ...guesses].join(' ')));
}

function describeDropped(rowsDropped: number, columns: readonly ColumnReport[]): string {
  return `${count(rowsDropped)} left out for missing values (${countsIn(columns, ({ missing }) => missing)})`;
}

/** A number for each column that has one: 2 in a, 1 in b. */
function countsIn(columns: readonly ColumnReport[], countOf: (column: ColumnReport) => number): string {
  const counted = columns.filter((column) => countOf(column) > 0);
  return counted.map((column) => `${count(countOf(column))} in ${column.name}`).join(', ');
}

/** Missing values whose rows stayed, in predictions, or whose places were filled. */
function gapsIn(columns: readonly ColumnReport[], rowsDropped: number): string[] {
  const filled = countsIn(columns, (column) => column.filled);
  const open = rowsDropped > 0 ? '' : countsIn(columns, (column) => column.missing - column.filled);
  return [
    filled === '' ? '' : `missing values filled with the mean: ${filled}`,
    open === '' ? '' : `no prediction for missing values: ${open}`,
  ].filter((text) => text !== '');
}

/** The notation of numbers that are not plain: decimal comma in a, b. */
function notationsOf(columns: readonly ColumnReport[]): string[] {
  const notations = new Map<string, string[]>();
  for (const { name, decimal, thousands, unit } of columns) {
    const words = [
      decimal === ',' ? 'decimal comma' : '',
      thousands ? `thousands with ${thousands === ' ' ? 'a blank' : thousands}` : '',
      unit ? `unit ${unit}` : '',
    ].filter((word) => word !== '');
    if (words.length === 0) continue;
    const text = words.join(', ');
    notations.set(text, [...(notations.get(text) ?? []), name]);
  }
  return [...notations].map(([text, names]) => `${text} in ${names.join(', ')}`);
}

/** The columns that are not of numbers. */
function kindsOf(columns: readonly ColumnReport[]): string[] {
  const namesOf = (kind: ColumnReport['kind']) =>
    columns.filter((column) => column.kind === kind).map(({ name }) => name);
  const [booleans, categories, dates] = [namesOf('boolean'), namesOf('category'), namesOf('date')];
  return [
    booleans.length === 0 ? '' : `true and false as 1 and 0 in ${booleans.join(', ')}`,
    categories.length === 0 ? '' : `categories in ${categories.join(', ')}`,
    dates.length === 0 ? '' : `dates in ${dates.join(', ')}`,
  ].filter((text) => text !== '');
}

function describePassedOver({ blank, comments, skipped, empty, emptyColumns }: PassedOver): string[] {
  const parts = [
    blank === 0 ? '' : plural(blank, 'blank row'),
    comments === 0 ? '' : plural(comments, 'comment'),
    skipped === 0 ? '' : plural(skipped, 'skipped row'),
    empty === 0 ? '' : plural(empty, 'row') + ' of delimiters only',
    emptyColumns === 0 ? '' : plural(emptyColumns, 'empty column'),
  ].filter((text) => text !== '');
  return parts.length === 0 ? [] : [`passed over: ${parts.join(', ')}`];
}
