// short_epochs: up to EPOCHS epochs in one dispatch, for 1 to 8 features and data so small that dispatches would cost
// with: narrow batch_range config step finite storage/* loss/* example_weight/quad_*
// more than the work. One workgroup takes all examples of one model, epoch after epoch: residual, gradient and update in
// one, with nothing but workgroup memory in between. How four examples are taken in is in shared/narrow.wgsl.
//
// The parameters after n epochs end where those of update do: in the one of the two buffers that n is even or odd for, and
// those before them in the other.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> settings: array<Settings>;              // [models]
@group(0) @binding(2) var<storage, read> features: array<Stored>;                // [d, quads] feature-major
@group(0) @binding(3) var<storage, read> targets: array<vec4f>;                  // [quads]
@group(0) @binding(4) var<storage, read> step_factors: array<f32>;               // on λ: [d + 1] of the parameters, then those of the models' epochs
@group(0) @binding(5) var<storage, read_write> even_parameters: array<f32>;      // [1 or 4 slots, models, d + 1] weights, then the bias
@group(0) @binding(6) var<storage, read_write> odd_parameters: array<f32>;       // [1 or 4 slots, models, d + 1]
@group(0) @binding(7) var<storage, read_write> progress: array<Progress>;        // [models]
@group(0) @binding(8) var<storage, read_write> history: array<f32>;              // for each model [epochs] losses, [points, d + 1] path

override workgroup_size: u32 = 64;

const SUMS = FEATURES + 2;

var<workgroup> lane_sums: array<f32, workgroup_size * SUMS>;  // [workgroup_size, SUMS]
var<workgroup> means: array<f32, SUMS>;                       // ∂L/∂w, ∂L/∂b, and L with the penalties
var<workgroup> begun: Progress;

// The parameters before the last update: the last ones whose loss is known.
var<private> p0: f32; var<private> p1: f32; var<private> p2: f32; var<private> p3: f32;
var<private> p4: f32; var<private> p5: f32; var<private> p6: f32; var<private> p7: f32;
var<private> previous_bias: f32;

// The slots of the optimizer, for each parameter.
var<private> first: array<f32, FEATURES + 1>;
var<private> second: array<f32, FEATURES + 1>;
var<private> average: array<f32, FEATURES + 1>;

@compute @workgroup_size(workgroup_size)
fn short_epochs(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let model = workgroup.x;
  let at = model * (FEATURES + 1);
  let its = settings[model];
  if (lane == 0) {
    begun = progress[model];
  }
  var now = workgroupUniformLoad(&begun);
  load_parameters(at, now.epoch % 2 == 0);
  let slot = workgroups.x * (FEATURES + 1);
  if (!is_plain(its)) {
    load_slots(at, slot, now.epoch % 2 == 0);
  }
  for (var k = 0u; k < EPOCHS && now.epoch < its.epochs && now.stop_reason == RUNNING; k++) {
    sum_examples(lane);
    fold(lane, its);
    let after = progressed(now, workgroupUniformLoad(&means[FEATURES + 1]), 1, its);
    if (after.epoch > now.epoch) {
      if (lane == 0) {
        history[its.first_loss + now.epoch] = after.loss;
      }
      update_parameters(now, its);
      if (lane == 0 && is_on_path(after.epoch, its)) {
        store_point(point_at(after.epoch, FEATURES, its));
      }
    }
    now = after;
  }
  if (lane == 0) {
    store_parameters(at, now.epoch % 2 == 0);
    if (!is_plain(its)) {
      store_slots(at, slot);
    }
    progress[model] = now;
  }
}

fn sum_examples(lane: u32) {
  g0 = 0; g1 = 0; g2 = 0; g3 = 0; g4 = 0; g5 = 0; g6 = 0; g7 = 0;
  sum = 0; loss_sum = 0;
  sum_quads(lane, config.quad_count, workgroup_size);
  let first = lane * SUMS;
  lane_sums[first] = g0;
  if (FEATURES > 1) { lane_sums[first + 1] = g1; }
  if (FEATURES > 2) { lane_sums[first + 2] = g2; }
  if (FEATURES > 3) { lane_sums[first + 3] = g3; }
  if (FEATURES > 4) { lane_sums[first + 4] = g4; }
  if (FEATURES > 5) { lane_sums[first + 5] = g5; }
  if (FEATURES > 6) { lane_sums[first + 6] = g6; }
  if (FEATURES > 7) { lane_sums[first + 7] = g7; }
  lane_sums[first + FEATURES] = sum;
  lane_sums[first + FEATURES + 1] = loss_sum;
  workgroupBarrier();
}

// Each row of sums over all lanes, always in the same order. The objective is folded by one lane, so that all take the
// same decision.
fn fold(lane: u32, its: Settings) {
  for (var row = lane; row < SUMS; row += workgroup_size) {
    var total = 0f;
    for (var l = 0u; l < workgroup_size; l++) {
      total += lane_sums[l * SUMS + row];
    }
    means[row] = total / its.example_count;
    if (row == FEATURES + 1) {
      means[row] = means[row] / 2 + penalty(its);
    }
  }
}

fn update_parameters(now: Progress, its: Settings) {
  let rate = rate_in(now.epoch, FEATURES, its);
  p0 = w0; w0 = advance(0, w0, rate, now, its);
  if (FEATURES > 1) { p1 = w1; w1 = advance(1, w1, rate, now, its); }
  if (FEATURES > 2) { p2 = w2; w2 = advance(2, w2, rate, now, its); }
  if (FEATURES > 3) { p3 = w3; w3 = advance(3, w3, rate, now, its); }
  if (FEATURES > 4) { p4 = w4; w4 = advance(4, w4, rate, now, its); }
  if (FEATURES > 5) { p5 = w5; w5 = advance(5, w5, rate, now, its); }
  if (FEATURES > 6) { p6 = w6; w6 = advance(6, w6, rate, now, its); }
  if (FEATURES > 7) { p7 = w7; w7 = advance(7, w7, rate, now, its); }
  previous_bias = bias;
  bias = advance(FEATURES, bias, rate, now, its);
}

fn advance(parameter: u32, value: f32, rate: f32, now: Progress, its: Settings) -> f32 {
  let is_bias = parameter == FEATURES;
  let gradient = means[parameter];
  let scale = step_factors[parameter];
  if (is_plain(its)) {
    return descended(value, gradient, scale, is_bias, rate, its);
  }
  let point = Point(value, first[parameter], second[parameter], average[parameter]);
  let next = stepped(point, gradient, scale, is_bias, rate, now, its);
  first[parameter] = next.first;
  second[parameter] = next.second;
  average[parameter] = next.average;
  return next.parameter;
}

// l1·Σ|w| + l2/2·Σ w² in training units.
fn penalty(its: Settings) -> f32 {
  if (its.l1 == 0 && its.l2 == 0) {
    return 0;
  }
  var sums = size_and_square(w0, step_factors[0]);
  if (FEATURES > 1) { sums += size_and_square(w1, step_factors[1]); }
  if (FEATURES > 2) { sums += size_and_square(w2, step_factors[2]); }
  if (FEATURES > 3) { sums += size_and_square(w3, step_factors[3]); }
  if (FEATURES > 4) { sums += size_and_square(w4, step_factors[4]); }
  if (FEATURES > 5) { sums += size_and_square(w5, step_factors[5]); }
  if (FEATURES > 6) { sums += size_and_square(w6, step_factors[6]); }
  if (FEATURES > 7) { sums += size_and_square(w7, step_factors[7]); }
  return its.l1 * sums.x + its.l2 / 2 * sums.y;
}

fn load_parameters(at: u32, is_even: bool) {
  w0 = loaded(at + 0, is_even); p0 = loaded(at + 0, !is_even);
  if (FEATURES > 1) { w1 = loaded(at + 1, is_even); p1 = loaded(at + 1, !is_even); }
  if (FEATURES > 2) { w2 = loaded(at + 2, is_even); p2 = loaded(at + 2, !is_even); }
  if (FEATURES > 3) { w3 = loaded(at + 3, is_even); p3 = loaded(at + 3, !is_even); }
  if (FEATURES > 4) { w4 = loaded(at + 4, is_even); p4 = loaded(at + 4, !is_even); }
  if (FEATURES > 5) { w5 = loaded(at + 5, is_even); p5 = loaded(at + 5, !is_even); }
  if (FEATURES > 6) { w6 = loaded(at + 6, is_even); p6 = loaded(at + 6, !is_even); }
  if (FEATURES > 7) { w7 = loaded(at + 7, is_even); p7 = loaded(at + 7, !is_even); }
  bias = loaded(at + FEATURES, is_even);
  previous_bias = loaded(at + FEATURES, !is_even);
}

fn loaded(at: u32, is_even: bool) -> f32 {
  return select(odd_parameters[at], even_parameters[at], is_even);
}

fn store_parameters(at: u32, is_even: bool) {
  store(at + 0, w0, p0, is_even);
  if (FEATURES > 1) { store(at + 1, w1, p1, is_even); }
  if (FEATURES > 2) { store(at + 2, w2, p2, is_even); }
  if (FEATURES > 3) { store(at + 3, w3, p3, is_even); }
  if (FEATURES > 4) { store(at + 4, w4, p4, is_even); }
  if (FEATURES > 5) { store(at + 5, w5, p5, is_even); }
  if (FEATURES > 6) { store(at + 6, w6, p6, is_even); }
  if (FEATURES > 7) { store(at + 7, w7, p7, is_even); }
  store(at + FEATURES, bias, previous_bias, is_even);
}

fn store(at: u32, now: f32, before: f32, is_even: bool) {
  even_parameters[at] = select(before, now, is_even);
  odd_parameters[at] = select(now, before, is_even);
}

fn load_slots(at: u32, slot: u32, is_even: bool) {
  for (var parameter = 0u; parameter <= FEATURES; parameter++) {
    first[parameter] = loaded(at + slot + parameter, is_even);
    second[parameter] = loaded(at + 2 * slot + parameter, is_even);
    average[parameter] = loaded(at + 3 * slot + parameter, is_even);
  }
}

// To both buffers: the slots of the epoch before are of no use to anyone.
fn store_slots(at: u32, slot: u32) {
  for (var parameter = 0u; parameter <= FEATURES; parameter++) {
    store(at + slot + parameter, first[parameter], first[parameter], true);
    store(at + 2 * slot + parameter, second[parameter], second[parameter], true);
    store(at + 3 * slot + parameter, average[parameter], average[parameter], true);
  }
}

fn store_point(at: u32) {
  history[at + 0] = w0;
  if (FEATURES > 1) { history[at + 1] = w1; }
  if (FEATURES > 2) { history[at + 2] = w2; }
  if (FEATURES > 3) { history[at + 3] = w3; }
  if (FEATURES > 4) { history[at + 4] = w4; }
  if (FEATURES > 5) { history[at + 5] = w5; }
  if (FEATURES > 6) { history[at + 6] = w6; }
  if (FEATURES > 7) { history[at + 7] = w7; }
  history[at + FEATURES] = bias;
}
