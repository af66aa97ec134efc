// Example weights: values times the weight of the example, 0 for a padding example. The weights lie after the last
// column of targets. An example of weight 0 contributes 0 even if its value is infinite.

fn weighted(values: vec4f, quad: u32) -> vec4f {
  let weights = targets[arrayLength(&targets) - config.quad_count + quad];
  return select(vec4f(0), weights * values, weights > vec4f(0));
}

fn weighted_losses(e: vec4f, y: vec4f, quad: u32) -> f32 {
  return dot(weighted(twice_loss(e, y), quad), vec4f(1));
}
