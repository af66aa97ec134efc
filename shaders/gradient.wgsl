// gradient: the sums over all examples that the gradient and the loss are made of.
//
// Row j of the sums is Σ r·xⱼ for j < d (the weights), Σ r for j = d (the bias), Σ r² for j = d + 1 (the loss).
// Workgroup (c, j) sums the c-th share of the examples for row j and writes one partial; the next dispatch,
// update, folds the partials. Shares and tree are fixed, so the same adapter gives the same bits every time.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<f32>;           // [d, m] feature-major
@group(0) @binding(2) var<storage, read> residuals: array<f32>;          // [m]
@group(0) @binding(3) var<storage, read> progress: Progress;
@group(0) @binding(4) var<storage, read_write> partials: array<f32>;     // [d + 2, partial_count]

override workgroup_size: u32 = 256;

@compute @workgroup_size(workgroup_size)
fn gradient(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let row = workgroup.y + workgroup.z * workgroups.y;
  if (progress.stop_reason != RUNNING || row > config.feature_count + 1) {
    return;
  }
  var sum = 0.0;
  for (var i = workgroup.x * workgroup_size + lane; i < config.example_count; i += workgroups.x * workgroup_size) {
    sum += residuals[i] * factor(row, i);
  }
  let total = workgroup_sum(sum, lane);
  if (lane == 0) {
    partials[row * config.partial_count + workgroup.x] = total;
  }
}

// What the residual of example i is multiplied by in the given row of the sums.
fn factor(row: u32, i: u32) -> f32 {
  if (row < config.feature_count) {
    return features[row * config.example_count + i];
  }
  return select(1.0, residuals[i], row > config.feature_count);
}
