import { inTurns } from '../base/turns.js';
import { Dataset } from '../data/checked-dataset.js';
import type { ExampleSource } from '../data/source.js';
import { collectMoments } from '../moments/collect.js';
import { addUpColumns, columnsOf, type MomentColumns } from '../moments/columns.js';
import type { Moments } from '../moments/moments.js';
import { sumsAboutOpener } from './wasm-sums-about.js';

/** The moments of examples on the CPU, which leaves its thread free now and then. */
export async function addUpMoments(data: Dataset | ExampleSource, signal?: AbortSignal): Promise<Moments> {
  const openSums = await sumsAboutOpener();
  const added = (columns: MomentColumns, firstRow?: number) =>
    inTurns(addUpColumns(columns, columns.exampleWeights, firstRow, openSums), signal);
  return data instanceof Dataset ? added(columnsOf(data)) : collectMoments(data, added, signal);
}
