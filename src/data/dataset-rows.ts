import { atOnce, mapInParts, type WorkInParts } from '../base/turns.js';
import { type Dataset, rowsOfColumn } from './checked-dataset.js';
import { withParts } from './with-parts.js';

/** Some examples of a dataset. Missing values are filled by then, so that the columns of its table are left behind. */
export function* takeRows(dataset: Dataset, rows: Uint32Array): WorkInParts<Dataset> {
  const { columns, targets, exampleWeights, origin } = dataset;
  const taken = yield* mapInParts(columns, (column) => rowsOfColumn(column, rows));
  return withParts(dataset, {
    columns: taken,
    targets: rowsOfColumn(targets, rows),
    ...(exampleWeights && { exampleWeights: rowsOfColumn(exampleWeights, rows) }),
    origin: origin && { ...origin, inputs: null },
  });
}

/** The same at once, for few examples. */
export const rowsOf = (dataset: Dataset, rows: Uint32Array): Dataset => atOnce(takeRows(dataset, rows));
