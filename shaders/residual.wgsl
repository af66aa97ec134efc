// residual: r = X·w + b − y, four examples per invocation.
//
// Reads X once, column after column; neighbouring invocations read neighbouring examples. The last quad may reach
// past the last example: its padding gets residual 0, which adds nothing to any sum.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<vec4f>;          // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;           // [quads]
@group(0) @binding(3) var<storage, read> parameters: array<f32>;          // [d + 1] weights, then the bias
@group(0) @binding(4) var<storage, read> progress: Progress;
@group(0) @binding(5) var<storage, read_write> residuals: array<vec4f>;   // [quads]

override workgroup_size: u32 = 256;

@compute @workgroup_size(workgroup_size)
fn residual(@builtin(global_invocation_id) invocation: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  if (progress.stop_reason != RUNNING) {
    return;
  }
  for (var quad = invocation.x; quad < config.quad_count; quad += workgroups.x * workgroup_size) {
    var prediction = vec4f(parameters[config.feature_count]);
    for (var j = 0u; j < config.feature_count; j++) {
      prediction += parameters[j] * features[j * config.quad_count + quad];
    }
    let example = 4 * quad + vec4u(0, 1, 2, 3);
    residuals[quad] = select(vec4f(0), prediction - targets[quad], example < vec4u(config.example_count));
  }
}
