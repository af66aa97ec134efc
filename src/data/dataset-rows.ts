import { atOnce, mapInParts, type WorkInParts } from '../base/turns.js';
import { Dataset, rowsOfColumn } from './checked-dataset.js';

/** Some examples of a dataset. Missing values are filled by then, so that the columns of its table are left behind. */
export function* takeRows(dataset: Dataset, rows: Uint32Array): WorkInParts<Dataset> {
  const { columns, targets, featureNames, targetName, exampleWeights, origin } = dataset;
  const taken = yield* mapInParts(columns, (column) => rowsOfColumn(column, rows));
  return new Dataset(
    taken,
    rowsOfColumn(targets, rows),
    featureNames,
    targetName,
    exampleWeights && rowsOfColumn(exampleWeights, rows),
    origin && { ...origin, inputs: null },
  );
}

/** The same at once, for few examples. */
export const rowsOf = (dataset: Dataset, rows: Uint32Array): Dataset => atOnce(takeRows(dataset, rows));
