// How much a row of a caller's table counts: all the same.

@group(0) @binding(3) var<storage, read_write> statistics: array<ColumnStatistics>;  // [S, n]

fn weight_of(row: u32) -> f32 {
  return 1;
}
