// How much an example counts: each the same.

fn counted(values: vec4f, quad: u32) -> vec4f {
  return values;
}

fn counted_losses(e: vec4f, y: vec4f, quad: u32) -> f32 {
  return twice_losses(e, y);
}
