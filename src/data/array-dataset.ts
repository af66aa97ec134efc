import { requireKnown } from '../base/check-names.js';
import type { WorkInParts } from '../base/turns.js';
import { DescentError } from '../base/errors.js';
import { Dataset } from './checked-dataset.js';
import { OPTIONS_IN_DATA } from './data-form.js';
import { defaultNames } from './match-columns.js';
import { type FloatArray, type Numbers, toFloatArray, toNumber, toTargets, type Values, valuesOf } from './numbers.js';
import type { Origin } from './origin.js';
import { type ExampleRecord, isNested, isRecords } from './rows.js';

/** Features row by row: one flat list, [m, d] row-major, with `featureCount`; or a list of m rows of d numbers, or of m records. */
export interface RowInput {
  features: Numbers | readonly Numbers[] | readonly ExampleRecord[];
  /** [m] Numbers; or the labels of two classes, which may be words, true and false. */
  targets: Numbers | readonly string[];
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
  /** [m] As in rows. */
  targets: Numbers | readonly string[];
  /** [m] As in rows. */
  exampleWeights?: Numbers;
  /** Default y. */
  targetName?: string;
}

const KEYS = [
  'features',
  'columns',
  'targets',
  'exampleWeights',
  'featureCount',
  'featureNames',
  'targetName',
  'table',
];

/** The dataset of rows or columns in arrays; see `createDataset`. A column in each part of the work. */
export function* datasetOfArrays(input: RowInput | ColumnInput): WorkInParts<Dataset> {
  requireKnown(input, KEYS, { got: (name) => `data with '${name}'`, fixes: OPTIONS_IN_DATA });
  const targetName = input.targetName ?? 'y';
  const { values: targets, labels } = toTargets(input.targets, 'targets', targetName);
  const weights = input.exampleWeights && toFloatArray(input.exampleWeights, 'exampleWeights');
  const origin: Origin | null = labels && { encoder: null, labels, reading: null, inputs: null };
  if ('columns' in input) {
    const entries = Object.entries(input.columns);
    const columns: FloatArray[] = [];
    for (const [name, column] of entries) {
      columns.push(toFloatArray(column, `column '${name}'`, name));
      yield;
    }
    return new Dataset(columns, targets, namesOf(entries), targetName, weights, origin);
  }
  const { columns, names } = yield* columnsOfFeatures(input, targets.length);
  if (input.featureCount !== undefined && columns.length > 0 && input.featureCount !== columns.length) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `rows of ${columns.length} features with featureCount ${input.featureCount}`,
      expected: 'the same number',
      fix: 'Leave featureCount out when features is a list of rows.',
      where: { option: 'featureCount' },
    });
  }
  return new Dataset(columns, targets, names, targetName, weights, origin);
}

function* columnsOfFeatures(
  input: RowInput,
  exampleCount: number,
): WorkInParts<{ columns: FloatArray[]; names: readonly string[] }> {
  const { features, featureNames } = input;
  if (isRecords(features)) {
    const names = featureNames ?? Object.keys(features[0] ?? {});
    const columns: FloatArray[] = [];
    for (const name of names) {
      const values = features.map((record) => record[name]);
      columns.push(toFloatArray(values, `column '${name}'`, name));
      yield;
    }
    return { columns, names };
  }
  const work = isNested(features) ? columnsOfRows(features, featureNames) : columnsOfFlat(input, exampleCount);
  const columns = yield* work;
  return { columns, names: featureNames ?? defaultNames(columns.length) };
}

const namesOf = (entries: readonly [string, unknown][]) => entries.map(([name]) => name);

/** [m, d] row-major into d columns of the same precision. */
function* columnsOfFlat(
  { features, featureCount, featureNames }: RowInput,
  exampleCount: number,
): WorkInParts<FloatArray[]> {
  if (featureCount === undefined || !Number.isInteger(featureCount) || featureCount < 1) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `featureCount ${String(featureCount)}`,
      expected: 'the number of features in each row, 1 or more',
      fix: 'Pass featureCount together with a flat list of features, or pass a list of rows, or { columns, targets }.',
      where: { option: 'featureCount' },
    });
  }
  const rows = valuesOf(features, 'features');
  if (rows.length !== exampleCount * featureCount) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${rows.length} feature values for ${exampleCount} targets`,
      expected: `${exampleCount} × ${featureCount} = ${exampleCount * featureCount} values`,
      fix: 'Check featureCount and that features and targets have the same number of rows.',
    });
  }
  const Columns = rows instanceof Float32Array ? Float32Array : Float64Array;
  const names = featureNames ?? defaultNames(featureCount);
  const columns: FloatArray[] = [];
  for (let j = 0; j < featureCount; j++) {
    const column = new Columns(exampleCount);
    const name = names[j] as string;
    for (let i = 0, at = j; i < exampleCount; i++, at += featureCount) {
      const value = rows[at];
      column[i] = typeof value === 'number' ? value : toNumber(value, i, name);
    }
    columns.push(column);
    yield;
  }
  return columns;
}

/** Rows of numbers into columns of f64. A column in each part of the work. */
export function* columnsOfRows(rows: readonly Numbers[], names?: readonly string[]): WorkInParts<Float64Array[]> {
  const lists: Values[] = rows.map((row, i) => valuesOf(row, `row ${i}`));
  yield;
  const featureCount = lists[0]?.length ?? 0;
  const ragged = lists.findIndex((row) => row.length !== featureCount);
  if (ragged >= 0) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${lists[ragged]?.length} features in row ${ragged}`,
      expected: `${featureCount}, as in row 0`,
      fix: 'Give every row the same features.',
      where: { row: ragged },
    });
  }
  const columnNames = names ?? defaultNames(featureCount);
  const columns: Float64Array[] = [];
  for (let j = 0; j < featureCount; j++) {
    const column = new Float64Array(lists.length);
    const name = columnNames[j] ?? '';
    for (let i = 0; i < column.length; i++) {
      const value = (lists[i] as Values)[j];
      column[i] = typeof value === 'number' ? value : toNumber(value, i, name);
    }
    columns.push(column);
    yield;
  }
  return columns;
}
