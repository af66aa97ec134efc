import { counted } from '../base/quote.js';
import { DescentError } from '../base/errors.js';
import { mapInParts, type WorkInParts } from '../base/turns.js';
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
  /** A mark for TypeScript: nothing else that looks like a dataset has been checked. */
  declare private readonly isChecked: true;
  /** m, also after the caller has taken the memory of an array away. */
  readonly exampleCount: number;

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
    /** True if features and targets were found to be finite before. */
    isChecked = false,
  ) {
    checkLengths(columns, targets, featureNames);
    if (!isChecked) {
      columns.forEach((column, j) => checkFinite(column, featureNames[j] ?? ''));
      checkFinite(targets, targetName);
    }
    if (exampleWeights) checkExampleWeights(exampleWeights, targets.length);
    this.exampleCount = targets.length;
  }

  /** d */
  get featureCount(): number {
    return this.columns.length;
  }
}

/** A dataset of numbers that are yet to be checked, a column in each part of the work. */
export function* checkedInParts(
  columns: readonly FloatArray[],
  targets: FloatArray,
  featureNames: readonly string[],
  targetName: string,
  exampleWeights?: FloatArray,
  origin?: Origin | null,
): WorkInParts<Dataset> {
  checkLengths(columns, targets, featureNames);
  yield* mapInParts(columns, (column, j) => checkFinite(column, featureNames[j] ?? ''));
  checkFinite(targets, targetName);
  return new Dataset(columns, targets, featureNames, targetName, exampleWeights, origin, true);
}

/** Some rows of a column, in their order. */
export function rowsOfColumn(column: FloatArray, rows: Uint32Array): FloatArray {
  const picked = column instanceof Float32Array ? new Float32Array(rows.length) : new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i] as number] as number;
  return picked;
}

function checkLengths(columns: readonly FloatArray[], targets: FloatArray, names: readonly string[]): void {
  const rows = columns[0]?.length ?? 0;
  if (columns.length === 0 || (targets.length === 0 && rows === 0)) {
    throw new DescentError('EMPTY_DATA', {
      got: `${counted(targets.length, 'example')} of ${counted(columns.length, 'feature')}`,
      expected: 'at least one of each',
      fix: 'Check where the data comes from.',
    });
  }
  // Columns that agree with one another are rows, to whoever passed rows.
  if (rows !== targets.length && columns.every((column) => column.length === rows)) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${counted(rows, 'row')} of features and ${counted(targets.length, 'target')}`,
      expected: 'one target for each row',
      fix: 'Take features and targets from the same examples.',
    });
  }
  const wrong = columns.findIndex((column) => column.length !== targets.length);
  if (wrong >= 0) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${counted(columns[wrong]?.length ?? 0, 'value')} in column '${names[wrong]}' and ${counted(targets.length, 'target')}`,
      expected: 'as many values as targets',
      fix: 'Give every column one value for each example.',
      where: { column: names[wrong] ?? '' },
    });
  }
  if (names.length !== columns.length) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${counted(names.length, 'feature name')} for ${counted(columns.length, 'feature')}`,
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
