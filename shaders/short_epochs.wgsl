// short_epochs: up to EPOCHS epochs in one dispatch, for 1 to 16 features and data so small that dispatches would cost
// more than the work. One workgroup takes all examples of one model, epoch after epoch: residual, gradient and update in
// one, with nothing but workgroup memory in between. How four examples are taken in is in shared/narrow.wgsl.
//
// EPOCHS is even and a dispatch begins after an even number of epochs, so that the parameters after n epochs end where
// those of update do: in the one of the two buffers that n is even or odd for, and those before them in the other.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> settings: array<Settings>;              // [models]
@group(0) @binding(2) var<storage, read> features: array<Stored>;                // [d, quads] feature-major
@group(0) @binding(3) var<storage, read> targets: array<vec4f>;                  // [quads]
@group(0) @binding(4) var<storage, read> step_scales: array<f32>;                // [d + 1] factor on λ per parameter
@group(0) @binding(5) var<storage, read_write> even_parameters: array<f32>;      // [models, d + 1] weights, then the bias
@group(0) @binding(6) var<storage, read_write> odd_parameters: array<f32>;       // [models, d + 1]
@group(0) @binding(7) var<storage, read_write> progress: array<Progress>;        // [models]
@group(0) @binding(8) var<storage, read_write> loss_history: array<f32>;         // [models, epochs]

override workgroup_size: u32 = 64;

const SUMS = FEATURES + 2;

var<workgroup> lane_sums: array<f32, workgroup_size * SUMS>;  // [workgroup_size, SUMS]
var<workgroup> means: array<f32, SUMS>;                       // ∂L/∂w, ∂L/∂b, and L with the penalties
var<workgroup> begun: Progress;

// The parameters before the last update: the last ones whose loss is known.
var<private> p0: vec2f; var<private> p1: vec2f; var<private> p2: vec2f; var<private> p3: vec2f;
var<private> p4: vec2f; var<private> p5: vec2f; var<private> p6: vec2f; var<private> p7: vec2f;
var<private> previous_bias: f32;

@compute @workgroup_size(workgroup_size)
fn short_epochs(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  let model = workgroup.x;
  let at = model * (FEATURES + 1);
  let its = settings[model];
  if (lane == 0) {
    begun = progress[model];
  }
  var now = workgroupUniformLoad(&begun);
  load_parameters(at, now.epoch % 2 == 0);
  for (var k = 0u; k < EPOCHS && now.epoch < its.epochs && now.stop_reason == RUNNING; k++) {
    sum_examples(lane);
    fold(lane, its);
    let after = progressed(now, workgroupUniformLoad(&means[FEATURES + 1]), its);
    if (after.epoch > now.epoch) {
      if (lane == 0) {
        loss_history[model * its.epochs + now.epoch] = after.loss;
      }
      update_parameters(its);
    }
    now = after;
  }
  if (lane == 0) {
    store_parameters(at, now.epoch % 2 == 0);
    progress[model] = now;
  }
}

fn sum_examples(lane: u32) {
  g0 = vec2f(0); g1 = vec2f(0); g2 = vec2f(0); g3 = vec2f(0);
  g4 = vec2f(0); g5 = vec2f(0); g6 = vec2f(0); g7 = vec2f(0);
  rest = vec2f(0);
  sum_quads(lane, workgroup_size, config.quad_count, config.example_count);
  let first = lane * SUMS;
  put(first, 0, g0);
  if (FEATURES > 2) { put(first, 2, g1); }
  if (FEATURES > 4) { put(first, 4, g2); }
  if (FEATURES > 6) { put(first, 6, g3); }
  if (FEATURES > 8) { put(first, 8, g4); }
  if (FEATURES > 10) { put(first, 10, g5); }
  if (FEATURES > 12) { put(first, 12, g6); }
  if (FEATURES > 14) { put(first, 14, g7); }
  put(first, FEATURES, rest);
  workgroupBarrier();
}

// Two sums of a lane. The second of the last pair may not exist: what is put there is overwritten by the next.
fn put(first: u32, j: u32, sums: vec2f) {
  lane_sums[first + j] = sums.x;
  lane_sums[first + j + 1] = sums.y;
}

// Each row of sums over all lanes, always in the same order. The objective is folded by one lane, so that all take the
// same decision.
fn fold(lane: u32, its: Settings) {
  for (var row = lane; row < SUMS; row += workgroup_size) {
    var sum = 0f;
    for (var l = 0u; l < workgroup_size; l++) {
      sum += lane_sums[l * SUMS + row];
    }
    means[row] = sum / its.example_count;
    if (row == FEATURES + 1) {
      means[row] = means[row] / 2 + penalty(its);
    }
  }
}

fn update_parameters(its: Settings) {
  p0 = w0; p1 = w1; p2 = w2; p3 = w3; p4 = w4; p5 = w5; p6 = w6; p7 = w7;
  previous_bias = bias;
  w0 = stepped_pair(w0, 0, its);
  if (FEATURES > 2) { w1 = stepped_pair(w1, 2, its); }
  if (FEATURES > 4) { w2 = stepped_pair(w2, 4, its); }
  if (FEATURES > 6) { w3 = stepped_pair(w3, 6, its); }
  if (FEATURES > 8) { w4 = stepped_pair(w4, 8, its); }
  if (FEATURES > 10) { w5 = stepped_pair(w5, 10, its); }
  if (FEATURES > 12) { w6 = stepped_pair(w6, 12, its); }
  if (FEATURES > 14) { w7 = stepped_pair(w7, 14, its); }
  bias = stepped(bias, means[FEATURES], step_scales[FEATURES], true, its);
}

fn stepped_pair(w: vec2f, j: u32, its: Settings) -> vec2f {
  let first = stepped(w.x, means[j], step_scales[j], false, its);
  if (j + 1 < FEATURES) {
    return vec2f(first, stepped(w.y, means[j + 1], step_scales[j + 1], false, its));
  }
  return vec2f(first, 0);
}

// l1·Σ|w| + l2/2·Σ w² in training units.
fn penalty(its: Settings) -> f32 {
  if (its.l1 == 0 && its.l2 == 0) {
    return 0;
  }
  var sums = sizes(w0, 0);
  if (FEATURES > 2) { sums += sizes(w1, 2); }
  if (FEATURES > 4) { sums += sizes(w2, 4); }
  if (FEATURES > 6) { sums += sizes(w3, 6); }
  if (FEATURES > 8) { sums += sizes(w4, 8); }
  if (FEATURES > 10) { sums += sizes(w5, 10); }
  if (FEATURES > 12) { sums += sizes(w6, 12); }
  if (FEATURES > 14) { sums += sizes(w7, 14); }
  return its.l1 * sums.x + its.l2 / 2 * sums.y;
}

fn sizes(w: vec2f, j: u32) -> vec2f {
  let first = size_and_square(w.x, step_scales[j]);
  if (j + 1 < FEATURES) {
    return first + size_and_square(w.y, step_scales[j + 1]);
  }
  return first;
}

fn load_parameters(at: u32, is_even: bool) {
  w0 = loaded(at, 0, is_even); p0 = loaded(at, 0, !is_even);
  if (FEATURES > 2) { w1 = loaded(at, 2, is_even); p1 = loaded(at, 2, !is_even); }
  if (FEATURES > 4) { w2 = loaded(at, 4, is_even); p2 = loaded(at, 4, !is_even); }
  if (FEATURES > 6) { w3 = loaded(at, 6, is_even); p3 = loaded(at, 6, !is_even); }
  if (FEATURES > 8) { w4 = loaded(at, 8, is_even); p4 = loaded(at, 8, !is_even); }
  if (FEATURES > 10) { w5 = loaded(at, 10, is_even); p5 = loaded(at, 10, !is_even); }
  if (FEATURES > 12) { w6 = loaded(at, 12, is_even); p6 = loaded(at, 12, !is_even); }
  if (FEATURES > 14) { w7 = loaded(at, 14, is_even); p7 = loaded(at, 14, !is_even); }
  bias = select(odd_parameters[at + FEATURES], even_parameters[at + FEATURES], is_even);
  previous_bias = select(odd_parameters[at + FEATURES], even_parameters[at + FEATURES], !is_even);
}

fn loaded(at: u32, j: u32, is_even: bool) -> vec2f {
  let k = min(j + 1, FEATURES);  // a second of the pair that does not exist gets weight 0
  let pair = select(
    vec2f(odd_parameters[at + j], odd_parameters[at + k]), vec2f(even_parameters[at + j], even_parameters[at + k]),
    is_even,
  );
  return vec2f(pair.x, select(0, pair.y, k < FEATURES));
}

fn store_parameters(at: u32, is_even: bool) {
  store(at, 0, w0, p0, is_even);
  if (FEATURES > 2) { store(at, 2, w1, p1, is_even); }
  if (FEATURES > 4) { store(at, 4, w2, p2, is_even); }
  if (FEATURES > 6) { store(at, 6, w3, p3, is_even); }
  if (FEATURES > 8) { store(at, 8, w4, p4, is_even); }
  if (FEATURES > 10) { store(at, 10, w5, p5, is_even); }
  if (FEATURES > 12) { store(at, 12, w6, p6, is_even); }
  if (FEATURES > 14) { store(at, 14, w7, p7, is_even); }
  store_one(at + FEATURES, bias, previous_bias, is_even);
}

fn store(at: u32, j: u32, now: vec2f, before: vec2f, is_even: bool) {
  store_one(at + j, now.x, before.x, is_even);
  if (j + 1 < FEATURES) {
    store_one(at + j + 1, now.y, before.y, is_even);
  }
}

fn store_one(at: u32, now: f32, before: f32, is_even: bool) {
  even_parameters[at] = select(before, now, is_even);
  odd_parameters[at] = select(now, before, is_even);
}
