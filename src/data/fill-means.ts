import { Dataset, rowsOfColumn } from './dataset.js';

/**
 * The examples with missing values filled by the means of the training examples alone; the examples themselves where nothing
 * is missing.
 */
export function filledFromTraining(dataset: Dataset, trainingRows: Uint32Array): Dataset {
  const { targets, targetName, exampleWeights, origin } = dataset;
  if (!origin?.inputs || !origin.encoder) return dataset;
  const encoder = origin.encoder.withMeansOf(origin.inputs.map((column) => rowsOfColumn(column, trainingRows)));
  const columns = encoder.encode(origin.inputs);
  return new Dataset(columns, targets, encoder.featureNames, targetName, exampleWeights, { ...origin, encoder });
}
