import type { Dataset } from './checked-dataset.js';

/** A dataset that came by `postMessage` or `structuredClone`, which leave its kind behind. */
export type DatasetClone = Pick<Dataset, 'columns' | 'targets' | 'featureNames' | 'targetName' | 'exampleCount'> &
  Partial<Pick<Dataset, 'exampleWeights' | 'origin'>>;

/** True for the fields of a dataset in an object of no kind. */
export function isDatasetClone(input: object): input is DatasetClone {
  if (!('exampleCount' in input && 'columns' in input && Array.isArray(input.columns))) return false;
  if (!('origin' in input) || input.origin === null) return true;
  return typeof input.origin === 'object' && 'inputs' in input.origin;
}
