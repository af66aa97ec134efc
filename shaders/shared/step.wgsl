// One step of one parameter, and what it makes of the progress. Needs nothing bound.

// w ← soft(w − λ·(∂L/∂w + l2·w), λ·l1): descent on loss and l2, then the proximal step of l1, which makes weights exactly
// zero (Parikh and Boyd, Proximal algorithms, 2014, section 6.5.2). A parameter is stored in units in which its step is
// `scale` times λ; the penalties act in training units, where it is 1/√scale times as large. The bias has no penalty.
fn stepped(parameter: f32, gradient: f32, scale: f32, is_bias: bool, settings: Settings) -> f32 {
  let rate = settings.learning_rate;
  if (is_bias || (settings.l1 == 0 && settings.l2 == 0)) {
    return parameter - rate * scale * gradient;
  }
  let descended = parameter - rate * (scale * gradient + settings.l2 * parameter);
  let threshold = rate * settings.l1 * sqrt(scale);
  return sign(descended) * max(abs(descended) - threshold, 0);
}

// |w| and w² of a stored weight, in training units. A scale of 0 is a feature of one value, whose weight stays 0.
fn size_and_square(stored: f32, scale: f32) -> vec2f {
  if (scale == 0) {
    return vec2f(0);
  }
  let weight = stored / sqrt(scale);
  return vec2f(abs(weight), weight * weight);
}

// Whether the parameters after so many epochs are a point of the path, and where it is in the history.
fn is_on_path(epoch: u32, settings: Settings) -> bool {
  return settings.path_every > 0 && epoch % settings.path_every == 0;
}

fn point_at(epoch: u32, d: u32, settings: Settings) -> u32 {
  return settings.first_point + (epoch / settings.path_every - 1) * (d + 1);
}

// The progress after an epoch whose objective was `loss`, before its update.
fn progressed(before: Progress, loss: f32, settings: Settings) -> Progress {
  var after = before;
  if (!is_finite(loss)) {
    after.stop_reason = DIVERGED;
    return after;
  }
  after.epoch = before.epoch + 1;
  after.loss = loss;
  if (settings.tolerance > 0 && before.epoch > 0) {
    let quiet = before.loss - loss <= settings.tolerance * before.loss;
    after.quiet_epochs = select(0, before.quiet_epochs + 1, quiet);
    if (after.quiet_epochs >= settings.patience) {
      after.stop_reason = CONVERGED;
    }
  }
  if (after.stop_reason == RUNNING && after.epoch >= settings.epochs) {
    after.stop_reason = FINISHED;
  }
  return after;
}

// Neither infinite nor NaN, by the bits: WGSL lets a compiler assume that floats are finite.
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000) != 0x7f800000;
}
