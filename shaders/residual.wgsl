// residual: r = X·w + b − y, one invocation per example.
//
// Reads X once, column after column: neighbouring invocations read neighbouring examples.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<f32>;           // [d, m] feature-major
@group(0) @binding(2) var<storage, read> targets: array<f32>;            // [m]
@group(0) @binding(3) var<storage, read> parameters: array<f32>;         // [d + 1] weights, then the bias
@group(0) @binding(4) var<storage, read> progress: Progress;
@group(0) @binding(5) var<storage, read_write> residuals: array<f32>;    // [m]

override workgroup_size: u32 = 256;

@compute @workgroup_size(workgroup_size)
fn residual(@builtin(global_invocation_id) invocation: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  if (progress.stop_reason != RUNNING) {
    return;
  }
  let stride = workgroups.x * workgroup_size;
  for (var i = invocation.x; i < config.example_count; i += stride) {
    var prediction = parameters[config.feature_count];
    for (var j = 0u; j < config.feature_count; j++) {
      prediction += parameters[j] * features[j * config.example_count + i];
    }
    residuals[i] = prediction - targets[i];
  }
}
