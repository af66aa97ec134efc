// Features for predictions, in any form that examples have.

import { mapInParts, type WorkInParts } from '../base/turns.js';
import { requireObject } from '../base/require-object.js';
import { DescentError } from '../base/errors.js';
import { counted, namesIn } from '../base/quote.js';
import { columnsByName } from '../data/match-columns.js';
import { type Numbers, toFloatArray, toNumber, type Values, valuesOf } from '../data/numbers.js';
import { type ExampleRecord, isNested, isRecords, PART_ROWS, type RowLength, valuesOfRows } from '../data/rows.js';
import { isArrowTable, isVector } from '../data/table/arrow-values.js';
import type { Encoder } from '../data/table/encoder.js';
import type { Table } from '../data/table/memory-table.js';

/**
 * Features for predictions: row by row, as a flat list, a list of rows or a list of records; or column by column under their
 * names, as an object or a table of Apache Arrow. One record stands for one row.
 */
export type FeatureInput =
  | Numbers
  | readonly Numbers[]
  | readonly ExampleRecord[]
  | Readonly<Record<string, Numbers | readonly unknown[]>>
  | ExampleRecord
  | Table;

/** The model's features in a form of which predictions are made: a value by row and feature. */
export interface FeatureValues {
  rowCount: number;
  /** True if all features are f32, so that predictions are too. */
  isF32: boolean;
  at: (row: number, feature: number) => number;
}

/** The parts of a model that say what its features are. */
export interface FeatureNames {
  featureNames: readonly string[];
  encoder: Encoder | null;
}

/**
 * The work that gives the features of a model, in data of any form. The code that reads tables loads where one is
 * given, or records.
 */
export function featureValues(
  model: FeatureNames,
  given: unknown,
): WorkInParts<FeatureValues> | Promise<WorkInParts<FeatureValues>> {
  requireObject(given, 'features', 'a typed array, a list of rows, or columns by name');
  if (isArrowTable(given) || isRecords(given)) return ofTable(model, given);
  if (Array.isArray(given) || ArrayBuffer.isView(given) || isVector(given)) return ofRows(model, given);
  const columns = given as Readonly<Record<string, unknown>>;
  const isOneRecord = Object.keys(columns).length > 0 && Object.values(columns).every((value) => !isList(value));
  if (isOneRecord) return ofTable(model, [columns]);
  const { featureNames, encoder } = model;
  // The features themselves are taken, too: levels of categories are columns then, and dates are numbers.
  if (encoder && !featureNames.every((name) => Object.hasOwn(columns, name) && holdsNumbers(columns[name]))) {
    return ofTable(model, columns as Table);
  }
  const lists = Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, valuesOf(column, `column '${name}'`)]),
  );
  return ofLists(featureNames, columnsByName(featureNames, lists));
}

/** A column in each part of the work. */
function* ofLists(featureNames: readonly string[], lists: readonly Values[]): WorkInParts<FeatureValues> {
  const columns = yield* mapInParts(lists, (list, j) => toFloatArray(list, `column '${featureNames[j]}'`, featureNames[j])); // prettier-ignore
  const isF32 = columns.every((column) => column instanceof Float32Array);
  return { rowCount: columns[0]?.length ?? 0, isF32, at: (row, j) => columns[j]?.[row] as number };
}

async function ofTable(model: FeatureNames, table: Table): Promise<WorkInParts<FeatureValues>> {
  return ofLists(model.featureNames, (await import('./table-input.js')).tableColumns(model, table));
}

function* ofRows({ featureNames, encoder }: FeatureNames, given: unknown): WorkInParts<FeatureValues> {
  const featureCount = featureNames.length;
  const expected = `${featureCount} in each row: ${namesIn(featureNames)}`;
  const fix = encoder
    ? `Pass records or columns by name: ${namesIn(encoder.inputNames)}.`
    : 'Give every row a value for each feature of the model, in their order.';
  const features = isNested(given)
    ? yield* flattenRows(given, featureNames, { count: featureCount, expected, fix })
    : toFloatArray(given, 'features');
  const rowCount = features.length / featureCount;
  if (!Number.isInteger(rowCount)) {
    const got = `${counted(features.length, 'feature value')} in a flat list`;
    throw new DescentError('SHAPE_MISMATCH', { got, expected, fix });
  }
  const at = (row: number, j: number) => features[row * featureCount + j] as number;
  return { rowCount, isF32: features instanceof Float32Array, at };
}

/** Rows of d, one after another. */
function* flattenRows(
  rows: readonly Numbers[],
  names: readonly string[],
  length: RowLength,
): WorkInParts<Float64Array> {
  const lists = yield* valuesOfRows(rows, () => length);
  const flat = new Float64Array(lists.length * names.length);
  const partRows = Math.ceil(PART_ROWS / names.length);
  for (const [i, row] of lists.entries()) {
    for (let j = 0; j < names.length; j++) flat[i * names.length + j] = toNumber(row[j], i, names[j] ?? '');
    if (i % partRows === 0) yield;
  }
  return flat;
}

/** True for a list of numbers without gaps. */
function holdsNumbers(column: unknown): boolean {
  const values = isVector(column) ? valuesOf(column, '') : column;
  if (ArrayBuffer.isView(values)) return true;
  return Array.isArray(values) && values.every((value) => ['number', 'bigint', 'boolean'].includes(typeof value));
}

const isList = (value: unknown) => typeof value === 'object' && value !== null && !(value instanceof Date);
