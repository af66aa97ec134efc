// The update rules: one step of one parameter by each optimizer, with the penalties. Needs the bindings config and
// step_factors.

// A parameter and its optimizer state, in the order in which the buffers of parameters hold them.
struct ParameterState {
  parameter: f32,  // the point at which loss and gradient are taken
  first: f32,      // the velocity of momentum and nesterov; Adam's mean gradient, in training units
  second: f32,     // Adam's mean squared gradient, in training units
  average: f32,    // of the parameters after each update from epoch average_from on
}

// True if a step needs only parameter and gradient, no optimizer state.
fn is_plain(settings: Settings) -> bool {
  return settings.optimizer == GRADIENT_DESCENT && settings.average_from == NEVER;
}

// λ in this epoch. The factors by epoch come after those of the d + 1 parameters.
fn rate_in(epoch: u32, d: u32, settings: Settings) -> f32 {
  if (settings.factor_count == 0) {
    return settings.learning_rate;
  }
  let factor = settings.first_factor + min(epoch, settings.factor_count - 1);
  return settings.learning_rate * step_factors[d + 1 + factor];
}

// The number of updates before this one since epoch `first`; a float, since u32 may be too small.
fn updates_since(first: u32, current: Progress) -> f32 {
  return f32(current.epoch - first) * f32(config.batch_count) + f32(current.batch);
}

fn optimizer_step(
  state: ParameterState,
  gradient: f32,
  scale: f32,
  is_bias: bool,
  rate: f32,
  current: Progress,
  settings: Settings,
) -> ParameterState {
  var next: ParameterState;
  if (settings.optimizer == ADAM) {
    next = adam_step(state, gradient, scale, is_bias, rate, updates_since(0, current), settings);
  } else {
    next = momentum_step(state, gradient, scale, is_bias, rate, settings);
  }
  next.average = state.average;
  if (current.epoch >= settings.average_from) {
    next.average += (next.parameter - state.average) / (updates_since(settings.average_from, current) + 1);
  }
  return next;
}

// w ← soft(w − λ·(∂L/∂w + l2·w), λ·l1): descent on loss and l2, then the proximal step of l1, which makes weights
// exactly zero (Parikh and Boyd, Proximal algorithms, 2014, section 6.5.2). A parameter is stored in units in which its
// step is `scale` times λ; the penalties act in training units, where it is 1/√scale times as large. The bias is not
// penalized.
fn gradient_step(parameter: f32, gradient: f32, scale: f32, is_bias: bool, rate: f32, settings: Settings) -> f32 {
  if (is_bias || (settings.l1 == 0 && settings.l2 == 0)) {
    return parameter - rate * scale * gradient;
  }
  return soft(parameter - rate * (scale * gradient + settings.l2 * parameter), rate * settings.l1 * sqrt(scale));
}

// v ← μv − λ∇L, and w ← w + v for momentum (Polyak, 1964). For nesterov (Sutskever et al., 2013) the parameters are the
// points w + μv at which it takes the gradient, and the new ones are w + v and μ times the new v. With l1, w + v takes
// the proximal step and v is what w moved by (iPiano, Ochs et al., 2014; FISTA, Beck and Teboulle, 2009, with one μ).
fn momentum_step(
  state: ParameterState,
  gradient: f32,
  scale: f32,
  is_bias: bool,
  rate: f32,
  settings: Settings,
) -> ParameterState {
  let drift = settings.momentum * state.first;
  let is_ahead = settings.optimizer == NESTEROV; // the parameter is ahead by the drift already
  var slope = scale * gradient;
  var threshold = 0f;
  if (!is_bias) {
    slope += settings.l2 * state.parameter;
    threshold = rate * settings.l1 * sqrt(scale);
  }
  let push = -rate * slope;
  let moved = state.parameter + select(drift, 0, is_ahead) + push;
  let shrunk = soft(moved, threshold);
  var next: ParameterState;
  next.first = drift + push + (shrunk - moved);
  next.parameter = shrunk + select(0, settings.momentum * next.first, is_ahead);
  return next;
}

// Adam (Kingma and Ba, 2015): w ← w − λ·m/(√v + ε) with the means m of gradients and v of their squares, each over the
// weights of the updates so far, which is the paper's bias correction. l2 is part of the gradient; the proximal step of
// l1 takes the parameter's own λ/(√v + ε), so that the best weights stay where they are (Yun, Lozano and Yang, 2021).
fn adam_step(
  state: ParameterState,
  gradient: f32,
  scale: f32,
  is_bias: bool,
  rate: f32,
  updates: f32,  // before this one
  settings: Settings,
) -> ParameterState {
  var next = state;
  if (scale == 0) {
    return next;
  }
  let root = sqrt(scale); // Adam's steps do not scale with gradients, so they are made in training units
  let slope = root * gradient + select(settings.l2 * state.parameter / root, 0, is_bias);
  next.first += (slope - state.first) * newest_share(updates + 1, settings.log_beta1);
  next.second += (slope * slope - state.second) * newest_share(updates + 1, settings.log_beta2);
  let length = root * rate / (sqrt(next.second) + settings.epsilon);
  next.parameter = soft(state.parameter - length * next.first, select(length * settings.l1, 0, is_bias));
  return next;
}

// (1 − β)/(1 − β^t): the weight of the newest of t values, each weighted β times the one after it.
fn newest_share(t: f32, log_beta: f32) -> f32 {
  return one_minus_exp(log_beta) / one_minus_exp(t * log_beta);
}

// 1 − e^x for x ≤ 0, without losing the digits of a small x: by the series, whose next term is under 2^-26 of the sum.
fn one_minus_exp(x: f32) -> f32 {
  if (x < -0.5) {
    return 1 - exp(x);
  }
  return -x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6 * (1 + x / 7 * (1 + x / 8)))))));
}

fn soft(value: f32, threshold: f32) -> f32 {
  return select(value - sign(value) * threshold, 0, abs(value) <= threshold);  // never −0, which JSON does not keep
}

// |w| and w² of a stored weight, in training units. A scale of 0 is a feature of one value, whose weight stays 0.
fn size_and_square(stored: f32, scale: f32) -> vec2f {
  if (scale == 0) {
    return vec2f(0);
  }
  let weight = stored / sqrt(scale);
  return vec2f(abs(weight), weight * weight);
}
