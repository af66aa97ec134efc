import { type FloatArray, toFloatArray } from '../data/numbers.js';
import { encode, plansOf } from '../data/table/encode.js';
import { MemoryTable, type Table } from '../data/table/memory-table.js';
import { placesOf, positionOf } from '../data/table/plan-columns.js';
import { TableReading } from '../data/table/table-reading.js';
import { resolveReading } from '../options/resolve-reading.js';
import type { FeatureNames } from './predict-input.js';

/** [d] columns of a table by their names, which may have others beside them; encoded as the model was trained. */
export function tableColumns({ featureNames, encoder }: FeatureNames, given: Table): FloatArray[] {
  const table = new MemoryTable('the table', given);
  const head = table.head();
  const places = placesOf(head.names);
  const names = encoder ? encoder.inputNames : featureNames;
  const block = table.block(
    names.map((name) => positionOf(name, places, { head, source: table.name, isKept: true, taken: names })),
  );
  if (!encoder) return block.columns.map((column, j) => toFloatArray(column, `column '${names[j]}'`, names[j]));
  const settings = resolveReading({
    missing: encoder.fillsMissing ? 'mean' : 'error',
    missingValues: encoder.missingValues,
  });
  const reading = new TableReading(plansOf(encoder), settings, table, 'score');
  const values = reading.whole(block);
  reading.settle();
  return encode(encoder, values);
}
