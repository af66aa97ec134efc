import { Dataset, rowsOfColumn } from './checked-dataset.js';
import { encode, withMeansOf } from './table/encode.js';

/**
 * The examples with missing values filled by the means of the training examples alone; the examples themselves where nothing
 * is missing.
 */
export function filledFromTraining(dataset: Dataset, trainingRows: Uint32Array): Dataset {
  const { targets, targetName, exampleWeights, origin } = dataset;
  if (!origin?.inputs || !origin.encoder) return dataset;
  const encoder = withMeansOf(
    origin.encoder,
    origin.inputs.map((column) => rowsOfColumn(column, trainingRows)),
  );
  const columns = encode(encoder, origin.inputs);
  return new Dataset(columns, targets, encoder.featureNames, targetName, exampleWeights, { ...origin, encoder });
}
