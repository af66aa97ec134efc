// fused_narrow: residual and gradient in one pass over X, for 1 to 16 features. X is read once instead of twice, and
// the residuals never leave the registers. Four examples per invocation; the same partials as gradient.
//
// Written out pair by pair, since registers have no index: sums in an array would live in memory. FEATURES is
// appended by the host, so the pairs beyond it vanish when the kernel is compiled.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<vec4f>;          // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;           // [quads]
@group(0) @binding(3) var<storage, read> parameters: array<f32>;          // [d + 1] weights, then the bias
@group(0) @binding(4) var<storage, read> progress: Progress;
@group(0) @binding(5) var<storage, read_write> partials: array<vec2f>;    // [d + 1, partial_count]

override workgroup_size: u32 = 64;

const PAIRS = (FEATURES + 1) / 2;

@compute @workgroup_size(workgroup_size)
fn fused_narrow(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  if (progress.stop_reason != RUNNING) {
    return;
  }
  let bias = parameters[FEATURES];
  let quads = config.quad_count;
  let examples = vec4u(config.example_count);
  let stride = workgroups.x * workgroup_size;
  let w0 = weights(0); let w1 = weights(2); let w2 = weights(4); let w3 = weights(6);
  let w4 = weights(8); let w5 = weights(10); let w6 = weights(12); let w7 = weights(14);
  var g0 = vec2f(0); var g1 = vec2f(0); var g2 = vec2f(0); var g3 = vec2f(0);
  var g4 = vec2f(0); var g5 = vec2f(0); var g6 = vec2f(0); var g7 = vec2f(0);
  var rest = vec2f(0);
  var x1 = mat2x4f(); var x2 = mat2x4f(); var x3 = mat2x4f(); var x4 = mat2x4f();
  var x5 = mat2x4f(); var x6 = mat2x4f(); var x7 = mat2x4f();
  var quad = workgroup.x * workgroup_size + lane;
  while (quad < quads) {
    var b0 = vec2f(0); var b1 = vec2f(0); var b2 = vec2f(0); var b3 = vec2f(0);
    var b4 = vec2f(0); var b5 = vec2f(0); var b6 = vec2f(0); var b7 = vec2f(0);
    var block = vec2f(0);
    for (let end = min(quads, quad + BLOCK * stride); quad < end; quad += stride) {
      let x0 = columns(0, quad, quads);
      var prediction = bias + x0 * w0;
      if (FEATURES > 2) { x1 = columns(2, quad, quads); prediction += x1 * w1; }
      if (FEATURES > 4) { x2 = columns(4, quad, quads); prediction += x2 * w2; }
      if (FEATURES > 6) { x3 = columns(6, quad, quads); prediction += x3 * w3; }
      if (FEATURES > 8) { x4 = columns(8, quad, quads); prediction += x4 * w4; }
      if (FEATURES > 10) { x5 = columns(10, quad, quads); prediction += x5 * w5; }
      if (FEATURES > 12) { x6 = columns(12, quad, quads); prediction += x6 * w6; }
      if (FEATURES > 14) { x7 = columns(14, quad, quads); prediction += x7 * w7; }
      let example = 4 * quad + vec4u(0, 1, 2, 3);
      let r = select(vec4f(0), prediction - targets[quad], example < examples);
      b0 += r * x0;
      if (FEATURES > 2) { b1 += r * x1; }
      if (FEATURES > 4) { b2 += r * x2; }
      if (FEATURES > 6) { b3 += r * x3; }
      if (FEATURES > 8) { b4 += r * x4; }
      if (FEATURES > 10) { b5 += r * x5; }
      if (FEATURES > 12) { b6 += r * x6; }
      if (FEATURES > 14) { b7 += r * x7; }
      block += vec2f(dot(r, vec4f(1)), dot(r, r));
    }
    g0 += b0; g1 += b1; g2 += b2; g3 += b3; g4 += b4; g5 += b5; g6 += b6; g7 += b7;
    rest += block;
  }

  let at = lane * SUMS;
  lane_sums[at] = g0;
  if (FEATURES > 2) { lane_sums[at + 1] = g1; }
  if (FEATURES > 4) { lane_sums[at + 2] = g2; }
  if (FEATURES > 6) { lane_sums[at + 3] = g3; }
  if (FEATURES > 8) { lane_sums[at + 4] = g4; }
  if (FEATURES > 10) { lane_sums[at + 5] = g5; }
  if (FEATURES > 12) { lane_sums[at + 6] = g6; }
  if (FEATURES > 14) { lane_sums[at + 7] = g7; }
  lane_sums[at + PAIRS] = rest;
  add_up(lane);
  for (var row = lane; row <= FEATURES; row += workgroup_size) {
    let sum = select(total(row / 2)[row % 2], total(PAIRS).x, row == FEATURES);
    partials[row * config.partial_count + workgroup.x] = vec2f(sum, total(PAIRS).y);
  }
}

// Columns j and j + 1 of four examples; zeros where there is no such feature.
fn columns(j: u32, quad: u32, quads: u32) -> mat2x4f {
  if (j + 1 < FEATURES) {
    return mat2x4f(features[j * quads + quad], features[(j + 1) * quads + quad]);
  }
  return mat2x4f(features[j * quads + quad], vec4f(0));
}

fn weights(j: u32) -> vec2f {
  return vec2f(
    select(0, parameters[min(j, FEATURES)], j < FEATURES),
    select(0, parameters[min(j + 1, FEATURES)], j + 1 < FEATURES),
  );
}
