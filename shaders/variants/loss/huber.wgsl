// Huber's loss: e²/2 where |e| ≤ δ, and δ(|e| − δ/2) beyond, where e is prediction − target. With s, the slope, which
// is e cut to ±δ, both are s(e − s/2). A far error is in the loss by e, so that one that is not finite shows.

// The error of an example outside the batch: its slope and its loss are 0.
fn absent(y: vec4f) -> vec4f {
  return vec4f(0);
}

// The origin of errors: e = prediction − origin.
fn origin(y: vec4f) -> vec4f {
  return y;
}

fn slope(e: vec4f, y: vec4f) -> vec4f {
  return clamp(e, vec4f(-config.huber_delta), vec4f(config.huber_delta));
}

// The second derivative of the loss by the prediction.
fn curvature(e: vec4f, y: vec4f) -> vec4f {
  return select(vec4f(0), vec4f(1), abs(e) <= vec4f(config.huber_delta));
}

// Twice the loss, since update halves its sums: of each of four examples, and of all four.
fn twice_loss(e: vec4f, y: vec4f) -> vec4f {
  let s = slope(e, y);
  return s * (2 * e - s);
}

fn twice_losses(e: vec4f, y: vec4f) -> f32 {
  let s = slope(e, y);
  return dot(s, 2 * e - s);
}
