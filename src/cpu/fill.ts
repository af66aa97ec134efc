import { Turn } from '../base/turns.js';
import type { FloatArray } from '../data/dataset.js';
import { columnsOfTile, rowsOfTile, type Shape } from './kernels/shape.js';

/** A column to store: (x − center)·scale. */
export interface StoredColumn {
  values: FloatArray;
  center: number;
  scale: number;
}

/** Numbers that are stored between two looks at the clock. */
const NUMBERS_PER_LOOK = 1e6;

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
  const turn = new Turn();
  for (let from = first; from < end; from += stretch) {
    signal?.throwIfAborted();
    if (turn.isOver) await turn.next(signal);
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
  const skipped = (columnsOfTile(shape) - 1) * rows;
  columns.forEach(({ values, center, scale }, j) => {
    let at = j * rows;
    let inTile = 0;
    for (let row = first; row < end; row++) {
      numbers[at] = ((values[order ? (order[row] as number) : row] as number) - center) * scale;
      at++;
      if (++inTile < rows) continue;
      inTile = 0;
      at += skipped;
    }
  });
}
