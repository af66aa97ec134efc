// judge: the loss of the held-out examples after an epoch. It keeps the best parameters so far and says when to stop.
//
// A pass over the held-out examples comes before it, with the kernels of training and partials of its own, at the model
// that the epoch has left. One workgroup folds their losses and takes the decision; what it reads of the epoch before it
// reads ahead of the barrier, and what it writes comes after.

@group(0) @binding(0) var<uniform> config: Config;                              // of the held-out examples
@group(0) @binding(1) var<storage, read> settings: array<Settings>;             // [1] likewise; tolerance and patience are those of their loss
@group(0) @binding(2) var<storage, read> partials: array<f32>;                  // [partial_count, d + 2]
@group(0) @binding(3) var<storage, read> parameters: array<f32>;                // [d + 1] the model after this epoch
@group(0) @binding(4) var<storage, read> progress: array<Progress>;             // [1] before this epoch
@group(0) @binding(5) var<storage, read_write> next_progress: array<Progress>;  // [1] after it
@group(0) @binding(6) var<storage, read_write> best: array<f32>;                // epochs finished, or 0 for none yet; the loss; [d + 1] parameters
@group(0) @binding(7) var<storage, read_write> history: array<f32>;             // [epochs]

override workgroup_size: u32 = 64;

var<workgroup> lane_sums: array<f32, workgroup_size>;

@compute @workgroup_size(workgroup_size)
fn judge(@builtin(local_invocation_index) lane: u32) {
  let before = progress[0];
  if (before.stop_reason != RUNNING) {
    return;
  }
  let its = settings[0];
  let d = config.feature_count;
  var after = next_progress[0];
  let has_best = best[0] > 0;
  let smallest = best[1];
  var sum = 0f;
  for (var c = lane; c < config.partial_count; c += workgroup_size) {
    sum += partials[c * (d + 2) + d + 1];
  }
  lane_sums[lane] = sum;
  workgroupBarrier();
  if (after.epoch == before.epoch) {  // it has diverged, and left nothing to judge
    return;
  }
  var total = 0f;
  for (var l = 0u; l < workgroup_size; l++) {
    total += lane_sums[l];
  }
  let loss = total / its.example_count / 2;
  let is_best = is_finite(loss) && (!has_best || loss < smallest);
  for (var j = lane; is_best && j <= d; j += workgroup_size) {
    best[2 + j] = parameters[j];
  }
  if (lane != 0) {
    return;
  }
  history[before.epoch] = loss;
  if (is_best) {
    best[0] = f32(after.epoch);  // exact up to 2^24, and there are no more than 10^7
    best[1] = loss;
  }
  next_progress[0] = judged(after, loss, has_best && smallest - loss <= its.tolerance * smallest, its);
}

// The progress after an epoch whose model has this loss. One that has converged goes on no more.
fn judged(given: Progress, loss: f32, is_quiet: bool, settings: Settings) -> Progress {
  var after = given;
  if (!is_finite(loss)) {
    after.stop_reason = DIVERGED;
    return after;
  }
  if (settings.tolerance == 0 || after.stop_reason == CONVERGED) {
    return after;
  }
  after.quiet_epochs = select(0, after.quiet_epochs + 1, is_quiet);
  if (after.quiet_epochs >= settings.patience) {
    after.stop_reason = EARLY_STOPPING;
  }
  return after;
}
