import type { FloatArray } from '../data/dataset.js';
import { columnsOfTile, rowsOfTile, type Shape } from './kernels/shape.js';

/** A column to store: (x − center)·scale. */
export interface StoredColumn {
  values: FloatArray;
  center: number;
  scale: number;
}

/**
 * Writes the rows `first` to before `end` of all columns into tiles: features, then targets, then weights. `order` has the
 * row of the columns for each stored row; without it they are the same.
 */
export function fillTiles(
  numbers: Float32Array | Float64Array,
  shape: Shape,
  columns: readonly StoredColumn[],
  { first, end, order }: { first: number; end: number; order?: Uint32Array | undefined },
): void {
  const rows = rowsOfTile(shape);
  const stride = columnsOfTile(shape) * rows;
  columns.forEach(({ values, center, scale }, j) => {
    let at = Math.floor(first / rows) * stride + j * rows + (first % rows);
    let inTile = first % rows;
    for (let row = first; row < end; row++) {
      numbers[at] = ((values[order ? (order[row] as number) : row] as number) - center) * scale;
      at++;
      if (++inTile < rows) continue;
      inTile = 0;
      at += stride - rows;
    }
  });
}
