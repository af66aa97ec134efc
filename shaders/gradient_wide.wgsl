// gradient_wide: the sums of gradient, sixteen columns to a workgroup, so that each residual is read once for sixteen
// products instead of once for each. The same partials as gradient.
//
// Workgroup (c, g) sums the c-th share of the examples for features 16·g to 16·g + 15. Beyond the last feature it reads
// the last one again and writes nothing. Written out pair by pair, since registers have no index.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<vec4f>;          // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> residuals: array<vec4f>;         // [quads]
@group(0) @binding(3) var<storage, read> progress: Progress;
@group(0) @binding(4) var<storage, read_write> partials: array<vec2f>;    // [d + 1, partial_count]

override workgroup_size: u32 = 64;

const PAIRS = 8u;
const COLUMNS = 2 * PAIRS;

@compute @workgroup_size(workgroup_size)
fn gradient_wide(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let first = COLUMNS * (workgroup.y + workgroup.z * workgroups.y);
  let d = config.feature_count;
  if (progress.stop_reason != RUNNING || first >= d) {
    return;
  }
  let quads = config.quad_count;
  let stride = workgroups.x * workgroup_size;
  let at0 = pair_at(first); let at1 = pair_at(first + 2); let at2 = pair_at(first + 4); let at3 = pair_at(first + 6);
  let at4 = pair_at(first + 8); let at5 = pair_at(first + 10); let at6 = pair_at(first + 12); let at7 = pair_at(first + 14);
  var g0 = vec2f(0); var g1 = vec2f(0); var g2 = vec2f(0); var g3 = vec2f(0);
  var g4 = vec2f(0); var g5 = vec2f(0); var g6 = vec2f(0); var g7 = vec2f(0);
  var rest = vec2f(0);
  var quad = workgroup.x * workgroup_size + lane;
  while (quad < quads) {
    var b0 = vec2f(0); var b1 = vec2f(0); var b2 = vec2f(0); var b3 = vec2f(0);
    var b4 = vec2f(0); var b5 = vec2f(0); var b6 = vec2f(0); var b7 = vec2f(0);
    var block = vec2f(0);
    for (let end = min(quads, quad + BLOCK * stride); quad < end; quad += stride) {
      let r = residuals[quad];
      b0 += vec2f(dot(r, features[at0.x + quad]), dot(r, features[at0.y + quad]));
      b1 += vec2f(dot(r, features[at1.x + quad]), dot(r, features[at1.y + quad]));
      b2 += vec2f(dot(r, features[at2.x + quad]), dot(r, features[at2.y + quad]));
      b3 += vec2f(dot(r, features[at3.x + quad]), dot(r, features[at3.y + quad]));
      b4 += vec2f(dot(r, features[at4.x + quad]), dot(r, features[at4.y + quad]));
      b5 += vec2f(dot(r, features[at5.x + quad]), dot(r, features[at5.y + quad]));
      b6 += vec2f(dot(r, features[at6.x + quad]), dot(r, features[at6.y + quad]));
      b7 += vec2f(dot(r, features[at7.x + quad]), dot(r, features[at7.y + quad]));
      block += vec2f(dot(r, vec4f(1)), dot(r, r));
    }
    g0 += b0; g1 += b1; g2 += b2; g3 += b3; g4 += b4; g5 += b5; g6 += b6; g7 += b7;
    rest += block;
  }

  let at = lane * SUMS;
  lane_sums[at] = g0; lane_sums[at + 1] = g1; lane_sums[at + 2] = g2; lane_sums[at + 3] = g3;
  lane_sums[at + 4] = g4; lane_sums[at + 5] = g5; lane_sums[at + 6] = g6; lane_sums[at + 7] = g7;
  lane_sums[at + PAIRS] = rest;
  add_up(lane);
  let loss = total(PAIRS).y;
  for (var i = lane; i < min(COLUMNS, d - first); i += workgroup_size) {
    partials[(first + i) * config.partial_count + workgroup.x] = vec2f(total(i / 2)[i % 2], loss);
  }
  if (first == 0 && lane == 0) {
    partials[d * config.partial_count + workgroup.x] = total(PAIRS);
  }
}

// Where columns j and j + 1 begin, or the last one.
fn pair_at(j: u32) -> vec2u {
  return min(vec2u(j, j + 1), vec2u(config.feature_count - 1)) * config.quad_count;
}
