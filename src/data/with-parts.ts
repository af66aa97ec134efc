import { Dataset } from './checked-dataset.js';

/** The same examples with other parts, which need no look at their numbers. */
export function withParts(dataset: DatasetParts, parts: Partial<DatasetParts>): Dataset {
  const all = { ...dataset, ...parts };
  return new Dataset(all.columns, all.targets, all.featureNames, all.targetName, all.exampleWeights, all.origin, true);
}

type DatasetParts = Pick<Dataset, 'columns' | 'targets' | 'featureNames' | 'targetName' | 'exampleWeights' | 'origin'>;
