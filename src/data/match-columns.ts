import { DescentError } from '../base/errors.js';
import { didYouMean } from '../base/nearest-word.js';
import { counted, namesIn } from '../base/quote.js';
import type { Values } from './numbers.js';

/** The names that features have where nobody gave them any: x1, x2, … */
export function defaultNames(featureCount: number): string[] {
  return Array.from({ length: featureCount }, (_, j) => `x${j + 1}`);
}

/**
 * The position of each expected feature among the given ones, [d]: by name, in any order, or by position if either side
 * has only the default names x1, x2, …
 *
 * Throws `SHAPE_MISMATCH` for another number of them and `UNKNOWN_COLUMN` for other names, with the nearest.
 *
 *     columnOrder(['area', 'rooms'], ['rooms', 'area']) // [1, 0]
 */
export function columnOrder(expected: readonly string[], names: readonly string[]): number[] {
  if (names.length !== expected.length) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `data of ${counted(names.length, 'feature')}`,
      expected: `${expected.length}: ${namesIn(expected)}`,
      fix: 'Pass the features that the model was trained on.',
    });
  }
  const order = expected.map((name) => names.indexOf(name));
  if (!order.includes(-1) && new Set(order).size === order.length) return order;
  if (isUnnamed(expected) || isUnnamed(names) || isSame(expected, names)) return expected.map((_, j) => j);
  throw unknownColumn(expected, names);
}

/** [d] the values of features at the positions of `columnOrder`. */
export function inOrder(values: ArrayLike<number>, order: readonly number[]): Float64Array {
  const placed = new Float64Array(order.length);
  order.forEach((place, j) => (placed[place] = values[j] as number));
  return placed;
}

/**
 * The columns of the expected features, in their order, from columns under their names; others are passed over.
 *
 * Throws `UNKNOWN_COLUMN` for a name that is missing, and `SHAPE_MISMATCH` for columns of different
 * lengths.
 */
export function columnsByName(expected: readonly string[], byName: Readonly<Record<string, Values>>): Values[] {
  const names = Object.keys(byName);
  const found = expected.map((name) =>
    Object.hasOwn(byName, name) ? name : names.find((other) => other.normalize() === name.normalize()),
  );
  if (found.includes(undefined)) throw unknownColumn(expected, names);
  const columns = found.map((name) => byName[name as string] as Values);
  const rows = (columns[0] as Values).length;
  const wrong = columns.findIndex((column) => column.length !== rows);
  if (wrong < 0) return columns;
  throw new DescentError('SHAPE_MISMATCH', {
    got: `${counted(columns[wrong]?.length ?? 0, 'value')} in column '${expected[wrong]}' and ${rows} in '${expected[0]}'`,
    expected: 'the same number of values in each',
    fix: 'Give every column one value for each example.',
    where: { column: expected[wrong] as string },
  });
}

function isUnnamed(names: readonly string[]): boolean {
  return isSame(names, defaultNames(names.length));
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.every((name, j) => name === b[j]);
}

/** A name too many, most often a slip of the pen, or else one that is missing. */
function unknownColumn(expected: readonly string[], names: readonly string[]): DescentError {
  const unknown = names.find((name) => !expected.includes(name)) ?? '';
  const missing = expected.filter((name) => !names.includes(name));
  return new DescentError('UNKNOWN_COLUMN', {
    got: unknown ? `a column '${unknown}'` : `no column '${missing[0]}'`,
    expected: `the features of the model: ${namesIn(expected)}`,
    fix: didYouMean(unknown, missing, 'Pass a column for each feature.'),
    where: { column: unknown || (missing[0] ?? '') },
  });
}
