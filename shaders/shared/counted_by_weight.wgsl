// How much an example counts: its weight, 0 for one that only pads. The weights lie after the last column of targets.

fn counted(values: vec4f, quad: u32) -> vec4f {
  return targets[arrayLength(&targets) - config.quad_count + quad] * values;
}

fn counted_losses(e: vec4f, y: vec4f, quad: u32) -> f32 {
  return dot(counted(twice_loss(e, y), quad), vec4f(1));
}
