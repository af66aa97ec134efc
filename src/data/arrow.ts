import '../base/global-names.js';
import { RecordBatchReader, type Schema } from 'apache-arrow';
import { requireKnown } from '../base/check-names.js';
import { DescentError } from '../base/errors.js';
import { PREDICTION_TABLE_OPTIONS, type TableSettings } from '../options/reading.js';
import { TABLE_OPTIONS } from '../options/reading-names.js';
import { resolveReading } from '../options/resolve-reading.js';
import { type ReadWatch, requireWatch, WATCH_OPTIONS } from './read-watch.js';
import type { ExampleSource } from './source.js';
import { BatchTable } from './table/batch-table.js';
import type { Table } from './table/memory-table.js';
import { checkTableOptions, type SourceOptions, type TableOptions } from './table/plan-columns.js';
import { TableFile } from './table/table-file.js';
import { TableSource } from './table/table-source.js';

export type { TableFile, TableOptions };

/** The bytes of an Arrow file or stream: all of them, a Blob or File, or a function that opens a new stream each time it is called. */
export type ArrowInput = Uint8Array | Blob | (() => ReadableStream<Uint8Array> | Promise<ReadableStream<Uint8Array>>);

/** Options of a file for predictions: those of reading that a model does not keep. */
export interface ArrowOptions
  extends ReadWatch, Partial<Pick<TableSettings, (typeof PREDICTION_TABLE_OPTIONS)[number]>> {
  /** Name of the file in errors. Default: the name of the File, otherwise 'the file'. */
  name?: string;
}

/**
 * Examples from the bytes of an Arrow file or stream (IPC, Feather version 2), batch by batch. Needs the package
 * `apache-arrow`. A table that is in memory needs neither: pass it as `{ table, target }`.
 *
 * Throws as reading a file does, with rows counted from 0, and `INVALID_FILE` for bytes that are corrupt or no Arrow.
 *
 *     const model = await fit(arrowSource(file, { target: 'price' }));
 */
export function arrowSource(input: ArrowInput, given: SourceOptions): ExampleSource {
  const options = checkTableOptions(given, [...TABLE_OPTIONS, ...WATCH_OPTIONS]);
  const settings = resolveReading(options);
  const { target, name = nameOf(input), signal, onRead, ...roles } = options;
  return new TableSource(arrowBatches(input, name), { ...roles, targets: [target] }, settings, { signal, onRead });
}

/**
 * An Arrow file without a target, for predictions: `model.predict(arrowTable(file))` has a value for each row. Throws
 * `UNKNOWN_OPTION` and `INVALID_OPTION`; the prediction throws what reading does.
 *
 *     const prices = await model.predict(arrowTable(file));
 */
export function arrowTable(input: ArrowInput, given: ArrowOptions = {}): TableFile {
  const options = requireKnown(given, ['name', ...WATCH_OPTIONS, ...PREDICTION_TABLE_OPTIONS]);
  requireWatch(options);
  return new TableFile(arrowBatches(input, options.name ?? nameOf(input)), resolveReading(options), options);
}

/** The record batches of a file as a table that comes in batches. Reading them throws `INVALID_FILE` and `FILE_UNREADABLE`. */
export function arrowBatches(input: ArrowInput, name: string): BatchTable {
  return new BatchTable(name, () => batchesOf(input, name));
}

async function* batchesOf(input: ArrowInput, name: string): AsyncGenerator<Table, void, undefined> {
  const bytes = await openBytes(input, name);
  try {
    const reader = bytes instanceof Uint8Array ? RecordBatchReader.from(bytes) : await RecordBatchReader.from(bytes);
    await reader.open();
    // Bytes that are too few for a schema are an empty stream to the package.
    if (!(reader.schema as Schema | undefined)) throw new RangeError('no schema');
    for await (const batch of reader) yield batch;
  } catch (cause) {
    if (cause instanceof DescentError) throw cause;
    throw new DescentError('INVALID_FILE', {
      got: `${name}: ${cause instanceof Error ? cause.message : String(cause)}`,
      expected: 'the bytes of an Arrow file or stream',
      fix: 'Check that this is the right file, and that it has been copied to its end.',
      where: { file: name },
      cause,
    });
  }
}

async function openBytes(input: ArrowInput, name: string): Promise<Uint8Array | ReadableStream<Uint8Array>> {
  try {
    if (input instanceof Uint8Array) return input;
    return input instanceof Blob ? input.stream() : await input();
  } catch (cause) {
    throw new DescentError('FILE_UNREADABLE', {
      got: `${name}: ${cause instanceof Error ? cause.message : String(cause)}`,
      expected: 'a stream of bytes',
      fix: 'Check that the file is there and readable.',
      where: { file: name },
      cause,
    });
  }
}

function nameOf(input: ArrowInput): string {
  return input instanceof Blob && 'name' in input ? String(input.name) : 'the file';
}
