import { Dataset, rowsOfColumn } from './checked-dataset.js';

/** Some examples of a dataset. Missing values are filled by then, so that the columns of its table are left behind. */
export function rowsOf(dataset: Dataset, rows: Uint32Array): Dataset {
  const { columns, targets, featureNames, targetName, exampleWeights, origin } = dataset;
  return new Dataset(
    columns.map((column) => rowsOfColumn(column, rows)),
    rowsOfColumn(targets, rows),
    featureNames,
    targetName,
    exampleWeights && rowsOfColumn(exampleWeights, rows),
    origin && { ...origin, inputs: null },
  );
}
