// residual_wide: r = X·w + b − y as residual computes it, sixteen columns to a step, so that what a step of the loop
// costs is shared by sixteen loads.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<vec4f>;          // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;           // [quads]
@group(0) @binding(3) var<storage, read> parameters: array<f32>;          // [d + 1] weights, then the bias
@group(0) @binding(4) var<storage, read> progress: Progress;
@group(0) @binding(5) var<storage, read_write> residuals: array<vec4f>;   // [quads]

override workgroup_size: u32 = 256;

@compute @workgroup_size(workgroup_size)
fn residual_wide(@builtin(global_invocation_id) invocation: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  if (progress.stop_reason != RUNNING) {
    return;
  }
  let d = config.feature_count;
  let quads = config.quad_count;
  for (var quad = invocation.x; quad < quads; quad += workgroups.x * workgroup_size) {
    var prediction = vec4f(parameters[d]);
    var j = 0u;
    for (; j + 16 <= d; j += 16) {
      let at = j * quads + quad;
      prediction += four(j, at, quads) + four(j + 4, at + 4 * quads, quads)
        + four(j + 8, at + 8 * quads, quads) + four(j + 12, at + 12 * quads, quads);
    }
    for (; j < d; j++) {
      prediction += parameters[j] * features[j * quads + quad];
    }
    let example = 4 * quad + vec4u(0, 1, 2, 3);
    residuals[quad] = select(vec4f(0), prediction - targets[quad], example < vec4u(config.example_count));
  }
}

// The share of columns j to j + 3 in the predictions of one quad.
fn four(j: u32, at: u32, quads: u32) -> vec4f {
  return (parameters[j] * features[at] + parameters[j + 1] * features[at + quads])
    + (parameters[j + 2] * features[at + 2 * quads] + parameters[j + 3] * features[at + 3 * quads]);
}
