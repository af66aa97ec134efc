import { anyText } from '../base/quote.js';
import { DescentError } from '../base/errors.js';
import { withoutLeftOut } from '../base/require-object.js';
import { beforeAbort } from '../base/turns.js';
import type { ColumnBatch, ExampleSource } from './source.js';

// Sources are written by callers, some of them without types.

/** The columns of a source. Throws `INVALID_OPTION` where `columns()` gives none, or one name twice. */
export async function sourceColumns(
  source: ExampleSource,
  signal?: AbortSignal,
): Promise<{ features: readonly string[]; target: string }> {
  if (typeof source.columns !== 'function') throw noColumns(source.name, 'no function');
  const found: unknown = await beforeAbort(Promise.resolve(source.columns()), signal);
  if (typeof found !== 'object' || found === null) throw noColumns(source.name, anyText(found));
  const { features, target } = found as Partial<Awaited<ReturnType<ExampleSource['columns']>>>;
  if (!Array.isArray(features) || !Array.from(features as unknown[]).every((name) => typeof name === 'string')) {
    throw noColumns(source.name, 'no list of names as features');
  }
  if (typeof target !== 'string') throw noColumns(source.name, `target ${anyText(target)}`);
  const names = features as readonly string[];
  if (new Set(names).size < names.length) throw noColumns(source.name, 'one name twice in features');
  return { features: names, target };
}

/** The batches of a pass over a source. Throws `INVALID_OPTION` where `batches()` gives nothing to go through. */
export function sourceBatches(
  source: ExampleSource,
  ...options: Parameters<ExampleSource['batches']>
): AsyncIterable<ColumnBatch> {
  const batches: unknown = source.batches(...options);
  const isIterable = typeof batches === 'object' && batches !== null && Symbol.asyncIterator in batches;
  if (isIterable) return batches as AsyncIterable<ColumnBatch>;
  throw noSource(source.name, 'batches() that is no async iterable', 'an async generator, for example');
}

/** A batch without what is left out. Throws `SHAPE_MISMATCH` for what is none. */
export function completeBatch(batch: unknown, source: string, firstRow: number): ColumnBatch {
  const given = withoutLeftOut(batch) as Partial<ColumnBatch> | null;
  const { features, targets, exampleWeights } = typeof given === 'object' && given !== null ? given : {};
  const lists = Array.isArray(features) ? [...(features as unknown[]), targets] : [undefined];
  if (exampleWeights !== undefined) lists.push(exampleWeights);
  if (lists.every((list) => ArrayBuffer.isView(list) && 'length' in list)) return given as ColumnBatch;
  throw new DescentError('SHAPE_MISMATCH', {
    got: `${source}, batch from row ${firstRow}: no typed arrays as features, targets and weights`,
    expected: '{ features: [Float64Array, …], targets: Float64Array }',
    fix: 'Give each batch a typed array for each feature, and one for the targets.',
    where: { file: source, row: firstRow },
  });
}

function noColumns(source: string, got: string): DescentError {
  return noSource(source, `columns() with ${got}`, '{ features, target }, the different names of its columns');
}

function noSource(source: string, got: string, expected: string): DescentError {
  const fix = 'Write the source as docs/data.md shows, or use csvSource or tableBatches.';
  return new DescentError('INVALID_OPTION', { got: `${source}: ${got}`, expected, fix, where: { file: source } });
}
