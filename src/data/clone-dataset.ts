import type { WorkInParts } from '../base/turns.js';
import { withoutKeys } from '../base/without-keys.js';
import { datasetOfArrays } from './array-dataset.js';
import { Dataset } from './checked-dataset.js';
import type { DatasetClone } from './is-dataset-clone.js';
import { Encoder } from './table/encoder.js';

/** The dataset of a structured clone, checked as columns are. */
export function* datasetOfClone(clone: DatasetClone): WorkInParts<Dataset> {
  const { origin } = clone;
  const { columns, targets, featureNames, targetName, exampleWeights } = yield* datasetOfArrays(
    withoutKeys(clone, 'exampleCount', 'origin'),
  );
  const revived = origin && { ...origin, encoder: origin.encoder && Encoder.from(origin.encoder) };
  return new Dataset(columns, targets, featureNames, targetName, exampleWeights, revived, true);
}
