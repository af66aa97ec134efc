// The squared loss, e²/2 of an example, where e is prediction − target. Its slope by the prediction is e itself.

// The error of an example that only pads: its slope and its loss are 0.
const ABSENT = 0f;

// What an error is measured from: e = prediction − origin.
fn origin(y: vec4f) -> vec4f {
  return y;
}

fn slope(e: vec4f, y: vec4f) -> vec4f {
  return e;
}

// Twice the loss, since update halves what it is given: of each of four examples, and of all four.
fn twice_loss(e: vec4f, y: vec4f) -> vec4f {
  return e * e;
}

fn twice_losses(e: vec4f, y: vec4f) -> f32 {
  return dot(e, e);
}
