// residual_wide: r as residual computes it, for many features where fused_wide does not run.
// with: batch_range config storage/* loss/* example_weight/quad_*
//
// Each turn of the loop takes four columns of two quads, so that eight loads share the cost of the turn and of the
// weights.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<Stored>;         // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;           // [quads]
@group(0) @binding(3) var<storage, read> parameters: array<f32>;          // [d + 1] weights, then the bias
@group(0) @binding(4) var<storage, read> progress: array<Progress>;       // [1]
@group(0) @binding(5) var<storage, read_write> residuals: array<vec4f>;   // [quads], then twice the losses [quads]

override workgroup_size: u32 = 256;

@compute @workgroup_size(workgroup_size)
fn residual_wide(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  if (progress[0].stop_reason != RUNNING) {
    return;
  }
  let d = config.feature_count;
  let quads = config.quad_count;
  let share = batch_share(workgroup.x, workgroups.x);
  for (var quad = share.x + lane; quad < share.y; quad += 2 * workgroup_size) {
    let second_quad = min(quad + workgroup_size, share.y - 1);  // the last quad again if there is no second one
    var r = mat2x4f(vec4f(parameters[d]), vec4f(parameters[d]));
    var j = 0u;
    for (; j + 4 <= d; j += 4) {
      let w = vec4f(parameters[j], parameters[j + 1], parameters[j + 2], parameters[j + 3]);
      let at = j * quads;
      r += mat2x4f(columns(at + quad, quads) * w, columns(at + second_quad, quads) * w);
    }
    for (; j < d; j++) {
      let at = j * quads;
      r += parameters[j] * mat2x4f(four(features[at + quad]), four(features[at + second_quad]));
    }
    write(quad, quads, r[0]);
    write(second_quad, quads, r[1]);
  }
}

fn write(quad: u32, quads: u32, prediction: vec4f) {
  let y = targets[quad];
  let e = select(absent(y), prediction - origin(y), in_batch(quad));
  residuals[quad] = weighted(slope(e, y), quad);
  if (KEEPS_LOSSES) {
    residuals[quads + quad] = weighted(twice_loss(e, y), quad);
  }
}

// Four columns of one quad.
fn columns(at: u32, quads: u32) -> mat4x4f {
  return mat4x4f(
    four(features[at]), four(features[at + quads]), four(features[at + 2 * quads]), four(features[at + 3 * quads]),
  );
}
