// X lies column after column: [d, quads], a quad is one feature of four examples.

// The place of features 4·number to 4·number + 3 in a quad of examples; beyond the last feature the last one again.
fn block_at(number: u32) -> vec4u {
  return min(4 * number + vec4u(0, 1, 2, 3), vec4u(config.feature_count - 1)) * config.quad_count;
}

// These four features of four examples: a column for each feature.
fn block(at: vec4u, quad: u32) -> mat4x4f {
  let i = at + quad;
  return mat4x4f(four(features[i.x]), four(features[i.y]), four(features[i.z]), four(features[i.w]));
}
