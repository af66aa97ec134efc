// No example weights: every example counts once.

fn weighted(values: vec4f, quad: u32) -> vec4f {
  return values;
}

fn weighted_losses(e: vec4f, y: vec4f, quad: u32) -> f32 {
  return twice_losses(e, y);
}
