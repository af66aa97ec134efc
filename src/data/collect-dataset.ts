import { beforeAbort, inTurns, mapInParts } from '../base/turns.js';
import { checkedInParts, type Dataset } from './checked-dataset.js';
import { joinColumn } from './join.js';
import type { ExampleSource } from './source.js';
import { bytesOf, checkedBatches } from './source-batches.js';
import { sourceColumns } from './source-shape.js';

/** Reads a source to its end into one dataset of f64 columns. Throws what the source throws, and `EMPTY_DATA` without rows. */
export async function collectDataset(source: ExampleSource, signal?: AbortSignal): Promise<Dataset> {
  return (await collectWithin(source, Infinity, signal)) as Dataset;
}

/** Does the same for a source whose numbers take up to `mostBytes`; null once more than that have been read. */
export async function collectWithin(
  source: ExampleSource,
  mostBytes: number,
  signal?: AbortSignal,
): Promise<Dataset | null> {
  if (source.collect) {
    const datasets = await beforeAbort(source.collect({ signal, mostBytes }), signal);
    if (!datasets) return null;
    if (datasets[0]) return datasets[0];
  }
  const { features, target } = await sourceColumns(source, signal);
  const parts: Float64Array[][] = features.map(() => []);
  const targetParts: Float64Array[] = [];
  const weightParts: Float64Array[] = [];
  let bytes = 0;
  for await (const batch of checkedBatches(source, signal)) {
    bytes += bytesOf(batch);
    if (bytes > mostBytes) return null;
    batch.features.forEach((column, j) => parts[j]?.push(column));
    targetParts.push(batch.targets);
    if (batch.exampleWeights) weightParts.push(batch.exampleWeights);
  }
  const weights = weightParts.length > 0 ? joinColumn(weightParts) : undefined;
  const columns = await inTurns(mapInParts(parts, joinColumn), signal);
  return inTurns(checkedInParts(columns, joinColumn(targetParts), features, target, weights), signal);
}
