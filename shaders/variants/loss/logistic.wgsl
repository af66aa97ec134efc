// The logistic loss of labels 0 and 1: softplus(z) − y·z, whose slope by the prediction z is σ(z) − y.
//
// With a = (1 − 2y)·z, which is above 0 where the prediction is on the wrong side, they are softplus(a) and
// (1 − 2y)·σ(a): no difference of near numbers, so a confident prediction keeps its relative digits on either side.
// With t = e^−|a|, which never overflows, softplus(a) = max(a, 0) + ln(1 + t).

// The prediction of an example outside the batch: a is −200 for either label, and slope and loss are 0, as e^−200 is.
fn absent(y: vec4f) -> vec4f {
  return 400 * y - 200;
}

// The origin of errors: 0, so that the error is the prediction itself.
fn origin(y: vec4f) -> vec4f {
  return vec4f(0);
}

fn slope(z: vec4f, y: vec4f) -> vec4f {
  let side = 1 - 2 * y;
  let a = side * z;
  let t = exp(-abs(a));
  return side * select(t, vec4f(1), a >= vec4f(0)) / (1 + t);
}

// The second derivative of the loss by the prediction, σ(z)·(1 − σ(z)), the same for z and −z: without 1 − σ, so that it
// keeps its relative digits where the prediction is sure.
fn curvature(z: vec4f, y: vec4f) -> vec4f {
  let t = exp(-abs(z));
  return t / ((1 + t) * (1 + t));
}

// Twice the loss, since update halves its sums: of each of four examples, and of all four.
fn twice_loss(z: vec4f, y: vec4f) -> vec4f {
  let a = (1 - 2 * y) * z;
  return 2 * (max(a, vec4f(0)) + log_of_one_plus(exp(-abs(a))));
}

fn twice_losses(z: vec4f, y: vec4f) -> f32 {
  return dot(twice_loss(z, y), vec4f(1));
}

// ln(1 + t) for t from 0 to 1. WGSL has no log1p, its log may be off by 2^-21 near 1, and a compiler may reassociate
// any correction away. So it is 2·artanh(s) with s = t/(2 + t), from 0 to 1/3, by a polynomial in s² (least largest
// relative error): within 2^-22 of its size in the order written here, however small t is.
fn log_of_one_plus(t: vec4f) -> vec4f {
  let s = t / (2 + t);
  let v = s * s;
  var p = 0.28178406 * v + 0.27960587;
  p = p * v + 0.40024912;
  p = p * v + 0.66666317;
  p = p * v + 2;
  return s * p;
}
