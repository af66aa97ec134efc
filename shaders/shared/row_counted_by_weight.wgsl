// How much a row counts: its weight, 0 for one that only pads. The weights lie after the last column of targets.

fn row_counted(value: vec2f, row: u32) -> vec2f {
  return targets[arrayLength(&targets) - 4 * config.quad_count + row] * value;
}
