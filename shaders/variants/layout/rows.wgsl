// X lies row after row: [examples, row_quads], a quad is four features of one example, padded with zeros.

// The place of features 4·number to 4·number + 3 in the rows of four examples; beyond the last quad the last one again.
fn block_at(number: u32) -> vec4u {
  return min(number, config.row_quads - 1) + config.row_quads * vec4u(0, 1, 2, 3);
}

// These four features of four examples: a column for each feature.
fn block(at: vec4u, quad: u32) -> mat4x4f {
  let i = at + 4 * config.row_quads * quad;
  return transpose(mat4x4f(four(features[i.x]), four(features[i.y]), four(features[i.z]), four(features[i.w])));
}
