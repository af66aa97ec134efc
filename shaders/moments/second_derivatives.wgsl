// second_derivatives: the second derivative of each example's loss by its prediction, times the example's weight.
// with: batch_range config layout/* storage/* loss/* example_weight/quad_*
//
// They weigh the examples in the sums of hessian, which reads them once for every tile of products: so they are computed
// once, and stored. That of a padding example is 0.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<Stored>;         // [d, quads] or [examples, row_quads]
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;           // [quads], then the weights
@group(0) @binding(3) var<storage, read> parameters: array<f32>;          // [d + 1] weights, then the bias
@group(0) @binding(4) var<storage, read_write> curvatures: array<vec4f>;  // [quads]

override workgroup_size: u32 = 256;

@compute @workgroup_size(workgroup_size)
fn second_derivatives(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let d = config.feature_count;
  let share = batch_share(workgroup.x, workgroups.x);
  for (var quad = share.x + lane; quad < share.y; quad += workgroup_size) {
    var prediction = vec4f(parameters[d]);
    for (var number = 0u; 4 * number < d; number++) {
      prediction += block(block_at(number), quad) * weights(4 * number);
    }
    let y = targets[quad];
    let c = weighted(curvature(prediction - origin(y), y), quad);
    curvatures[quad] = select(vec4f(0), c, in_batch(quad));
  }
}

// Weights j to j + 3; zeros beyond the last feature.
fn weights(j: u32) -> vec4f {
  let d = vec4u(config.feature_count);
  let i = j + vec4u(0, 1, 2, 3);
  let at = min(i, d);
  return select(vec4f(0), vec4f(parameters[at.x], parameters[at.y], parameters[at.z], parameters[at.w]), i < d);
}
