// Example weights, for kernels that read X row by row: values times the weight of the row, 0 for a padding row. The
// weights lie after the last column of targets. A row of weight 0 contributes 0 even if its value is infinite.

fn row_weighted(value: vec2f, row: u32) -> vec2f {
  let weight = targets[arrayLength(&targets) - 4 * config.quad_count + row];
  return select(vec2f(0), weight * value, weight > 0);
}
