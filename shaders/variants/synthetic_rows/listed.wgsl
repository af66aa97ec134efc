// A shard holds the examples of a list.

@group(0) @binding(4) var<storage, read> rows: array<u32>;  // [example_count]

fn rows_of(quad: u32) -> Rows {
  let at = min(4 * quad + vec4u(0, 1, 2, 3), vec4u(shard.example_count - 1));
  return Rows(vec4u(rows[at.x], rows[at.y], rows[at.z], rows[at.w]), 0);
}
