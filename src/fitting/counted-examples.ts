import { Dataset } from '../data/checked-dataset.js';
import { countedExamples } from '../data/example-weights.js';
import { isMoments } from '../moments/is-moments.js';
import type { TrainingData } from './prepare-data.js';

/**
 * The number of examples with a weight above 0, once the data have been read; null if it is unknown. Weights in buffers
 * are not read on the host: of these it is the number of all examples, an upper bound. Moments know the sum of
 * the weights alone, which is a number of examples if it is whole.
 */
export function countedIn(data: TrainingData): number | null {
  if (data instanceof Dataset) return countedExamples(data);
  if (isMoments(data)) return Number.isInteger(data.count) ? data.count : null;
  return 'countedExamples' in data ? data.countedExamples : data.exampleCount;
}
