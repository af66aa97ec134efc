// What a cell of text looks like, before its column is known.

import { markedNumber, plainNumber } from '../cells/number-format.js';
import { MissingWords } from '../cells/words.js';

const WORDS = new MissingWords([]);

/** True for a number in any notation. */
export function isNumberLike(cell: string): boolean {
  return !Number.isNaN(plainNumber(cell)) || markedNumber(cell) !== undefined;
}

/** True for the empty cell, NA and the like. */
export function isMissingLike(cell: string): boolean {
  return WORDS.isMissing(cell.trim(), true);
}
