// validation_loss: the validation loss after an epoch. Keeps the best parameters so far and stops the run early.
// with: config finite
//
// A pass over the validation examples comes before it, with the kernels of training and partials of its own, at the
// model that the epoch has left. One workgroup folds their losses and takes the decision; values that it may change are
// read before the barrier and written after it.

@group(0) @binding(0) var<uniform> config: Config;                              // of the validation examples
@group(0) @binding(1) var<storage, read> model_settings: array<Settings>;       // [1] of the validation loss
@group(0) @binding(2) var<storage, read> partials: array<f32>;                  // [partial_count, d + 2]
@group(0) @binding(3) var<storage, read> parameters: array<f32>;                // [d + 1] the model after this epoch
@group(0) @binding(4) var<storage, read_write> progress: array<Progress>;       // [1] after this epoch
@group(0) @binding(5) var<storage, read_write> best: array<f32>;                // layout below, then [d + 1] the best parameters
@group(0) @binding(6) var<storage, read_write> history: array<f32>;             // [epochs]

// Indices in `best`. Numbers of epochs are exact up to 2^24, and there are no more than 10^7.
const VALIDATED_EPOCHS = 0u;  // number of epochs whose validation loss is known
const BEST_EPOCH = 1u;  // the best of them, counted from 1, or 0 for none yet
const BEST_LOSS = 2u;  // the loss of that epoch
const BEST_PARAMETERS = 3u;

override workgroup_size: u32 = 64;

var<workgroup> lane_sums: array<f32, workgroup_size>;

@compute @workgroup_size(workgroup_size)
fn validation_loss(@builtin(local_invocation_index) lane: u32) {
  let settings = model_settings[0];
  let d = config.feature_count;
  let current = progress[0];
  let epoch = f32(current.epoch);
  let is_validated = best[VALIDATED_EPOCHS] == epoch;
  let has_best = best[BEST_EPOCH] > 0;
  let smallest = best[BEST_LOSS];
  var sum = 0f;
  for (var c = lane; c < config.partial_count; c += workgroup_size) {
    sum += partials[c * (d + 2) + d + 1];
  }
  lane_sums[lane] = sum;
  workgroupBarrier();
  if (is_validated) {  // no new epoch: the run has stopped, or diverged within it
    return;
  }
  var total = 0f;
  for (var l = 0u; l < workgroup_size; l++) {
    total += lane_sums[l];
  }
  let loss = total / settings.example_count / 2;
  let is_best = is_finite(loss) && (!has_best || loss < smallest);
  for (var j = lane; is_best && j <= d; j += workgroup_size) {
    best[BEST_PARAMETERS + j] = parameters[j];
  }
  if (lane != 0) {
    return;
  }
  history[current.epoch - 1] = loss;
  best[VALIDATED_EPOCHS] = epoch;
  if (is_best) {
    best[BEST_EPOCH] = epoch;
    best[BEST_LOSS] = loss;
  }
  let is_quiet = has_best && smallest - loss <= settings.tolerance * smallest;
  progress[0] = progress_after_validation(current, loss, is_quiet, settings);
}

// The progress after a validation pass that found this loss. A run that has reached a plateau stays there.
fn progress_after_validation(before: Progress, loss: f32, is_quiet: bool, settings: Settings) -> Progress {
  var after = before;
  if (!is_finite(loss)) {
    after.stop_reason = DIVERGED;
    return after;
  }
  if (settings.tolerance == 0 || after.stop_reason == PLATEAU) {
    return after;
  }
  after.quiet_epochs = select(0, after.quiet_epochs + 1, is_quiet);
  if (after.quiet_epochs >= settings.patience) {
    after.stop_reason = EARLY_STOPPING;
  }
  return after;
}
