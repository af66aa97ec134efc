import type { Dataset } from '../../src/data/dataset.js';
import type { ExampleSource } from '../../src/data/source.js';
import { split } from './moments.js';

/** A dataset in batches of the given sizes and what is left over; `passes` counts how often they were asked for. */
export function sourceOf(dataset: Dataset, sizes: readonly number[]): ExampleSource & { passes: number } {
  const { columns, targets, featureNames, targetName } = dataset;
  const batches = split(
    [...columns, targets].map((column) => Float64Array.from(column)),
    sizes,
  );
  return {
    name: 'parts',
    passes: 0,
    columns: () => Promise.resolve({ features: featureNames, target: targetName }),
    async *batches() {
      this.passes += 1;
      for (const batch of batches) yield { features: batch.slice(0, -1), targets: batch.at(-1)! };
    },
  };
}
