import { isTurnOver, nextTurn } from '../base/turns.js';
import type { FloatArray } from '../data/dataset.js';
import { columnsOfTile, rowsOfTile, type Shape } from './kernels/shape.js';

/** A column to store: (x − center)·scale. */
export interface StoredColumn {
  values: FloatArray;
  center: number;
  scale: number;
}

/** Numbers that are stored between two looks at the clock. */
const NUMBERS_PER_LOOK = 2.5e5;

/**
 * Calls `store` for stretches of the rows `first` to before `end`, whole tiles but for the last, with a turn of the event
 * loop whenever it is time. Rejects with the reason of the signal.
 */
export async function inStretches(
  shape: Shape,
  { first, end }: { first: number; end: number },
  signal: AbortSignal | undefined,
  store: (first: number, end: number) => void,
): Promise<void> {
  const rows = rowsOfTile(shape);
  const stretch = rows * Math.max(1, Math.floor(NUMBERS_PER_LOOK / columnsOfTile(shape) / rows));
  for (let from = first; from < end; from += stretch) {
    signal?.throwIfAborted();
    if (isTurnOver()) await nextTurn(signal);
    store(from, Math.min(from + stretch, end));
  }
}

/**
 * Writes the rows `first` to before `end` of all columns into tiles, of which the first begins with row `first`: features,
 * then targets, then weights. `order` has the row of the columns for each of them; without it they are the same.
 */
export function fillTiles(
  numbers: Float32Array | Float64Array,
  shape: Shape,
  columns: readonly StoredColumn[],
  { first, end, order }: { first: number; end: number; order?: Uint32Array | undefined },
): void {
  const rows = rowsOfTile(shape);
  const tile = columnsOfTile(shape) * rows;
  columns.forEach((column, j) => {
    const into = { numbers, at: j * rows, tile };
    if (order) fillInOrder(into, rows, column, { first, end, order });
    else fillColumn(into, rows, column, first, end);
  });
}

/** The place of a column in tiles: the number at which it begins in the first, and the numbers of each. */
interface Place {
  numbers: Float32Array | Float64Array;
  at: number;
  tile: number;
}

/** A loop for each tile, which compilers unroll: a look at the end of the tile after each number takes twice the time. */
function fillColumn(
  { numbers, at, tile }: Place,
  rows: number,
  { values, center, scale }: StoredColumn,
  first: number,
  end: number,
): void {
  let to = at;
  for (let row = first; row < end; row += rows, to += tile) {
    const count = Math.min(rows, end - row);
    for (let i = 0; i < count; i++) numbers[to + i] = ((values[row + i] as number) - center) * scale;
  }
}

function fillInOrder(
  { numbers, at, tile }: Place,
  rows: number,
  { values, center, scale }: StoredColumn,
  { first, end, order }: { first: number; end: number; order: Uint32Array },
): void {
  let to = at;
  for (let row = first; row < end; row += rows, to += tile) {
    const count = Math.min(rows, end - row);
    for (let i = 0; i < count; i++) {
      numbers[to + i] = ((values[order[row + i] as number] as number) - center) * scale;
    }
  }
}
