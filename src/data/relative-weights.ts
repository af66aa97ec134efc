import { Dataset, type FloatArray } from './dataset.js';

/**
 * The weights over a power of four not far from the largest: only their ratios count, and neither their sum nor that of their
 * products with squares then leaves f64. Neither they nor their roots are rounded.
 */
export function relativeWeights(weights: FloatArray): Float64Array {
  let largest = 0;
  for (const weight of weights) largest = Math.max(largest, weight);
  const scale = 4 ** Math.floor(Math.log2(largest) / 2);
  return Float64Array.from(weights, (weight) => weight / scale);
}

/** The same examples, of which the weights are relative to the largest. */
export function withRelativeWeights(dataset: Dataset): Dataset {
  const { columns, targets, featureNames, targetName, exampleWeights } = dataset;
  if (!exampleWeights) return dataset;
  return new Dataset(columns, targets, featureNames, targetName, relativeWeights(exampleWeights));
}
