import { anyText, counted, namesIn } from '../base/quote.js';
import { requireKnown } from '../base/check-names.js';
import { mapInParts, type WorkInParts } from '../base/turns.js';
import { DescentError } from '../base/errors.js';
import { didYouMean } from '../base/nearest-word.js';
import { checkedInParts, type Dataset } from './checked-dataset.js';
import { OPTIONS_IN_DATA } from './data-form.js';
import { defaultNames } from './match-columns.js';
import { type FloatArray, type Numbers, toFloatArray, toNumber, toTargets, type Values, valuesOf } from './numbers.js';
import type { Origin } from './origin.js';
import { type ExampleRecord, firstOf, isNested, isRecords, valuesOfRows } from './rows.js';

/** Features row by row: one flat list, [m, d] row-major, with `featureCount`; or a list of m rows of d numbers, or of m records. */
export interface RowInput {
  /** [m, d] row-major with `featureCount`, or m rows of d numbers, or m records. */
  features: Numbers | readonly Numbers[] | readonly ExampleRecord[];
  /** [m] Numbers; or the labels of two classes, which may be words, true and false. */
  targets: Numbers | readonly string[];
  /** [m] How much each example counts, 0 or more: one of weight k counts as k examples. Default: all the same. */
  exampleWeights?: Numbers | undefined;
  /** d; needed for a flat list. */
  featureCount?: number | undefined;
  /** d names; default x1, x2, … */
  featureNames?: readonly string[] | undefined;
  /** Default y. */
  targetName?: string | undefined;
}

/** Features column by column. A structured clone of a dataset is of this form, too. */
export interface ColumnInput {
  /** Columns of [m] under their names, or in a list. `object` is for interfaces, which TypeScript gives no index of names. */
  columns: Readonly<Record<string, Numbers>> | readonly Numbers[] | object;
  /** [m] As in rows. */
  targets: Numbers | readonly string[];
  /** [m] As in rows. */
  exampleWeights?: Numbers | undefined;
  /** d names of columns in a list, default x1, x2, …; of columns by name, those that are features, default all of them. */
  featureNames?: readonly string[] | undefined;
  /** Default y. */
  targetName?: string | undefined;
}

const COLUMN_KEYS = ['columns', 'targets', 'exampleWeights', 'featureNames', 'targetName', 'table'];
const KEYS = ['features', 'featureCount', ...COLUMN_KEYS];

/** The dataset of rows or columns in arrays; see `createDataset`. A column in each part of the work. */
export function* datasetOfArrays(input: RowInput | ColumnInput): WorkInParts<Dataset> {
  requireKnown(input, 'columns' in input ? COLUMN_KEYS : KEYS, {
    got: (name) => `data with '${name}'`,
    fixes: OPTIONS_IN_DATA,
  });
  requireParts(input);
  const { targetName = 'y' } = input;
  if (typeof targetName !== 'string') throw invalid('targetName', `targetName of type ${typeof targetName}`);
  const { values: targets, labels } = toTargets(input.targets, 'targets', targetName);
  const { exampleWeights } = input;
  const weights = exampleWeights === undefined ? undefined : toFloatArray(exampleWeights, 'exampleWeights');
  const origin: Origin | null = labels && { encoder: null, labels, reading: null, inputs: null };
  const { columns, names } = yield* 'columns' in input ? columnsIn(input) : columnsOfFeatures(input, targets.length);
  return yield* checkedInParts(columns, targets, names, targetName, weights, origin);
}

/** Throws `SHAPE_MISMATCH` for data without features or without targets. */
function requireParts(input: object): void {
  const hasFeatures = 'features' in input || 'columns' in input;
  if (hasFeatures && 'targets' in input) return;
  throw new DescentError('SHAPE_MISMATCH', {
    got: `data without ${hasFeatures ? 'targets' : 'features'}`,
    expected: 'both, as in { features: [[0, 0], [1, 0]], targets: [1, 3] }',
    fix: 'Check the names: a part that is undefined or null counts as left out.',
  });
}

function* columnsIn({
  columns,
  featureNames,
}: ColumnInput): WorkInParts<{ columns: FloatArray[]; names: readonly string[] }> {
  const isList = Array.isArray(columns);
  const all = isList ? defaultNames(columns.length) : Object.keys(columns);
  const names = featureNames === undefined ? all : requireNames(featureNames);
  const byName = columns as Readonly<Record<string, unknown>>;
  const missing = isList ? undefined : names.find((name) => !Object.hasOwn(byName, name));
  if (missing !== undefined) throw noColumn(missing, all);
  const values: readonly unknown[] = isList
    ? Array.from(columns as readonly unknown[])
    : names.map((name) => byName[name]);
  const found = yield* mapInParts(values, (column, j) => {
    const name = names[j] ?? `x${j + 1}`; // another number of names is refused with the lengths
    return toFloatArray(column, `column '${name}'`, name);
  });
  return { columns: found, names };
}

function noColumn(name: string, names: readonly string[]): DescentError {
  return new DescentError('UNKNOWN_COLUMN', {
    got: `no column '${name}', which featureNames names`,
    expected: `some of ${namesIn(names)}`,
    fix: didYouMean(name, names, 'Name columns that there are.'),
    where: { column: name },
  });
}

function* columnsOfFeatures(
  input: RowInput,
  exampleCount: number,
): WorkInParts<{ columns: FloatArray[]; names: readonly string[] }> {
  const { features } = input;
  let names = input.featureNames === undefined ? undefined : requireNames(input.featureNames);
  let work: WorkInParts<FloatArray[]>;
  if (isRecords(features)) {
    names ??= Object.keys(firstOf(features) as ExampleRecord);
    work = mapInParts(names, (name) => {
      const values = Array.from(features, (record: ExampleRecord | null | undefined) => record?.[name]);
      return toFloatArray(values, `column '${name}'`, name);
    });
  } else work = isNested(features) ? columnsOfRows(features, names) : columnsOfFlat(input, exampleCount);
  const columns = yield* work;
  const { featureCount = columns.length } = input;
  if (featureCount !== columns.length) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `rows of ${counted(columns.length, 'feature')} with featureCount ${featureCount}`,
      expected: 'the same number',
      fix: 'Leave featureCount out when features is a list of rows.',
      where: { option: 'featureCount' },
    });
  }
  return { columns, names: names ?? defaultNames(columns.length) };
}

/** Throws `INVALID_OPTION` for names that are no list of different texts. */
function requireNames(names: unknown): readonly string[] {
  const list = Array.isArray(names) ? Array.from(names as readonly unknown[]) : [undefined];
  const areNames = list.every((name) => typeof name === 'string') && new Set(list).size === list.length;
  if (!areNames) throw invalid('featureNames', 'names that are no list of different texts');
  return list;
}

function invalid(option: string, got: string): DescentError {
  const fix = 'Leave it out if it is not needed.';
  return new DescentError('INVALID_OPTION', { got, expected: 'what docs/data.md shows', fix, where: { option } });
}

/** [m, d] row-major into d columns of the same precision. */
function* columnsOfFlat(
  { features, featureCount, featureNames }: RowInput,
  exampleCount: number,
): WorkInParts<FloatArray[]> {
  const rows = valuesOf(features, 'features');
  if (featureCount === undefined && rows.length === 0) return [];
  if (featureCount === undefined || !Number.isInteger(featureCount) || featureCount < 1)
    throw noFeatureCount(featureCount, rows.length, exampleCount);
  if (rows.length !== exampleCount * featureCount) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${counted(rows.length, 'feature value')} for ${counted(exampleCount, 'target')}`,
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

/** A flat list does not say where its rows end; the targets do, if it is complete. */
function noFeatureCount(featureCount: unknown, valueCount: number, exampleCount: number): DescentError {
  const fitting = valueCount / exampleCount;
  const example = Number.isInteger(fitting) ? `: ${fitting}, for ${counted(exampleCount, 'target')}` : '';
  return new DescentError('SHAPE_MISMATCH', {
    got: `a flat list of ${counted(valueCount, 'number')} with featureCount ${anyText(featureCount)}`,
    expected: 'the number of features in each row, 1 or more',
    fix: `Pass featureCount${example}, or a list of rows such as [[0, 0], [1, 0]].`,
    where: { option: 'featureCount' },
  });
}

/** Rows of numbers into columns of f64. A column in each part of the work. */
export function* columnsOfRows(rows: readonly Numbers[], names?: readonly string[]): WorkInParts<Float64Array[]> {
  const lists = yield* valuesOfRows(rows, (count) => ({
    count,
    expected: `${count}, as in row 0`,
    fix: 'Give every row a value for each feature, or leave the row out together with its target.',
  }));
  yield;
  const featureCount = lists[0]?.length ?? 0;
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
