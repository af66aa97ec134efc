import type { StreamedSource } from '../../data/streamed-source.js';
import { isMoments } from '../../moments/is-moments.js';
import type { TrainingData } from '../prepare-data.js';

// The class itself would bring the reading of sources into a bundle that only fits arrays.

/** True for a source that training reads pass by pass. */
export function isStreamed(data: TrainingData): data is StreamedSource {
  return !isMoments(data) && 'batches' in data;
}
