// Example weights, for a caller's table: scaled by a power of two with which no sum overflows.

@group(0) @binding(3) var<storage, read> weights: array<f32>;             // [m]
@group(0) @binding(4) var<storage, read_write> statistics: array<ColumnStatistics>;  // [S, n]

fn weight_of(row: u32) -> f32 {
  return weights[row] * rows.weight_scale;
}
