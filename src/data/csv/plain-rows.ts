// The short way for rows of plain numbers: from the characters of a block to columns, without a string for each cell but those
// of many digits.

import { CARRIAGE_RETURN, LINE_FEED, LOWER_E, MINUS, NINE, PLUS, POINT, ZERO } from '../cells/characters.js';
import { exactQuotient, isExactQuotient, longNumber, type PointEvidence } from '../cells/number-format.js';

/** A column that is read the short way: its decimal mark, and what its points have said so far. */
export interface PlainColumn {
  /** Code of the decimal mark. */
  mark: number;
  point: PointEvidence;
  /** True if the decimal mark stood where it can only be one. */
  hasFraction: boolean;
}

/** The layout of the rows. */
export interface PlainLayout {
  /** Code of the delimiter. */
  delimiter: number;
  /** Cells in every row. */
  width: number;
  /** Positions of the columns in use. */
  positions: readonly number[];
}

/** Rows that were read the short way. */
export interface PlainRows {
  rowCount: number;
  /** [k] columns of [rowCount]. */
  columns: Float64Array[];
  /** The first character that was not read: the beginning of a row that is not plain, or of one that is not complete. */
  end: number;
}

/**
 * Reads complete rows of plain numbers from the beginning of a text that has no quotes, and stops before the first row that
 * is anything else. The evidence of points is brought up to date. Values are those of `readPlainNumbers`.
 */
export function readPlainRows(
  text: string,
  { delimiter, width, positions }: PlainLayout,
  columns: readonly PlainColumn[],
): PlainRows {
  const slots = new Int32Array(width).fill(-1);
  positions.forEach((position, k) => (slots[position] = k));
  // A row has at least a digit for each cell in use, and what ends each of its cells.
  const capacity = Math.floor(text.length / (width + positions.length)) + 1;
  const values = positions.map(() => new Float64Array(capacity));
  const { length } = text;
  let rowCount = 0;
  let end = 0;
  let i = 0;
  rows: for (;;) {
    for (let j = 0; j < width; j++) {
      const slot = slots[j] as number;
      if (slot < 0) {
        i = skipCell(text, i, delimiter);
      } else {
        const column = columns[slot] as PlainColumn;
        const first = text.charCodeAt(i);
        const start = first === MINUS || first === PLUS ? i + 1 : i;
        let mantissa = 0;
        let point = -1;
        let code = 0;
        for (i = start; i < length; i++) {
          code = text.charCodeAt(i);
          if (code >= ZERO && code <= NINE) mantissa = mantissa * 10 + (code - ZERO);
          else if (code === column.mark && point < 0) point = i;
          else break;
        }
        if (i >= length || i - start === (point < 0 ? 0 : 1)) break rows; // the cell may go on, or has no digit
        const decimals = point < 0 ? 0 : i - point - 1;
        const afterExponent = endOfExponent(text, i);
        if (point >= 0 && !(column.hasFraction && (column.mark !== POINT || column.point === 'fraction'))) {
          const hasGroup = decimals === 3 && point - start >= 1 && point - start <= 3;
          notePoint(column, hasGroup && afterExponent === i && text.charCodeAt(start) !== ZERO);
        }
        let value = Number.NaN;
        if (afterExponent === i && isExactQuotient(mantissa, decimals)) value = exactQuotient(mantissa, decimals);
        else if (afterExponent > i || decimals > 0) value = longNumber(text.slice(start, afterExponent), column.mark);
        if (!Number.isFinite(value)) break rows;
        i = afterExponent;
        (values[slot] as Float64Array)[rowCount] = first === MINUS ? -value : value;
      }
      if (i >= length) break rows;
      const code = text.charCodeAt(i);
      if (j < width - 1) {
        if (code !== delimiter) break rows;
        i += 1;
      } else if (code === LINE_FEED) i += 1;
      else if (code === CARRIAGE_RETURN && text.charCodeAt(i + 1) === LINE_FEED) i += 2;
      else break rows;
    }
    rowCount += 1;
    end = i;
  }
  return { rowCount, columns: values.map((column) => column.slice(0, rowCount)), end };
}

/** Takes in what a point says: that it may stand between groups, or that it can only be decimal. */
function notePoint(column: PlainColumn, isGroup: boolean): void {
  column.hasFraction ||= !isGroup;
  if (column.mark === POINT && column.point !== 'fraction') column.point = isGroup ? 'either' : 'fraction';
}

/** The end of an exponent that begins at a place: the place itself where none does. */
function endOfExponent(text: string, at: number): number {
  if ((text.charCodeAt(at) | 32) !== LOWER_E) return at;
  const sign = text.charCodeAt(at + 1);
  const first = sign === MINUS || sign === PLUS ? at + 2 : at + 1;
  let end = first;
  for (let code = text.charCodeAt(end); code >= ZERO && code <= NINE; code = text.charCodeAt(end)) end += 1;
  return end === first ? at : end;
}

/** The end of a cell that is not in use. */
function skipCell(text: string, from: number, delimiter: number): number {
  let i = from;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === delimiter || code === LINE_FEED || code === CARRIAGE_RETURN) break;
  }
  return i;
}
