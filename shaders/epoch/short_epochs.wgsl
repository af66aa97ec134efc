// short_epochs: up to EPOCHS epochs in one dispatch, for 1 to 8 features and data of some KiB.
// with: narrow batch_range config step progress finite storage/* loss/* example_weight/quad_*
//
// Dispatches would cost more than the work. One workgroup takes all examples of one model, epoch after epoch: residual,
// gradient and update in one, with nothing but workgroup memory in between. How the registers take in four examples is
// in shared/narrow.wgsl.
//
// The parameters after n epochs are in the even or the odd of the two buffers, as n is, where update would leave them,
// and those before in the other. Written out parameter by parameter, since registers have no index: the price of a
// language without a preprocessor, paid for in lines alone.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> model_settings: array<Settings>;        // [models]
@group(0) @binding(2) var<storage, read> features: array<Stored>;                // [d, quads] feature-major
@group(0) @binding(3) var<storage, read> targets: array<vec4f>;                  // [quads]
@group(0) @binding(4) var<storage, read> step_factors: array<f32>;               // factors on λ: [d + 1], then by epoch of all models
@group(0) @binding(5) var<storage, read_write> even_parameters: array<f32>;      // [1 or 4, models, d + 1] with optimizer state
@group(0) @binding(6) var<storage, read_write> odd_parameters: array<f32>;       // [1 or 4, models, d + 1]
@group(0) @binding(7) var<storage, read_write> progress: array<Progress>;        // [models]
@group(0) @binding(8) var<storage, read_write> history: array<f32>;              // by model: [epochs] losses, [points, d + 1] path

override workgroup_size: u32 = 64;

const SUMS = FEATURES + 2;

var<workgroup> lane_sums: array<f32, workgroup_size * SUMS>;  // [workgroup_size, SUMS]
var<workgroup> means: array<f32, SUMS>;                       // ∂L/∂w, ∂L/∂b, and L with the penalties
var<workgroup> start_progress: Progress;

// The parameters before the last update: the last ones whose loss is known.
var<private> p0: f32; var<private> p1: f32; var<private> p2: f32; var<private> p3: f32;
var<private> p4: f32; var<private> p5: f32; var<private> p6: f32; var<private> p7: f32;
var<private> previous_bias: f32;

// The optimizer state of each parameter.
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
  let settings = model_settings[model];
  if (lane == 0) {
    start_progress = progress[model];
  }
  var current = workgroupUniformLoad(&start_progress);
  load_parameters(at, current.epoch % 2 == 0);
  let stride = workgroups.x * (FEATURES + 1);
  if (!is_plain(settings)) {
    load_state(at, stride, current.epoch % 2 == 0);
  }
  for (var k = 0u; k < EPOCHS && current.epoch < settings.epochs && current.stop_reason == RUNNING; k++) {
    sum_examples(lane);
    fold(lane, settings);
    let after = progress_after_update(current, workgroupUniformLoad(&means[FEATURES + 1]), 1, settings);
    if (after.epoch > current.epoch) {
      if (lane == 0) {
        history[settings.first_loss + current.epoch] = after.loss;
      }
      update_parameters(current, settings);
      if (lane == 0 && is_on_path(after.epoch, settings)) {
        store_point(point_at(after.epoch, FEATURES, settings));
      }
    }
    current = after;
  }
  if (lane == 0) {
    store_parameters(at, current.epoch % 2 == 0);
    if (!is_plain(settings)) {
      store_state(at, stride);
    }
    progress[model] = current;
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
fn fold(lane: u32, settings: Settings) {
  for (var row = lane; row < SUMS; row += workgroup_size) {
    var total = 0f;
    for (var l = 0u; l < workgroup_size; l++) {
      total += lane_sums[l * SUMS + row];
    }
    means[row] = total / settings.example_count;
    if (row == FEATURES + 1) {
      means[row] = means[row] / 2 + penalty(settings);
    }
  }
}

fn update_parameters(current: Progress, settings: Settings) {
  let rate = rate_in(current.epoch, FEATURES, settings);
  p0 = w0; w0 = update_parameter(0, w0, rate, current, settings);
  if (FEATURES > 1) { p1 = w1; w1 = update_parameter(1, w1, rate, current, settings); }
  if (FEATURES > 2) { p2 = w2; w2 = update_parameter(2, w2, rate, current, settings); }
  if (FEATURES > 3) { p3 = w3; w3 = update_parameter(3, w3, rate, current, settings); }
  if (FEATURES > 4) { p4 = w4; w4 = update_parameter(4, w4, rate, current, settings); }
  if (FEATURES > 5) { p5 = w5; w5 = update_parameter(5, w5, rate, current, settings); }
  if (FEATURES > 6) { p6 = w6; w6 = update_parameter(6, w6, rate, current, settings); }
  if (FEATURES > 7) { p7 = w7; w7 = update_parameter(7, w7, rate, current, settings); }
  previous_bias = bias;
  bias = update_parameter(FEATURES, bias, rate, current, settings);
}

fn update_parameter(parameter: u32, value: f32, rate: f32, current: Progress, settings: Settings) -> f32 {
  let is_bias = parameter == FEATURES;
  let gradient = means[parameter];
  let scale = step_factors[parameter];
  if (is_plain(settings)) {
    return gradient_step(value, gradient, scale, is_bias, rate, settings);
  }
  let state = ParameterState(value, first[parameter], second[parameter], average[parameter]);
  let next = optimizer_step(state, gradient, scale, is_bias, rate, current, settings);
  first[parameter] = next.first;
  second[parameter] = next.second;
  average[parameter] = next.average;
  return next.parameter;
}

// l1·Σ|w| + l2/2·Σ w² in training units.
fn penalty(settings: Settings) -> f32 {
  if (settings.l1 == 0 && settings.l2 == 0) {
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
  return settings.l1 * sums.x + settings.l2 / 2 * sums.y;
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

fn store(at: u32, current: f32, previous: f32, is_even: bool) {
  even_parameters[at] = select(previous, current, is_even);
  odd_parameters[at] = select(current, previous, is_even);
}

fn load_state(at: u32, stride: u32, is_even: bool) {
  for (var parameter = 0u; parameter <= FEATURES; parameter++) {
    first[parameter] = loaded(at + stride + parameter, is_even);
    second[parameter] = loaded(at + 2 * stride + parameter, is_even);
    average[parameter] = loaded(at + 3 * stride + parameter, is_even);
  }
}

// Writes the optimizer state to both buffers: nobody reads that of the epoch before.
fn store_state(at: u32, stride: u32) {
  for (var parameter = 0u; parameter <= FEATURES; parameter++) {
    store(at + stride + parameter, first[parameter], first[parameter], true);
    store(at + 2 * stride + parameter, second[parameter], second[parameter], true);
    store(at + 3 * stride + parameter, average[parameter], average[parameter], true);
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
