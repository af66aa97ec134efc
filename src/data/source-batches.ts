import { DescentError } from '../base/errors.js';
import { beforeAbort, giveWay, nextTurn } from '../base/turns.js';
import type { ColumnBatch, ExampleSource } from './source.js';
import { sourceBatches, sourceColumns, completeBatch } from './source-shape.js';

/**
 * The batches of a source, each checked: as many columns as the source has features, of as many values as targets. The next batch is
 * read while the receiver works on one, where both fit the memory budget of the source. A signal ends reading with its reason, also
 * while a batch is waited for.
 *
 * Throws `SHAPE_MISMATCH` with the row of a batch of another shape, `TOO_LARGE` for a batch that is larger than the budget, and
 * `FILE_UNREADABLE` with the error of the source as its cause; a DescentError, and the reason of an abortion, pass as they are.
 */
export async function* checkedBatches(
  source: ExampleSource,
  signal?: AbortSignal,
): AsyncGenerator<ColumnBatch, void, undefined> {
  const { features } = await sourceColumns(source, signal);
  const { mostBytes = Infinity } = source;
  const batches = sourceBatches(source)[Symbol.asyncIterator]();
  let firstRow = 0;
  let isWeighted: boolean | undefined;
  let ahead: Promise<IteratorResult<ColumnBatch>> | undefined;
  const read = () => {
    const next = guarded(source.name, firstRow, () => batches.next());
    next.catch(() => undefined); // it is awaited in its turn, or not at all after an abort
    return next;
  };
  try {
    for (;;) {
      await giveWay();
      signal?.throwIfAborted();
      const next = await beforeAbort(ahead ?? read(), signal);
      ahead = undefined;
      if (next.done) return;
      const value = completeBatch(next.value, source.name, firstRow);
      isWeighted ??= value.exampleWeights !== undefined;
      checkShape(value, features, { source: source.name, firstRow, isWeighted });
      const bytes = bytesOf(value);
      if (bytes > mostBytes) throw tooLarge(value, bytes, { source: source.name, firstRow, mostBytes });
      firstRow += value.targets.length;
      if (2 * bytes <= mostBytes) ahead = read();
      yield value;
    }
  } finally {
    const closing = Promise.resolve(batches.return?.());
    closing.catch(() => undefined);
    // A source that is waited for would end only after it has answered.
    await (signal?.aborted ? Promise.race([closing, nextTurn()]) : closing);
  }
}

/** The bytes that the numbers of a batch take. */
export function bytesOf({ features, targets, exampleWeights }: ColumnBatch): number {
  const ofFeatures = features.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return ofFeatures + targets.byteLength + (exampleWeights?.byteLength ?? 0);
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

function tooLarge(
  { targets }: ColumnBatch,
  bytes: number,
  { source, firstRow, mostBytes }: { source: string; firstRow: number; mostBytes: number },
): DescentError {
  return new DescentError('TOO_LARGE', {
    got: `${source}, batch from row ${firstRow}: ${targets.length} rows in ${bytes} bytes`,
    expected: `at most ${mostBytes} bytes, the memoryBudget`,
    fix: 'Give the source smaller batches, or raise memoryBudget.',
    where: { file: source, row: firstRow },
  });
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
