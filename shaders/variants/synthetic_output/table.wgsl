// Synthetic examples are written as a table, row by row with nothing in between: as `fit` takes a caller's buffers.

alias Stored = f32;

// Writes the first `count` columns of a tile.
fn put(x: mat4x4f, count: u32, block: u32, quad: u32) {
  var columns = x; // Naga reads no value at an index that is unknown when it compiles
  for (var i = 0u; i < min(4, shard.row_count - 4 * quad); i++) {
    let at = (4 * quad + i) * shard.feature_count + 4 * block;
    for (var j = 0u; j < count; j++) { features[at + j] = columns[j][i]; }
  }
}

fn put_targets(y: vec4f, quad: u32) {
  for (var i = 0u; i < min(4, shard.row_count - 4 * quad); i++) { targets[4 * quad + i] = y[i]; }
}
