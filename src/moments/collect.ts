import { DescentError } from '../errors.js';
import type { ExampleSource } from '../sources/source.js';
import { momentsOfColumns } from './columns.js';
import { mergeMoments } from './merge.js';
import type { Moments } from './moments.js';

/**
 * The moments of all examples of a source in one pass, however many: no more than one batch is in memory at a time.
 * A signal ends it between two batches, with the signal's reason.
 *
 * Throws `EMPTY_DATA` for a source without examples, and what the source throws.
 *
 *     const moments = await collectMoments(csvSource(file, { target: 'price' }));
 */
export async function collectMoments(
  source: ExampleSource,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Moments> {
  signal?.throwIfAborted();
  const { features: featureNames, target } = await source.columns();
  let merged: Moments | undefined;
  let rowCount = 0;
  for await (const { features, targets } of source.batches()) {
    signal?.throwIfAborted();
    if (targets.length === 0) continue;
    const names = { featureNames, targetNames: [target] };
    const moments = momentsOfColumns({ features, targets: [targets], ...names }, undefined, rowCount);
    merged = merged ? mergeMoments(merged, moments) : moments;
    rowCount += targets.length;
  }
  if (merged) return merged;
  throw new DescentError('EMPTY_DATA', {
    got: `no examples in ${source.name}`,
    expected: 'at least one',
    fix: 'Check where the data comes from.',
  });
}
