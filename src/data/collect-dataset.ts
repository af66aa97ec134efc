import { Dataset } from './checked-dataset.js';
import { joinColumn } from './join.js';
import type { ExampleSource } from './source.js';
import { checkedBatches } from './source-batches.js';

/** Reads a source to its end into one dataset of f64 columns. */
export async function collectDataset(source: ExampleSource, signal?: AbortSignal): Promise<Dataset> {
  if (source.collect) {
    const [dataset] = await source.collect(signal);
    if (dataset) return dataset;
  }
  const { features, target } = await source.columns();
  const parts: Float64Array[][] = features.map(() => []);
  const targetParts: Float64Array[] = [];
  const weightParts: Float64Array[] = [];
  for await (const batch of checkedBatches(source, signal)) {
    batch.features.forEach((column, j) => parts[j]?.push(column));
    targetParts.push(batch.targets);
    if (batch.exampleWeights) weightParts.push(batch.exampleWeights);
  }
  return new Dataset(
    parts.map(joinColumn),
    joinColumn(targetParts),
    features,
    target,
    weightParts.length > 0 ? joinColumn(weightParts) : undefined,
  );
}
