import { DescentError } from '../base/errors.js';
import { TABLE_OPTIONS } from '../options/reading-names.js';
import { resolveReading } from '../options/resolve-reading.js';
import { WATCH_OPTIONS } from './read-watch.js';
import type { ExampleSource } from './source.js';
import { BatchTable, type TableBatches } from './table/batch-table.js';
import { checkTableOptions, type SourceOptions } from './table/plan-columns.js';
import { TableSource } from './table/table-source.js';

/**
 * Examples from a table that comes in batches, such as the record batches of a query of DuckDB. `open` begins a new sequence
 * of batches each time it is called; a batch is a list of records, columns by name, or a record batch of Apache Arrow. No more
 * than one batch is in memory where a fit reads the data in passes.
 *
 * Throws as reading a file does, with rows counted from 0 over all batches; an error of the source comes as `FILE_UNREADABLE`,
 * with the error as its cause.
 *
 *     const source = tableBatches(() => connection.send('SELECT area, rooms, price FROM homes'), { target: 'price' });
 *     const model = await fit(source);
 */
export function tableBatches(open: () => TableBatches | Promise<TableBatches>, given: SourceOptions): ExampleSource {
  if (typeof open !== 'function') {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `batches of type ${typeof open}`,
      expected: 'a function that begins a new sequence of batches each time it is called',
      fix: 'Write tableBatches(() => batches, options): the examples may be read more than once.',
    });
  }
  const options = checkTableOptions(given, [...TABLE_OPTIONS, ...WATCH_OPTIONS]);
  const settings = resolveReading(options);
  const { target, name = 'the table', signal, onRead, ...roles } = options;
  return new TableSource(new BatchTable(name, open), { ...roles, targets: [target] }, settings, { signal, onRead });
}
