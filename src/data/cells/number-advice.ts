// Advice on cells that are no numbers: of options that the caller has, who trains a model or uses one.

import { listOf } from '../../base/quote-names.js';
import type { ColumnPlan, ReadingRules } from './column.js';
import { looksLikeDate } from './dates.js';
import type { FaultWords } from './faults.js';

/** Longer text stands for no missing value. */
const LONGEST_WORD = 20;

/** Advice for one cell among numbers; a word without digits may be one for a missing value. */
export function adviseOnCell(
  { role, name }: ColumnPlan,
  { code, use }: ReadingRules,
  row: number,
  text: string,
): string {
  const isWord = !/\d/.test(text) && text.length <= LONGEST_WORD;
  const drop = use === 'predict' ? ", whose row has no prediction with missing: 'drop'" : '';
  const ways = [
    `Correct the ${code === 'INVALID_VALUE' ? 'value' : 'cell'}`,
    ...(isWord ? [`name it as a missing value with missingValues: ${listOf(text)}${drop}`] : []),
    // The rows of predictions are those of the file.
    ...(code === 'INVALID_VALUE' || use === 'predict' ? [] : [`leave out the row with skipRows: [${row}]`]),
    ...(role === 'feature' && use === 'train' ? [`leave out the column with exclude: ${listOf(name)}`] : []),
  ];
  return ways.length === 1 ? `${ways[0]}.` : `${ways.slice(0, -1).join(', ')}, or ${ways.at(-1)}.`;
}

/** Advice for a column that holds no number at all. */
export function adviseOnColumn({ role }: ColumnPlan, { use }: ReadingRules, text: string): FaultWords['fix'] {
  if (role === 'target') return 'Choose a column of numbers; two labels take the logistic loss.';
  if (role === 'weights') return 'Choose a column of numbers.';
  if (use !== 'train') return 'The model was trained on numbers in this column: check that it is the right one.';
  return { option: looksLikeDate(text) ? 'dates' : 'categories' };
}

/** Advice for an integer that f64 does not hold. */
export function adviseOnInteger({ role, name }: ColumnPlan, { use }: ReadingRules, text: string): string {
  const exponent = `write it with an exponent, such as ${Number(text.replace(/\D/g, '')).toExponential(3).replace('+', '')}, if its last digits do not matter`;
  if (role !== 'feature' || use !== 'train') return `${exponent.charAt(0).toUpperCase()}${exponent.slice(1)}.`;
  return `Numbers of so many digits are most often ids: leave out the column with exclude: ${listOf(name)}, or ${exponent}.`;
}
