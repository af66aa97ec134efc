import { atOnce } from '../base/turns.js';
import { requireObject, withoutLeftOut } from '../base/require-object.js';
import { type ColumnInput, datasetOfArrays, type RowInput } from './array-dataset.js';
import type { Dataset } from './checked-dataset.js';
import { datasetOfClone } from './clone-dataset.js';
import { requireDataForm } from './data-form.js';
import { isDatasetClone } from './is-dataset-clone.js';
import type { FloatArray, Numbers } from './numbers.js';
import { datasetOfTable, type TableInput } from './table/memory-table.js';

export type { ColumnInput, FloatArray, Numbers, RowInput };
export { collectDataset } from './collect-dataset.js';
export { checkFinite, Dataset, notFinite, rowsOfColumn } from './checked-dataset.js';

/** Examples that are in memory: rows, columns, or a table. */
export type DatasetInput = RowInput | ColumnInput | TableInput;

/**
 * Checks features and targets and lays them out for training. Inputs are never written to. Rows are copied;
 * columns given as Float32Array or Float64Array are read in place, so leave them alone while a fit runs.
 *
 * Throws `EMPTY_DATA`, `SHAPE_MISMATCH`, `INVALID_VALUE` or `NON_FINITE_VALUE`, with the place, `INVALID_OPTION` for an
 * example weight under 0, and `UNKNOWN_OPTION` for what is no part of data, with what was meant. For a table it throws what
 * reading a file does.
 *
 *     createDataset({ features: [1, 2, 3, 4, 5, 6], targets: [5, 11, 17], featureCount: 2 }).exampleCount // 3
 *     createDataset({ table: [{ x: 1, y: 3 }, { x: 2, y: 5 }], target: 'y' }).featureNames // ['x']
 */
export function createDataset(given: DatasetInput): Dataset {
  requireObject(given);
  const input = withoutLeftOut(given);
  requireDataForm(input);
  if (isDatasetClone(input)) return atOnce(datasetOfClone(input));
  return 'table' in input ? datasetOfTable(input) : atOnce(datasetOfArrays(input));
}
