import type { FloatArray } from '../data/dataset.js';
import { counted } from '../base/quote.js';
import { DescentError } from '../base/errors.js';

/** The least sum of squares that f64 holds to all its digits, with as many bits again under it. */
const SMALLEST_SQUARES = 2 ** -1022 * 2 ** 53;

/** Throws `SHAPE_MISMATCH` unless every column has a name and as many values as the first. */
export function checkLengths(columns: readonly FloatArray[], names: readonly string[]): void {
  if (names.length !== columns.length) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${counted(names.length, 'name')} for ${counted(columns.length, 'column')}`,
      expected: 'one name for each',
      fix: 'Name every feature and every target.',
    });
  }
  const exampleCount = columns[0]?.length ?? 0;
  const wrong = columns.findIndex((column) => column.length !== exampleCount);
  if (wrong < 0) return;
  throw new DescentError('SHAPE_MISMATCH', {
    got: `${counted(columns[wrong]?.length ?? 0, 'value')} in column '${names[wrong]}' and ${exampleCount} in '${names[0]}'`,
    expected: 'the same number of values in each',
    fix: 'Give every column one value for each example.',
  });
}

/** Throws `NON_FINITE_VALUE` for a column whose sum of squares is no number that f64 holds to all its digits. */
export function checkSquares(
  squares: number,
  isConstant: boolean,
  { column, name, firstRow }: { column: FloatArray; name: string; firstRow: number },
): void {
  if (Number.isFinite(squares) && (squares >= SMALLEST_SQUARES || isConstant)) return;
  const row = column.findIndex((value) => !Number.isFinite(value));
  if (row >= 0) {
    throw new DescentError('NON_FINITE_VALUE', {
      got: `${column[row]} in row ${firstRow + row} of '${name}'`,
      expected: 'finite numbers',
      fix: 'Drop or fill that row before training.',
      where: { row: firstRow + row, column: name },
    });
  }
  throw new DescentError('NON_FINITE_VALUE', {
    got: `values of '${name}' whose squares overflow or underflow f64`,
    expected: 'standard deviations between 1e-146 and 1e153',
    fix: 'Scale the column.',
    where: { column: name },
  });
}
