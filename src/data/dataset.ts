import { DescentError } from '../base/errors.js';
import { checkExampleWeights } from './example-weights.js';
import { requireKnown, requireObject } from '../base/check-names.js';
import { defaultNames } from './match-columns.js';
import type { ExampleSource } from './source.js';

/** Numbers as the library keeps them: f32 or f64, as they came. */
export type FloatArray = Float32Array | Float64Array;

/** Any list of numbers that is accepted: a typed array (also on a shared buffer) or an array of numbers. */
export type Numbers = ArrayLike<number>;

/** Features row by row: one flat list, [m, d] row-major, with `featureCount`; or a list of m rows of d numbers. */
export interface RowInput {
  features: Numbers | readonly Numbers[];
  /** [m] */
  targets: Numbers;
  /** [m] How much each example counts, 0 or more: one of weight k counts as k examples. Default: all the same. */
  exampleWeights?: Numbers;
  /** d; needed for a flat list. */
  featureCount?: number;
  /** d names; default x1, x2, … */
  featureNames?: readonly string[];
  /** Default y. */
  targetName?: string;
}

/** Features column by column, each of [m], under their names. */
export interface ColumnInput {
  columns: Readonly<Record<string, Numbers>>;
  /** [m] */
  targets: Numbers;
  /** [m] As in rows. */
  exampleWeights?: Numbers;
  /** Default y. */
  targetName?: string;
}

export type DatasetInput = RowInput | ColumnInput;

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

/**
 * Checks features and targets and lays them out for training. Inputs are never written to. Rows are copied;
 * columns given as Float32Array or Float64Array are read in place, so leave them alone while a fit runs.
 *
 * Throws `EMPTY_DATA`, `SHAPE_MISMATCH` or `NON_FINITE_VALUE`, with the place, `INVALID_OPTION` for an example weight under 0,
 * and `UNKNOWN_OPTION` for what is no part of data, with what was meant.
 *
 *     createDataset({ features: [1, 2, 3, 4, 5, 6], targets: [5, 11, 17], featureCount: 2 }).exampleCount // 3
 */
export function createDataset(input: DatasetInput): Dataset {
  requireObject(input);
  requireKnown(input, KEYS, { got: (name) => `data with '${name}'` });
  const targetName = input.targetName ?? 'y';
  const targets = toFloatArray(input.targets, 'targets');
  const weights = input.exampleWeights && toFloatArray(input.exampleWeights, 'exampleWeights');
  if ('columns' in input) {
    const entries = Object.entries(input.columns);
    const columns = entries.map(([name, column]) => toFloatArray(column, `column '${name}'`));
    return new Dataset(
      columns,
      targets,
      entries.map(([name]) => name),
      targetName,
      weights,
    );
  }
  const columns = isNested(input.features)
    ? columnsOfRows(input.features)
    : columnsOfFlat(input.features, targets.length, input.featureCount);
  if (input.featureCount !== undefined && columns.length > 0 && input.featureCount !== columns.length) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `rows of ${columns.length} features with featureCount ${input.featureCount}`,
      expected: 'the same number',
      fix: 'Leave featureCount out when features is a list of rows.',
      where: { option: 'featureCount' },
    });
  }
  const names = input.featureNames ?? defaultNames(columns.length);
  return new Dataset(columns, targets, names, targetName, weights);
}

const KEYS = ['features', 'columns', 'targets', 'exampleWeights', 'featureCount', 'featureNames', 'targetName'];

/** Reads a source to its end into one dataset of f64 columns. */
export async function collectDataset(source: ExampleSource): Promise<Dataset> {
  const { features, target } = await source.columns();
  const parts: Float64Array[][] = features.map(() => []);
  const targetParts: Float64Array[] = [];
  const weightParts: Float64Array[] = [];
  for await (const batch of source.batches()) {
    batch.features.forEach((column, j) => parts[j]?.push(column));
    targetParts.push(batch.targets);
    if (batch.exampleWeights) weightParts.push(batch.exampleWeights);
  }
  // Joined one column at a time, each column's parts let go before the next is joined: the peak is one column.
  const columns: Float64Array[] = [];
  for (let part = parts.shift(); part; part = parts.shift()) columns.push(join(part));
  return new Dataset(
    columns,
    join(targetParts),
    features,
    target,
    weightParts.length > 0 ? join(weightParts) : undefined,
  );
}

function join(parts: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Some rows of a column, in their order. */
export function rowsOfColumn(column: FloatArray, rows: Uint32Array): FloatArray {
  const picked = column instanceof Float32Array ? new Float32Array(rows.length) : new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i] as number] as number;
  return picked;
}

/** A list of rows, rather than of numbers. */
export function isNested(features: Numbers | readonly Numbers[]): features is readonly Numbers[] {
  return Array.isArray(features) && typeof features[0] === 'object';
}

/** [m, d] row-major into d columns of the same precision. */
function columnsOfFlat(features: Numbers, exampleCount: number, featureCount: number | undefined): FloatArray[] {
  if (featureCount === undefined || !Number.isInteger(featureCount) || featureCount < 1) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `featureCount ${String(featureCount)}`,
      expected: 'the number of features in each row, 1 or more',
      fix: 'Pass featureCount together with a flat list of features, or pass a list of rows.',
      where: { option: 'featureCount' },
    });
  }
  const rows = toFloatArray(features, 'features');
  if (rows.length !== exampleCount * featureCount) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${rows.length} feature values for ${exampleCount} targets`,
      expected: `${exampleCount} × ${featureCount} = ${exampleCount * featureCount} values`,
      fix: 'Check featureCount and that features and targets have the same number of rows.',
    });
  }
  const Columns = rows instanceof Float32Array ? Float32Array : Float64Array;
  return Array.from({ length: featureCount }, (_, j) => {
    const column = new Columns(exampleCount);
    for (let i = 0, at = j; i < exampleCount; i++, at += featureCount) column[i] = rows[at] as number;
    return column;
  });
}

function columnsOfRows(rows: readonly Numbers[]): FloatArray[] {
  rows.forEach((row, i) => checkList(row, `row ${i}`));
  const featureCount = rows[0]?.length ?? 0;
  const ragged = rows.findIndex((row) => row.length !== featureCount);
  if (ragged >= 0) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${rows[ragged]?.length} features in row ${ragged}`,
      expected: `${featureCount}, as in row 0`,
      fix: 'Give every row the same features.',
      where: { row: ragged },
    });
  }
  return Array.from({ length: featureCount }, (_, j) => Float64Array.from(rows, (row) => numberOrNaN(row[j])));
}

/** Floats as they are, anything else as f64; what is not a number becomes NaN, which no dataset accepts. */
function toFloatArray(numbers: Numbers, name: string): FloatArray {
  if (numbers instanceof Float32Array || numbers instanceof Float64Array) return numbers;
  checkList(numbers, name);
  return Float64Array.from(numbers, numberOrNaN);
}

/** The value if it is a number, else NaN: null, '7' and true would silently become 0, 7 and 1. */
function numberOrNaN(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

/** Callers without types hand in anything. */
function checkList(list: unknown, name: string): void {
  if (typeof list === 'object' && list !== null && 'length' in list) return;
  throw new DescentError('SHAPE_MISMATCH', {
    got: `${name} of type ${list === null ? 'null' : typeof list}`,
    expected: 'a typed array or an array of numbers',
    fix: 'Pass a Float32Array, for example.',
  });
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

/**
 * Throws `NON_FINITE_VALUE`, with the place. Zero times a finite value is 0 and times any other NaN, which no further
 * addition takes away: so a look at the sums stands for a look at each value, in half of the time. Four of them, so
 * that an addition need not wait for the one before.
 */
export function checkFinite(values: FloatArray, name: string, firstRow = 0): void {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    sum0 += 0 * (values[i] as number);
    sum1 += 0 * (values[i + 1] as number);
    sum2 += 0 * (values[i + 2] as number);
    sum3 += 0 * (values[i + 3] as number);
  }
  for (let i = whole; i < values.length; i++) sum0 += 0 * (values[i] as number);
  if (sum0 + sum1 + sum2 + sum3 === 0) return;
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
