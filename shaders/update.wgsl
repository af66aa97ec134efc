// update: folds the partials into loss and gradient, then w ← w − λ·∂L/∂w and b ← b − λ·∂L/∂b.
//
// One workgroup per parameter. Each folds the loss beside its own sum, in the same order, so all take the same
// decision; the first one writes it down. Parameters and progress are read from one buffer and written to another:
// every workgroup sees the epoch as it began, and the parameters of the epoch before survive a divergence.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> partials: array<vec2f>;            // [d + 1, partial_count]
@group(0) @binding(2) var<storage, read> step_scales: array<f32>;           // [d + 1] factor on λ per parameter
@group(0) @binding(3) var<storage, read> parameters: array<f32>;            // [d + 1] before this epoch
@group(0) @binding(4) var<storage, read> progress: Progress;                // before this epoch
@group(0) @binding(5) var<storage, read_write> next_parameters: array<f32>; // [d + 1] after it
@group(0) @binding(6) var<storage, read_write> next_progress: Progress;     // after it
@group(0) @binding(7) var<storage, read_write> loss_history: array<f32>;    // [epochs]

override workgroup_size: u32 = 64;

@compute @workgroup_size(workgroup_size)
fn update(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let parameter = workgroup.x + workgroup.y * workgroups.x;
  if (parameter > config.feature_count) {
    return;
  }
  if (progress.stop_reason != RUNNING) {
    if (parameter == 0 && lane == 0) {
      next_progress = progress;
    }
    return;
  }
  var sums = vec2f(0);
  for (var c = lane; c < config.partial_count; c += workgroup_size) {
    sums += partials[parameter * config.partial_count + c];
  }
  let total = workgroup_sum(sums, lane) / f32(config.example_count);
  let gradient = total.x;
  let loss = total.y / 2;
  if (lane != 0) {
    return;
  }
  if (is_finite(loss)) {
    next_parameters[parameter] = parameters[parameter] - config.learning_rate * step_scales[parameter] * gradient;
  }
  if (parameter == 0) {
    record(loss);
  }
}

// Writes the loss before this epoch's update into the history, and whether the epochs after this one still run.
fn record(loss: f32) {
  next_progress = progress;
  if (!is_finite(loss)) {
    next_progress.stop_reason = DIVERGED;
    return;
  }
  loss_history[progress.epoch] = loss;
  next_progress.epoch = progress.epoch + 1;
  next_progress.loss = loss;
  if (config.tolerance > 0 && progress.epoch > 0) {
    let quiet = progress.loss - loss <= config.tolerance * progress.loss;
    next_progress.quiet_epochs = select(0, progress.quiet_epochs + 1, quiet);
    if (next_progress.quiet_epochs >= config.patience) {
      next_progress.stop_reason = CONVERGED;
    }
  }
}

// Neither infinite nor NaN, by the bits: WGSL lets a compiler assume that floats are finite.
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000) != 0x7f800000;
}
