// The first row of a table of text: names, or data already.

import type { TextSettings } from '../../options/reading.js';
import type { TableHead } from '../table/table-reader.js';
import { widthOf } from './dialect.js';
import { isMissingLike, isNumberLike } from './looks.js';

/** The header of a CSV table. */
export interface CsvHeader extends TableHead {
  hasHeader: boolean;
  /** True if the names come from a comment line above the data. */
  isInComment: boolean;
  /** Number of cells of a row; those behind it are empty. */
  width: number;
  /** Number of columns behind those, which have neither name nor cells. */
  emptyColumns: number;
  guesses: string[];
}

/** Rows looked at to tell numbers from words. */
const ROWS_LOOKED_AT = 1000;

/** Everything that the header is found from. */
interface HeaderEvidence {
  /** The first records of the table. */
  records: readonly (readonly string[])[];
  /** The last comment line above them, without its mark. */
  lastComment: string;
  delimiter: string;
  /** Names that the caller uses. */
  wanted: readonly string[];
  setting: TextSettings['header'];
  /** The row of a record in the file. */
  rowOf: (index: number) => number;
}

/** Decides whether the first record holds names, and names the columns. */
export function findHeader(evidence: HeaderEvidence): CsvHeader {
  const { records, setting } = evidence;
  const first = records[0] ?? [];
  const below = records.slice(1, ROWS_LOOKED_AT + 1);
  const { hasHeader, guess } =
    setting === 'auto' ? guessHeader(first, below, evidence.wanted) : { hasHeader: setting, guess: '' };
  const rows = hasHeader ? below : records.slice(0, ROWS_LOOKED_AT);
  const rowWidth = rows.reduce((width, row) => Math.max(width, widthOf(row)), 0);
  const guesses = guess === '' ? [] : [guess];
  const commented = hasHeader || setting !== 'auto' ? [] : namesInComment(evidence, rowWidth);
  if (commented.length > 0)
    guesses.splice(0, 1, 'The names of the columns are those of the last comment line above the data.');
  const cells = hasHeader ? first : commented;
  const isNamed = cells.length > 0;
  const shift = hasHeader && isOneShort(first, rows, rowWidth) ? 1 : 0;
  if (shift === 1) guesses.push('The first column has no name, since the header is one cell shorter than the rows.');
  const width = isNamed
    ? Math.max(widthOf(cells), Math.min(rowWidth, cells.length)) + shift
    : Math.max(widthOf(first), rowWidth);
  const names = Array.from({ length: width }, (_, j) => (cells[j - shift] ?? '').trim() || `c${j + 1}`);
  const isUnnamed = isNamed && (shift === 1 || (first[0] ?? '').trim() === '');
  const indexColumn = isUnnamed && countsRows(rows) && !evidence.wanted.includes(names[0] ?? '') ? 0 : -1;
  if (indexColumn === 0) {
    guesses.push(
      `The first column has no name and counts the rows (${rows[0]?.[0]?.trim()}, ${rows[1]?.[0]?.trim()}, …): it is left out, unless features names it, ${names[0]}.`,
    );
  }
  const namesFrom = isNamed
    ? adviceOnRowsAbove(evidence, names)
    : first.every(isNumberLike)
      ? 'The first row holds numbers only, so columns go by their places.'
      : 'The first row was taken as data, so columns go by their places; header: true takes it as names.';
  const longest = Math.max(first.length, ...rows.map(({ length }) => length));
  const emptyColumns = Math.max(0, longest - width);
  return {
    ...{ hasHeader, isInComment: commented.length > 0, names, width, emptyColumns, indexColumn, namesFrom, guesses },
    hasPlaces: true,
  };
}

/** Rows in which a header is looked for below the first one. */
const MOST_ROWS_ABOVE = 20;

/** Advice for names that stand in a row below the one that was taken as the header; '' where none does. */
function adviceOnRowsAbove({ records, wanted, rowOf }: HeaderEvidence, names: readonly string[]): string {
  if (wanted.some((name) => names.includes(name))) return '';
  const index = records
    .slice(0, MOST_ROWS_ABOVE)
    .findIndex((record) => record.some((cell) => wanted.includes(cell.trim())));
  return index < 1 ? '' : `Row ${rowOf(index)} has that name: skipRows: ${rowOf(index) - 1} skips the rows above it.`;
}

/** The rule of header 'auto'; a guess is a sentence, and '' where the rows leave no doubt. */
function guessHeader(
  first: readonly string[],
  below: readonly (readonly string[])[],
  wanted: readonly string[],
): { hasHeader: boolean; guess: string } {
  const cells = first.map((cell) => cell.trim());
  const isNumber = cells.map(isNumberLike);
  const isText = cells.map((cell, j) => !isNumber[j] && !isMissingLike(cell));
  if (cells.some((cell) => wanted.includes(cell))) {
    return {
      hasHeader: true,
      guess: isText.includes(true) ? '' : 'The first row is the header, since it holds a column that was named.',
    };
  }
  if (!isText.includes(true)) {
    return {
      hasHeader: false,
      guess: 'There is no header, since the first row holds numbers only; header: true takes it as names.',
    };
  }
  if (below.length === 0) return { hasHeader: true, guess: '' };
  const isNumeric = cells.map((_, j) => 2 * below.filter((row) => isNumberLike(row[j] ?? '')).length > below.length);
  if (isText.some((text, j) => text && isNumeric[j])) return { hasHeader: true, guess: '' };
  const recurs = cells.some((cell, j) => isText[j] && below.some((row) => row[j]?.trim() === cell));
  const numbers = cells.filter((_, j) => isNumber[j] && isNumeric[j]);
  if (numbers.length > 0 && (recurs || !isSeries(numbers))) {
    return {
      hasHeader: false,
      guess:
        'There is no header, since the first row holds numbers where the rows below do; header: true takes it as names.',
    };
  }
  if (numbers.length > 0)
    return {
      hasHeader: true,
      guess: `The first row is the header, since ${numbers[0]}, ${numbers[1]}, … is a series.`,
    };
  return recurs
    ? {
        hasHeader: false,
        guess: 'There is no header, since text of the first row occurs below it; header: true takes it as names.',
      }
    : {
        hasHeader: true,
        guess: 'The first row was taken as the header, though no column holds numbers; header: false takes it as data.',
      };
}

/** True for whole numbers that rise or fall by one, such as years. */
function isSeries(cells: readonly string[]): boolean {
  const numbers = cells.map(Number);
  const step = (numbers[1] ?? 0) - (numbers[0] ?? 0);
  return Math.abs(step) === 1 && numbers.every((value, i) => i === 0 || value - (numbers[i - 1] as number) === step);
}

/** Names in the last comment line, such as numpy writes; none where it does not have one for each column. */
function namesInComment({ lastComment, delimiter, records }: HeaderEvidence, rowWidth: number): string[] {
  const divided = lastComment
    .split(delimiter === ' ' ? /\s+/ : delimiter)
    .map((cell) => cell.replace(/^\s*"|"\s*$/g, '').trim());
  const isNames =
    divided.length === rowWidth && divided.length > 1 && divided.every((cell) => cell !== '' && !isNumberLike(cell));
  return isNames && records[0]?.some(isNumberLike) ? divided : [];
}

/** True if the rows all have one cell more than the header, as programs write that do not name the column of row names. */
function isOneShort(first: readonly string[], rows: readonly (readonly string[])[], rowWidth: number): boolean {
  return (
    rowWidth === first.length + 1 &&
    first.every((cell) => cell.trim() !== '') &&
    rows.every((row) => row.length === first.length + 1)
  );
}

/** True if the first cells are 0, 1, 2, … or 1, 2, 3, … */
function countsRows(rows: readonly (readonly string[])[]): boolean {
  const start = Number(rows[0]?.[0] ?? Number.NaN);
  return rows.length > 1 && (start === 0 || start === 1) && rows.every((row, i) => Number(row[0]) === start + i);
}
