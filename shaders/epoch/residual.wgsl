// residual: r, the slope of each example's loss by its prediction; for the squared loss X·w + b − y.
// with: batch_range config storage/* loss/* example_weight/quad_*
//
// A loss that cannot be recomputed from r is stored next to it, as twice the loss (KEEPS_LOSSES, appended by the host).
//
// Four examples per invocation. Reads X once, column after column; neighbouring invocations read neighbouring examples.
// The first and the last quad may reach past the batch: examples outside it get residual 0, which adds nothing to any
// sum.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<Stored>;         // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;           // [quads]
@group(0) @binding(3) var<storage, read> parameters: array<f32>;          // [d + 1] weights, then the bias
@group(0) @binding(4) var<storage, read> progress: array<Progress>;       // [1]
@group(0) @binding(5) var<storage, read_write> residuals: array<vec4f>;   // [quads], then twice the losses [quads]

override workgroup_size: u32 = 256;

@compute @workgroup_size(workgroup_size)
fn residual(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  if (progress[0].stop_reason != RUNNING) {
    return;
  }
  let d = config.feature_count;
  let quads = config.quad_count;
  let bias = vec4f(parameters[d]);
  let share = batch_share(workgroup.x, workgroups.x);
  for (var quad = share.x + lane; quad < share.y; quad += workgroup_size) {
    var prediction = bias;
    for (var j = 0u; j < d; j++) {
      prediction += parameters[j] * four(features[j * quads + quad]);
    }
    let y = targets[quad];
    let e = select(absent(y), prediction - origin(y), in_batch(quad));
    residuals[quad] = weighted(slope(e, y), quad);
    if (KEEPS_LOSSES) {
      residuals[quads + quad] = weighted(twice_loss(e, y), quad);
    }
  }
}
