import type { Dataset, FloatArray } from './checked-dataset.js';
import { withParts } from './with-parts.js';

/** A power of four not far from the largest weight: neither weights over it nor their roots are rounded. */
export function weightScale(weights: FloatArray): number {
  let largest = 0;
  for (const weight of weights) largest = Math.max(largest, weight);
  return 4 ** Math.floor(Math.log2(largest) / 2);
}

/**
 * The weights over their scale: only their ratios count, and neither their sum nor that of their products with squares then
 * leaves f64.
 */
export function relativeWeights(weights: FloatArray): Float64Array {
  const scale = weightScale(weights);
  return new Float64Array(weights).map((weight) => weight / scale);
}

/** The same examples, of which the weights are relative to the largest. */
export function withRelativeWeights(dataset: Dataset): Dataset {
  const { exampleWeights } = dataset;
  if (!exampleWeights) return dataset;
  return withParts(dataset, { exampleWeights: relativeWeights(exampleWeights), origin: null });
}

/** The square root of the weight of each example. */
export function rootsOf(exampleWeights: FloatArray | undefined, exampleCount: number): Float64Array {
  return exampleWeights ? new Float64Array(exampleWeights).map(Math.sqrt) : new Float64Array(exampleCount).fill(1);
}
