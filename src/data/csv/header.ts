// The first row of a table of text: names, or data already.

import { DescentError } from '../../base/errors.js';
import { nameKey } from '../../base/name-key.js';
import { quote } from '../../base/quote.js';
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
  /** Number of columns that have neither name nor cells. */
  emptyColumns: number;
  guesses: string[];
}

/** Rows looked at to tell numbers from words. */
const ROWS_LOOKED_AT = 1000;

/** Advice on rows that have more cells than names, where commas divide them. */
export const COMMAS_IN_NUMBERS =
  "Decimal commas without quotes are the likely cause: quote such numbers, or divide the cells by semicolons (delimiter: ';').";

/** Everything that the header is found from. */
interface HeaderEvidence {
  /** Name of the file. */
  name: string;
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
  if (shift === 1) {
    if (adviceOnRowsAbove(evidence, first) === '') requireRowNames(evidence, rows);
    guesses.push('The first column has no name, since the header is one cell shorter than the rows.');
  }
  const width = isNamed
    ? Math.max(widthOf(cells), Math.min(rowWidth, cells.length)) + shift
    : Math.max(widthOf(first), rowWidth);
  const names = Array.from({ length: width }, (_, j) => (cells[j - shift] ?? '').trim() || `c${j + 1}`);
  const unnamed = names.flatMap((_, j) => (isNamed && (cells[j - shift] ?? '').trim() === '' ? [j] : []));
  const empty = unnamed.filter((j) => rows.length > 0 && rows.every((row) => (row[j] ?? '').trim() === ''));
  const rowNames = unnamed[0] === 0 && !empty.includes(0) ? rowNamesIn(rows, names[0] ?? '', evidence.wanted) : '';
  if (rowNames !== '') guesses.push(rowNames);
  const placed = unnamed.slice(rowNames === '' ? 0 : 1).filter((j) => !empty.includes(j));
  guesses.push(
    ...wordOnPlaces(placed.map((j) => names[j] as string).filter((name) => !evidence.wanted.includes(name))),
  );
  const longest = Math.max(first.length, ...rows.map(({ length }) => length));
  return {
    ...{ hasHeader, isInComment: commented.length > 0, names, width, guesses },
    emptyColumns: Math.max(0, longest - width) + empty.length,
    leftOut: rowNames === '' ? empty : [0, ...empty],
    namesFrom: adviceOnNames(evidence, names, isNamed),
    hasPlaces: true,
  };
}

/** A word about columns that have cells and no name, of which the first few are shown. */
function wordOnPlaces(places: readonly string[]): string[] {
  if (places.length === 0) return [];
  const shown = places.slice(0, MOST_SHOWN).join(', ') + (places.length > MOST_SHOWN ? ', …' : '');
  return [
    `${places.length === 1 ? 'A column has no name and goes by its place' : 'Columns without a name go by their places'}: ${shown}.`,
  ];
}

/** Columns that a word names. */
const MOST_SHOWN = 5;

/** Advice for names that were looked for in vain; '' for none. */
function adviceOnNames(evidence: HeaderEvidence, names: readonly string[], isNamed: boolean): string {
  const advice = isNamed ? adviceOnRowsAbove(evidence, names) : adviceOnPlaces(evidence.records[0] ?? []);
  if (names.length > 1 || advice.startsWith('Row')) return advice;
  return 'No character was found that divides the rows into cells; delimiter names another one.';
}

/** Advice for names that were looked for in a file without a header. */
function adviceOnPlaces(first: readonly string[]): string {
  return first.every(isNumberLike)
    ? 'The first row holds numbers only and was taken as data, so columns go by their places; header: true takes it as names.'
    : 'The first row was taken as data, so columns go by their places; header: true takes it as names.';
}

/** Rows in which a header is looked for below the first one. */
const MOST_ROWS_ABOVE = 20;

/** Advice for names that stand in a row below the one that was taken as the header; '' where none does. */
function adviceOnRowsAbove({ records, wanted, rowOf }: HeaderEvidence, names: readonly string[]): string {
  const keys = new Set(wanted.map(nameKey));
  if (names.some((name) => keys.has(nameKey(name)))) return '';
  const index = records.slice(0, MOST_ROWS_ABOVE).findIndex((record) => record.some((cell) => keys.has(nameKey(cell))));
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
  const keys = new Set(wanted.map(nameKey));
  if (cells.some((cell) => keys.has(nameKey(cell)))) {
    return {
      hasHeader: true,
      guess: isText.includes(true) ? '' : 'The first row is the header, since it holds a column that was named.',
    };
  }
  if (!isText.includes(true)) {
    return {
      hasHeader: false,
      guess:
        'There is no header, since the first row holds numbers only and was taken as data; header: true takes it as names.',
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
    .map((cell) => cell.trim().replace(/^"|"$/g, '').trim());
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

/** True if none of the first cells is a number or a missing value. */
function areTexts(rows: readonly (readonly string[])[]): boolean {
  return rows.length > 0 && rows.every(([cell = '']) => !isNumberLike(cell) && !isMissingLike(cell));
}

/** A sentence on a first column without a name that holds names of rows; '' for any other, and for one that is wanted. */
function rowNamesIn(rows: readonly (readonly string[])[], place: string, wanted: readonly string[]): string {
  if (wanted.includes(place)) return '';
  const [first = '', second = ''] = rows.slice(0, 2).map(([cell = '']) => cell.trim());
  if (countsRows(rows)) {
    return `The first column has no name and counts the rows (${first}, ${second}, …): it is left out, unless it is named, as ${place}.`;
  }
  const isEachAnother = new Set(rows.map(([cell]) => cell?.trim())).size === rows.length;
  if (!areTexts(rows) || !isEachAnother || rows.length === 1) return '';
  return `The first column has no name and another text in each row (${quote(first)}, ${quote(second)}, …), the name of the row: it is left out, unless it is named, as ${place}.`;
}

/** Fewer rows may count from 1 by chance: 1,5 and 2,5 and 3,5 are numbers with decimal commas, too. */
const FEW_ROWS = 10;

/** True for rows whose first two cells may be one number with a decimal comma. */
function mayBeDecimals(delimiter: string, rows: readonly (readonly string[])[]): boolean {
  return delimiter === ',' && rows.every(([, second = '']) => /^\d+$/.test(second));
}

/** True for rows that are nothing but such numbers. */
function areDecimals(delimiter: string, rows: readonly (readonly string[])[]): boolean {
  return mayBeDecimals(delimiter, rows) && rows.every(([first = '']) => /^[-+]?\d+$/.test(first));
}

/** Refuses a first column without a name that does not look like the names of rows: a comma too many is more likely. */
function requireRowNames(
  { name, delimiter, records, rowOf }: HeaderEvidence,
  rows: readonly (readonly string[])[],
): void {
  const count = records[0]?.length ?? 0;
  // One cell is no header of a table but a line above it, unless the rows are numbers of the one column that it names.
  if ((count === 1 && !areDecimals(delimiter, rows)) || areTexts(rows)) return;
  if (count > 1 && countsRows(rows) && (rows.length >= FEW_ROWS || !mayBeDecimals(delimiter, rows))) return;
  throw new DescentError('INVALID_CSV', {
    got: `${name}, row ${rowOf(1)}: ${count + 1} cells under a header of ${count}, as in all rows`,
    expected: 'a name for each column, but for one of row names in front: 0, 1, 2, … or text',
    fix: `${delimiter === ',' ? `${COMMAS_IN_NUMBERS} If` : 'If'} the first column is meant, name it in the first row.`,
    where: { file: name, row: rowOf(1) },
  });
}
