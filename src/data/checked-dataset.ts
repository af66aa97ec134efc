import { DescentError } from '../base/errors.js';
import { checkExampleWeights } from './example-weights.js';
import { areFinite } from './finite.js';
import type { FloatArray } from './numbers.js';
import type { Origin } from './origin.js';

export type { FloatArray };

/**
 * m checked examples of d features: every length fits and every number is finite.
 * Made by `createDataset` or `collectDataset`.
 */
export class Dataset {
  constructor(
    /** d columns of [m]. */
    readonly columns: readonly FloatArray[],
    /** [m] */
    readonly targets: FloatArray,
    /** d names. */
    readonly featureNames: readonly string[],
    readonly targetName: string,
    /** [m], none under 0; undefined where all examples count the same. */
    readonly exampleWeights?: FloatArray,
    /** The table that the examples are made from; null for examples that came as numbers. */
    readonly origin: Origin | null = null,
  ) {
    checkLengths(columns, targets, featureNames);
    columns.forEach((column, j) => checkFinite(column, featureNames[j] ?? ''));
    checkFinite(targets, targetName);
    if (exampleWeights) checkExampleWeights(exampleWeights, targets.length);
  }

  /** m */
  get exampleCount(): number {
    return this.targets.length;
  }

  /** d */
  get featureCount(): number {
    return this.columns.length;
  }
}

/** Some rows of a column, in their order. */
export function rowsOfColumn(column: FloatArray, rows: Uint32Array): FloatArray {
  const picked = column instanceof Float32Array ? new Float32Array(rows.length) : new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i] as number] as number;
  return picked;
}

function checkLengths(columns: readonly FloatArray[], targets: FloatArray, names: readonly string[]): void {
  if (columns.length === 0 || targets.length === 0) {
    throw new DescentError('EMPTY_DATA', {
      got: `${targets.length} examples of ${columns.length} features`,
      expected: 'at least one of each',
      fix: 'Check where the data comes from.',
    });
  }
  const wrong = columns.findIndex((column) => column.length !== targets.length);
  if (wrong >= 0) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${columns[wrong]?.length} values in column '${names[wrong]}' and ${targets.length} targets`,
      expected: 'as many values as targets',
      fix: 'Give every column one value for each example.',
      where: { column: names[wrong] ?? '' },
    });
  }
  if (names.length !== columns.length) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${names.length} feature names for ${columns.length} features`,
      expected: 'one name for each',
      fix: 'Leave featureNames out for x1, x2, …',
    });
  }
}

/** Throws `NON_FINITE_VALUE`, with the place. */
export function checkFinite(values: FloatArray, name: string, firstRow = 0): void {
  if (areFinite(values)) return;
  const row = values.findIndex((value) => !Number.isFinite(value));
  throw notFinite(values[row] as number, firstRow + row, name);
}

export function notFinite(value: number, row: number, name: string): DescentError {
  return new DescentError('NON_FINITE_VALUE', {
    got: `${value} in row ${row} of '${name}'`,
    expected: 'finite numbers',
    fix: 'Drop or fill that row before training.',
    where: { row, column: name },
  });
}
