import type { Cells } from './column.js';
import { markedNumber, plainNumber } from './number-format.js';

/** An example in place of the first point, where its row was read the short way. */
export const NO_POINT = { text: '1.234', row: 1 };

/** The first plain number with a point; `isDecimal` passes over those whose point may stand between groups. */
export function firstWithPoint(
  { values, rowOf }: Cells,
  isDecimal: boolean,
): { text: string; row: number } | undefined {
  for (let i = 0; i < values.length; i++) {
    const cell = values[i];
    if (typeof cell !== 'string' || !cell.includes('.') || Number.isNaN(plainNumber(cell))) continue;
    if (!isDecimal || markedNumber(cell)?.either === '') return { text: cell, row: rowOf(i) };
  }
  return undefined;
}
