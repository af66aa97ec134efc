// predict: X·w + b for rows of a caller's buffer, a row per invocation.
// with: config predict_output/*
//
// X is read where it lies, row after row. The answer to predict_output decides the output: the prediction, the
// probability, the residual or whether the class is correct.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<f32>;            // [m, d] row-major
@group(0) @binding(2) var<storage, read> parameters: array<f32>;          // [d + 1] weights, then the bias

override workgroup_size: u32 = 256;

@compute @workgroup_size(workgroup_size)
fn predict(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let d = config.feature_count;
  let share = share_of(config.example_count, workgroup.x, workgroups.x);
  for (var row = share.x + lane; row < share.y; row += workgroup_size) {
    let at = row * d;
    var sums = vec4f(0);  // four sums, so that none collects more than a quarter of the roundings
    var j = 0u;
    for (; j + 4 <= d; j += 4) {
      let x = vec4f(features[at + j], features[at + j + 1], features[at + j + 2], features[at + j + 3]);
      sums += x * vec4f(parameters[j], parameters[j + 1], parameters[j + 2], parameters[j + 3]);
    }
    var prediction = parameters[d] + dot(sums, vec4f(1));
    for (; j < d; j++) {
      prediction += features[at + j] * parameters[j];
    }
    write(prediction, row);
  }
}
