// update: folds the partials into loss and gradient, then w ← w − λ·∂L/∂w and b ← b − λ·∂L/∂b.
// with: config step finite fold/*
//
// By mini-batches these are means over the batch, and λ goes with how much the batch counts, so that a smaller one takes a
// shorter step: over an epoch every example has the same say.
//
// A workgroup takes a few parameters of one model, and `folders` lanes share the partials of each. All fold the loss
// beside their own sum, in the same order, so all take the same decision; the first writes it down. Parameters and
// progress are read from one buffer and written to another: every workgroup sees the epoch as it began, and the
// parameters of the epoch before survive a divergence.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> settings: array<Settings>;          // [models]
@group(0) @binding(2) var<storage, read> partials: array<f32>;               // [models, partial_count, d + 2]
@group(0) @binding(3) var<storage, read> step_factors: array<f32>;           // on λ: [d + 1] of the parameters, then those of the models' epochs
@group(0) @binding(4) var<storage, read> parameters: array<f32>;             // [1 or 4 slots, models, d + 1] before this epoch
@group(0) @binding(5) var<storage, read> progress: array<Progress>;          // [models] before this epoch
@group(0) @binding(6) var<storage, read_write> next_parameters: array<f32>;  // [1 or 4 slots, models, d + 1] after it
@group(0) @binding(7) var<storage, read_write> next_progress: array<Progress>;  // [models] after it
@group(0) @binding(8) var<storage, read_write> history: array<f32>;          // for each model [epochs] losses, [points, d + 1] path

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
  let row = min(parameter, d);  // lanes without a parameter of their own look on
  var sums = vec2f(0);
  for (var c = lane / width; c < config.partial_count; c += folders) {
    let at = (model * config.partial_count + c) * (d + 2);
    sums += vec2f(partials[at + row], partials[at + d + 1]);
  }
  let its = settings[model];
  let is_full = config.batch_count == 1;
  let count = select(config.batch_weight, its.example_count, is_full);
  let pace = select(count / config.even_weight, 1, is_full);
  let total = folded(sums, lane, width) / count;
  let loss = total.y / 2;
  if (lane < width && parameter <= d && is_finite(loss)) {
    let at = model * (d + 1) + parameter;
    advance(at, workgroups.z * (d + 1), parameter, total.x, pace, before, its);
    if (ends_epoch(before) && is_on_path(before.epoch + 1, its)) {
      history[point_at(before.epoch + 1, d, its) + parameter] = next_parameters[at];
    }
  }
  if (is_first) {
    let after = progressed(before, loss + penalty(model, d, its), select(count / its.example_count, 1, is_full), its);
    next_progress[model] = after;
    if (after.epoch > before.epoch) {
      history[its.first_loss + before.epoch] = after.loss;
    }
  }
}

// The step of one parameter: slots of a model's optimizer come after the parameters of all models, `slot` apart.
fn advance(at: u32, slot: u32, parameter: u32, gradient: f32, pace: f32, before: Progress, its: Settings) {
  let d = config.feature_count;
  let rate = pace * rate_in(before.epoch, d, its);
  let scale = step_factors[parameter];
  if (is_plain(its)) {
    next_parameters[at] = descended(parameters[at], gradient, scale, parameter == d, rate, its);
    return;
  }
  let point = Point(parameters[at], parameters[at + slot], parameters[at + 2 * slot], parameters[at + 3 * slot]);
  let next = stepped(point, gradient, scale, parameter == d, rate, before, its);
  next_parameters[at] = next.parameter;
  next_parameters[at + slot] = next.first;
  next_parameters[at + 2 * slot] = next.second;
  next_parameters[at + 3 * slot] = next.average;
}

// l1·Σ|w| + l2/2·Σ w² of the weights before this epoch, in training units.
fn penalty(model: u32, d: u32, its: Settings) -> f32 {
  if (its.l1 == 0 && its.l2 == 0) {
    return 0;
  }
  var sums = vec2f(0);
  for (var j = 0u; j < d; j++) {
    sums += size_and_square(parameters[model * (d + 1) + j], step_factors[j]);
  }
  return its.l1 * sums.x + its.l2 / 2 * sums.y;
}
