// gradient: the sums over all examples that the gradient and the loss are made of.
//
// Row j of the sums is (Σ r·xⱼ, Σ r²), where row d takes 1 for x: the weights, then the bias, and the loss beside
// each. Workgroup (c, j) sums the c-th share of the examples for row j and writes one partial; the next dispatch,
// update, folds them. Shares and tree are fixed, so the same adapter gives the same bits every time.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<vec4f>;          // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> residuals: array<vec4f>;         // [quads]
@group(0) @binding(3) var<storage, read> progress: Progress;
@group(0) @binding(4) var<storage, read_write> partials: array<vec2f>;    // [d + 1, partial_count]

override workgroup_size: u32 = 64;

@compute @workgroup_size(workgroup_size)
fn gradient(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let row = workgroup.y + workgroup.z * workgroups.y;
  if (progress.stop_reason != RUNNING || row > config.feature_count) {
    return;
  }
  let quads = config.quad_count;
  let first = row * quads;
  let is_weight = row < config.feature_count;
  let stride = workgroups.x * workgroup_size;
  var sums = vec2f(0);
  var quad = workgroup.x * workgroup_size + lane;
  while (quad < quads) {
    var block = vec2f(0);
    for (let end = min(quads, quad + BLOCK * stride); quad < end; quad += stride) {
      let r = residuals[quad];
      var x = vec4f(1);
      if (is_weight) {
        x = features[first + quad];
      }
      block += vec2f(dot(r, x), dot(r, r));
    }
    sums += block;
  }
  let total = workgroup_sum(sums, lane);
  if (lane == 0) {
    partials[row * config.partial_count + workgroup.x] = total;
  }
}
