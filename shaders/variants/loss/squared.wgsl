// The squared loss, e²/2 of an example, where e is prediction − target. Its slope by the prediction is e itself.

// The error of an example outside the batch: its slope and its loss are 0.
fn absent(y: vec4f) -> vec4f {
  return vec4f(0);
}

// The origin of errors: e = prediction − origin.
fn origin(y: vec4f) -> vec4f {
  return y;
}

fn slope(e: vec4f, y: vec4f) -> vec4f {
  return e;
}

// The second derivative of the loss by the prediction.
fn curvature(e: vec4f, y: vec4f) -> vec4f {
  return vec4f(1);
}

// Twice the loss, since update halves its sums: of each of four examples, and of all four.
fn twice_loss(e: vec4f, y: vec4f) -> vec4f {
  return e * e;
}

fn twice_losses(e: vec4f, y: vec4f) -> f32 {
  return dot(e, e);
}
