// How much a row counts: each the same.

fn row_weighted(value: vec2f, row: u32) -> vec2f {
  return value;
}
