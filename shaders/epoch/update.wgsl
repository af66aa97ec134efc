// update: folds the partials into loss and gradient, then w ← w − λ·∂L/∂w and b ← b − λ·∂L/∂b.
// with: config step progress finite fold/*
//
// With mini-batches these are means over the batch, and λ is scaled by the weight of the batch, so that a smaller batch
// takes a shorter step: over an epoch every example has the same influence.
//
// A workgroup takes a few parameters of one model, and `folders` lanes share the partials of each. All fold the loss
// beside their own sum, in the same order, so all take the same decision; the first writes it down. Parameters and
// progress are read from one buffer and written to another: every workgroup sees the state before the update, and the
// previous parameters survive a divergence.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> model_settings: array<Settings>;    // [models]
@group(0) @binding(2) var<storage, read> partials: array<f32>;               // [models, partial_count, d + 2]
@group(0) @binding(3) var<storage, read> step_factors: array<f32>;           // factors on λ: [d + 1], then by epoch of all models
@group(0) @binding(4) var<storage, read> parameters: array<f32>;             // [1 or 4, models, d + 1] with optimizer state, before
@group(0) @binding(5) var<storage, read> progress: array<Progress>;          // [models] before
@group(0) @binding(6) var<storage, read_write> next_parameters: array<f32>;  // [1 or 4, models, d + 1] after
@group(0) @binding(7) var<storage, read_write> next_progress: array<Progress>;  // [models] after
@group(0) @binding(8) var<storage, read_write> history: array<f32>;          // by model: [epochs] losses, [points, d + 1] path

override workgroup_size: u32 = 64;

@compute @workgroup_size(workgroup_size)
fn update(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let model = workgroup.z;
  let before = progress[model];
  let width = workgroup_size / folders;
  let parameter = (workgroup.x + workgroup.y * workgroups.x) * width + lane % width;
  let is_first = parameter == 0 && lane == 0;
  if (before.stop_reason != RUNNING) {
    if (is_first) {
      next_progress[model] = before;
    }
    return;
  }
  let d = config.feature_count;
  let row = min(parameter, d);  // lanes without a parameter of their own fold the bias and write nothing
  var sums = vec2f(0);
  for (var c = lane / width; c < config.partial_count; c += folders) {
    let at = (model * config.partial_count + c) * (d + 2);
    sums += vec2f(partials[at + row], partials[at + d + 1]);
  }
  let settings = model_settings[model];
  let is_full = config.batch_count == 1;
  let count = select(config.batch_weight, settings.example_count, is_full);
  let pace = select(count / config.even_weight, 1, is_full);
  let total = folded(sums, lane, width) / count;
  let loss = total.y / 2;
  if (lane < width && parameter <= d && is_finite(loss)) {
    let at = model * (d + 1) + parameter;
    update_parameter(at, workgroups.z * (d + 1), parameter, total.x, pace, before, settings);
    if (ends_epoch(before) && is_on_path(before.epoch + 1, settings)) {
      history[point_at(before.epoch + 1, d, settings) + parameter] = next_parameters[at];
    }
  }
  if (is_first) {
    let share = select(count / settings.example_count, 1, is_full);
    let after = progress_after_update(before, loss + penalty(model, d, settings), share, settings);
    next_progress[model] = after;
    if (after.epoch > before.epoch) {
      history[settings.first_loss + before.epoch] = after.loss;
    }
  }
}

// The step of one parameter. Its optimizer state comes after the parameters of all models, each value `stride` numbers
// after the one before.
fn update_parameter(
  at: u32,
  stride: u32,
  parameter: u32,
  gradient: f32,
  pace: f32,
  before: Progress,
  settings: Settings,
) {
  let d = config.feature_count;
  let rate = pace * rate_in(before.epoch, d, settings);
  let scale = step_factors[parameter];
  if (is_plain(settings)) {
    next_parameters[at] = gradient_step(parameters[at], gradient, scale, parameter == d, rate, settings);
    return;
  }
  let state = ParameterState(
    parameters[at], parameters[at + stride], parameters[at + 2 * stride], parameters[at + 3 * stride],
  );
  let next = optimizer_step(state, gradient, scale, parameter == d, rate, before, settings);
  next_parameters[at] = next.parameter;
  next_parameters[at + stride] = next.first;
  next_parameters[at + 2 * stride] = next.second;
  next_parameters[at + 3 * stride] = next.average;
}

// l1·Σ|w| + l2/2·Σ w² of the weights before the update, in training units.
fn penalty(model: u32, d: u32, settings: Settings) -> f32 {
  if (settings.l1 == 0 && settings.l2 == 0) {
    return 0;
  }
  var sums = vec2f(0);
  for (var j = 0u; j < d; j++) {
    sums += size_and_square(parameters[model * (d + 1) + j], step_factors[j]);
  }
  return settings.l1 * sums.x + settings.l2 / 2 * sums.y;
}
