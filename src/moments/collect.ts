import { DescentError } from '../base/errors.js';
import type { ExampleSource } from '../data/source.js';
import { checkedBatches } from '../data/source-batches.js';
import { sourceColumns } from '../data/source-shape.js';
import type { MomentColumns } from './columns.js';
import { mergeMoments } from './merge.js';
import type { Moments } from './moments.js';

/**
 * The moments of all examples of a source in one pass, however many: no more than one batch is in memory at a time, and
 * each is centred by itself, so that a drift costs no digits. `momentsOf` adds up a batch, whose rows count from
 * `firstRow`. A signal ends it between two batches, with the signal's reason.
 *
 * Throws `EMPTY_DATA` for a source without examples, and what the source and `momentsOf` throw.
 */
export async function collectMoments(
  source: ExampleSource,
  momentsOf: (batch: MomentColumns, firstRow: number) => Moments | Promise<Moments>,
  signal?: AbortSignal,
): Promise<Moments> {
  signal?.throwIfAborted();
  const { features: featureNames, target } = await sourceColumns(source);
  let merged: Moments | undefined;
  let rowCount = 0;
  for await (const { features, targets, exampleWeights } of checkedBatches(source, signal)) {
    // Of a batch without examples, or of none that count, there is nothing to add.
    if (targets.length > 0 && !exampleWeights?.every((weight) => weight === 0)) {
      const batch = { features, targets: [targets], featureNames, targetNames: [target], exampleWeights };
      const moments = await momentsOf(batch, rowCount);
      merged = merged ? mergeMoments(merged, moments) : moments;
    }
    rowCount += targets.length;
  }
  if (merged) return merged;
  throw new DescentError('EMPTY_DATA', {
    got: `no examples in ${source.name}`,
    expected: 'at least one',
    fix: 'Check where the data comes from.',
  });
}
