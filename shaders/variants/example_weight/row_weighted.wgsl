// How much a row counts: its weight, 0 for one that only pads. The weights lie after the last column of targets. What
// counts nothing is 0 even where it is infinite.

fn row_weighted(value: vec2f, row: u32) -> vec2f {
  let weight = targets[arrayLength(&targets) - 4 * config.quad_count + row];
  return select(vec2f(0), weight * value, weight > 0);
}
