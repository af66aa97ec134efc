// Synthetic examples are written as training reads them: quads of four examples of a feature or, with ROWS, of four
// features of an example.

alias Stored = vec4f;

// Writes the first `count` columns of a tile.
fn put(x: mat4x4f, count: u32, block: u32, quad: u32) {
  if (ROWS) {
    let within = select(vec4f(0), vec4f(1), vec4u(0, 1, 2, 3) < vec4u(count));
    let rows = transpose(x);
    let row = 4 * quad;
    let at = row * shard.column_quads + block;
    if (row < shard.row_count) { features[at] = within * rows[0]; }
    if (row + 1 < shard.row_count) { features[at + shard.column_quads] = within * rows[1]; }
    if (row + 2 < shard.row_count) { features[at + 2 * shard.column_quads] = within * rows[2]; }
    if (row + 3 < shard.row_count) { features[at + 3 * shard.column_quads] = within * rows[3]; }
  } else {
    let at = 4 * block * shard.quad_count + quad;
    features[at] = x[0];
    if (count > 1) { features[at + shard.quad_count] = x[1]; }
    if (count > 2) { features[at + 2 * shard.quad_count] = x[2]; }
    if (count > 3) { features[at + 3 * shard.quad_count] = x[3]; }
  }
}

fn put_targets(y: vec4f, quad: u32) {
  targets[quad] = y;
}
