import { collectDataset } from '../data/collect-dataset.js';
import type { Dataset } from '../data/checked-dataset.js';
import { labelledIf } from '../data/inputs.js';
import type { ExampleSource } from '../data/source.js';
import type { FitOptions } from '../fitting/fit-options.js';

/** All examples of a source, with labels for a loss that learns them. */
export function collected(source: ExampleSource, { loss = 'squared', signal }: FitOptions): Promise<Dataset> {
  return collectDataset(labelledIf(loss, source), signal);
}
