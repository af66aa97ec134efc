/**
 * (x − center)·scale of a table, laid out for training: column after column, each padded to `paddedRows`, or row after
 * row, each padded to `paddedColumns`. The twin of shaders/examples/import_rows.wgsl.
 */
export function importRows(
  table: Float64Array, //                                       [m, n] row-major
  centers: readonly { center: number; scale: number }[], // [n]
  order: 'columns' | 'rows',
  { paddedRows, paddedColumns }: { paddedRows: number; paddedColumns: number },
): Float64Array {
  const columnCount = centers.length;
  const imported = new Float64Array(paddedRows * (order === 'columns' ? columnCount : paddedColumns));
  for (let i = 0; i * columnCount < table.length; i++) {
    centers.forEach(({ center, scale }, j) => {
      const at = order === 'columns' ? j * paddedRows + i : i * paddedColumns + j;
      imported[at] = ((table[i * columnCount + j] as number) - center) * scale;
    });
  }
  return imported;
}
