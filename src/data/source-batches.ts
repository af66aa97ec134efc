import { DescentError } from '../base/errors.js';
import { Turn } from '../base/turns.js';
import type { ColumnBatch, ExampleSource } from './source.js';

/**
 * The batches of a source, each checked: as many columns as the source has features, of as many values as targets. A signal ends
 * them between two batches, with its reason.
 *
 * Throws `SHAPE_MISMATCH` with the row of a batch of another shape, and `FILE_UNREADABLE` with the error of the source as its cause;
 * a DescentError, and the reason of an abortion, pass as they are.
 */
export async function* checkedBatches(
  source: ExampleSource,
  signal?: AbortSignal,
): AsyncGenerator<ColumnBatch, void, undefined> {
  const { features } = await source.columns();
  const batches = source.batches()[Symbol.asyncIterator]();
  const turns = new Turn();
  let firstRow = 0;
  let isWeighted: boolean | undefined;
  try {
    for (;;) {
      await turns.give();
      signal?.throwIfAborted();
      const next = await guarded(source.name, firstRow, () => batches.next());
      if (next.done) return;
      const { value } = next;
      isWeighted ??= value.exampleWeights !== undefined;
      checkShape(value, features, { source: source.name, firstRow, isWeighted });
      firstRow += value.targets.length;
      yield value;
    }
  } finally {
    await batches.return?.();
  }
}

async function guarded<Result>(source: string, row: number, next: () => Promise<Result>): Promise<Result> {
  try {
    return await next();
  } catch (cause) {
    if (cause instanceof DescentError || (cause instanceof Error && cause.name === 'AbortError')) throw cause;
    throw new DescentError('FILE_UNREADABLE', {
      got: `${source}, after row ${row}: ${cause instanceof Error ? cause.message : String(cause)}`,
      expected: 'a source that can be read to its end',
      fix: 'Check where the data comes from; the error of the source is the cause of this one.',
      where: { file: source },
      cause,
    });
  }
}

function checkShape(
  batch: ColumnBatch,
  names: readonly string[],
  { source, firstRow, isWeighted }: { source: string; firstRow: number; isWeighted: boolean },
): void {
  const { features, targets, exampleWeights } = batch;
  const place = `${source}, batch from row ${firstRow}`;
  const where = { file: source, row: firstRow };
  const fix = 'Give all batches the columns that columns() names, each with one value for each example.';
  const wrong = names.findIndex((_, j) => features[j]?.length !== targets.length);
  if (features.length !== names.length || wrong >= 0) {
    const isCount = features.length !== names.length;
    throw new DescentError('SHAPE_MISMATCH', {
      got: isCount
        ? `${place}: ${features.length} columns`
        : `${place}: ${features[wrong]?.length} values of '${names[wrong]}' and ${targets.length} targets`,
      expected: isCount ? `${names.length}, as columns() says` : 'as many values as targets',
      fix,
      where: { ...where, ...(!isCount && { column: names[wrong] as string }) },
    });
  }
  const hasWeights = exampleWeights !== undefined;
  if (hasWeights === isWeighted && (!hasWeights || exampleWeights.length === targets.length)) return;
  throw new DescentError('SHAPE_MISMATCH', {
    got: `${place}: ${hasWeights ? `${exampleWeights.length} weights` : 'no weights'}`,
    expected: isWeighted ? `${targets.length} weights, one for each target` : 'none, as in the first batch',
    fix,
    where,
  });
}
