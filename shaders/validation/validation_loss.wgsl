// validation_loss: the loss of the held-out examples after an epoch. It keeps the best parameters so far and says when to stop.
// with: config finite
//
// A pass over the held-out examples comes before it, with the kernels of training and partials of its own, at the model
// that the epoch has left. One workgroup folds their losses and takes the decision; what it may change it reads ahead of
// the barrier, and what it writes comes after.

@group(0) @binding(0) var<uniform> config: Config;                              // of the held-out examples
@group(0) @binding(1) var<storage, read> settings: array<Settings>;             // [1] likewise; tolerance and patience are those of their loss
@group(0) @binding(2) var<storage, read> partials: array<f32>;                  // [partial_count, d + 2]
@group(0) @binding(3) var<storage, read> parameters: array<f32>;                // [d + 1] the model after this epoch
@group(0) @binding(4) var<storage, read_write> progress: array<Progress>;       // [1] after this epoch
@group(0) @binding(5) var<storage, read_write> best: array<f32>;                // JUDGED, BEST, LOSS and, from FIRST on, [d + 1] parameters of the best
@group(0) @binding(6) var<storage, read_write> history: array<f32>;             // [epochs]

// Where there is what in `best`. Numbers of epochs are exact up to 2^24, and there are no more than 10^7.
const JUDGED = 0u;  // how many epochs have been judged
const BEST = 1u;    // which of them was the best: epochs finished, or 0 for none yet
const LOSS = 2u;    // its loss
const FIRST = 3u;

override workgroup_size: u32 = 64;

var<workgroup> lane_sums: array<f32, workgroup_size>;

@compute @workgroup_size(workgroup_size)
fn validation_loss(@builtin(local_invocation_index) lane: u32) {
  let its = settings[0];
  let d = config.feature_count;
  let now = progress[0];
  let epoch = f32(now.epoch);
  let is_judged = best[JUDGED] == epoch;
  let has_best = best[BEST] > 0;
  let smallest = best[LOSS];
  var sum = 0f;
  for (var c = lane; c < config.partial_count; c += workgroup_size) {
    sum += partials[c * (d + 2) + d + 1];
  }
  lane_sums[lane] = sum;
  workgroupBarrier();
  if (is_judged) {  // there was no epoch more: it has stopped, or diverged on the way
    return;
  }
  var total = 0f;
  for (var l = 0u; l < workgroup_size; l++) {
    total += lane_sums[l];
  }
  let loss = total / its.example_count / 2;
  let is_best = is_finite(loss) && (!has_best || loss < smallest);
  for (var j = lane; is_best && j <= d; j += workgroup_size) {
    best[FIRST + j] = parameters[j];
  }
  if (lane != 0) {
    return;
  }
  history[now.epoch - 1] = loss;
  best[JUDGED] = epoch;
  if (is_best) {
    best[BEST] = epoch;
    best[LOSS] = loss;
  }
  progress[0] = judged(now, loss, has_best && smallest - loss <= its.tolerance * smallest, its);
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
