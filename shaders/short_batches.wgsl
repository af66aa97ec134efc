// short_batches: up to `updates` updates in one dispatch, one mini-batch each, for batches so small that dispatches would cost
// more than the work. One workgroup takes batch after batch and epoch after epoch: parameters and residuals stay in workgroup
// memory, and each lane takes some of the examples, and then some of the parameters a step on.
//
// The parameters after n updates are in the one of the two buffers that n is even or odd for, and those before in the other.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> settings: array<Settings>;              // [1]
@group(0) @binding(2) var<storage, read> features: array<Stored>;                // [d, quads] feature-major
@group(0) @binding(3) var<storage, read> targets: array<vec4f>;                  // [quads]
@group(0) @binding(4) var<storage, read> step_factors: array<f32>;               // on λ: [d + 1] of the parameters, then those of the epochs
@group(0) @binding(5) var<storage, read_write> even_parameters: array<f32>;      // [1 or 4 slots, d + 1] weights, then the bias
@group(0) @binding(6) var<storage, read_write> odd_parameters: array<f32>;       // [1 or 4 slots, d + 1]
@group(0) @binding(7) var<storage, read_write> progress: array<Progress>;        // [1]
@group(0) @binding(8) var<storage, read_write> history: array<f32>;              // [epochs] losses, [points, d + 1] path

override workgroup_size: u32 = 64;
override updates: u32 = 64;
override parameter_count: u32 = 2;  // d + 1
override most_quads: u32 = 1;       // that a batch lies in

// What lanes add up: twice the losses, how much the examples count, and the sizes and the squares of the weights.
var<workgroup> lane_sums: array<vec4f, workgroup_size>;
var<workgroup> parameters: array<f32, parameter_count>;
var<workgroup> residuals: array<vec4f, most_quads>;  // of the batch

@compute @workgroup_size(workgroup_size)
fn short_batches(@builtin(local_invocation_index) lane: u32) {
  let d = config.feature_count;
  let its = settings[0];
  var now = progress[0];
  for (var parameter = lane; parameter <= d; parameter += workgroup_size) {
    parameters[parameter] = before(parameter, now);
  }
  workgroupBarrier();
  for (var k = 0u; k < updates; k++) {
    let is_running = now.stop_reason == RUNNING && now.epoch < its.epochs;
    let first = config.batch_size * batch_at(now.batch, now.epoch);
    let batch = vec2u(first, min(first + config.batch_size, config.example_count));
    if (is_running) {
      lane_sums[lane] = vec4f(take_residuals(lane, batch), sizes(lane, its));
    }
    workgroupBarrier();
    if (is_running) {  // all lanes come to the same progress
      let sums = folded();
      let penalty = its.l1 * sums.z + its.l2 / 2 * sums.w;
      let after = progressed(now, sums.x / sums.y / 2 + penalty, sums.y / its.example_count, its);
      if (after.stop_reason != DIVERGED) {
        for (var parameter = lane; parameter <= d; parameter += workgroup_size) {
          advance(parameter, gradient(parameter, batch) / sums.y, sums.y / config.even_weight, now, its);
          if (after.epoch > now.epoch && is_on_path(after.epoch, its)) {
            history[point_at(after.epoch, d, its) + parameter] = parameters[parameter];
          }
        }
      }
      if (lane == 0 && after.epoch > now.epoch) {
        history[its.first_loss + now.epoch] = after.loss;
      }
      now = after;
    }
    workgroupBarrier();
  }
  if (lane == 0) {
    progress[0] = now;
  }
}

// Writes the residuals of a lane's quads of the batch. Returns twice their losses, and how much they count.
fn take_residuals(lane: u32, batch: vec2u) -> vec2f {
  let d = config.feature_count;
  let first = batch.x / 4;
  var sums = vec2f(0);
  for (var quad = first + lane; 4 * quad < batch.y; quad += workgroup_size) {
    var prediction = vec4f(parameters[d]);
    var at = quad;
    for (var j = 0u; j < d; j++) {
      prediction += parameters[j] * four(features[at]);
      at += config.quad_count;
    }
    let example = 4 * quad + vec4u(0, 1, 2, 3);
    let present = (example >= vec4u(batch.x)) & (example < vec4u(batch.y));
    let y = targets[quad];
    let e = select(absent(y), prediction - origin(y), present);
    residuals[quad - first] = counted(slope(e, y), quad);
    sums += vec2f(counted_losses(e, y, quad), dot(counted(select(vec4f(0), vec4f(1), present), quad), vec4f(1)));
  }
  return sums;
}

// Sizes and squares of a lane's weights, as far as there are penalties on them.
fn sizes(lane: u32, its: Settings) -> vec2f {
  var sums = vec2f(0);
  if (its.l1 > 0 || its.l2 > 0) {
    for (var j = lane; j < config.feature_count; j += workgroup_size) {
      sums += size_and_square(parameters[j], step_factors[j]);
    }
  }
  return sums;
}

fn folded() -> vec4f {
  var total = vec4f(0);
  for (var l = 0u; l < workgroup_size; l++) {
    total += lane_sums[l];
  }
  return total;
}

// Σ r·xⱼ over the batch, or Σ r for the bias.
fn gradient(parameter: u32, batch: vec2u) -> f32 {
  let first = batch.x / 4;
  let count = (batch.y + 3) / 4 - first;
  var sums = vec4f(0);
  if (parameter == config.feature_count) {
    for (var quad = 0u; quad < count; quad++) {
      sums += residuals[quad];
    }
  } else {
    let at = parameter * config.quad_count + first;
    for (var quad = 0u; quad < count; quad++) {
      sums += residuals[quad] * four(features[at + quad]);
    }
  }
  return dot(sums, vec4f(1));
}

// The step of one parameter, as update takes it.
fn advance(parameter: u32, gradient: f32, pace: f32, now: Progress, its: Settings) {
  let d = config.feature_count;
  let slot = d + 1;
  let rate = pace * rate_in(now.epoch, d, its);
  let scale = step_factors[parameter];
  var next = Point(parameters[parameter], 0, 0, 0);
  if (is_plain(its)) {
    next.parameter = descended(next.parameter, gradient, scale, parameter == d, rate, its);
  } else {
    next.first = before(parameter + slot, now);
    next.second = before(parameter + 2 * slot, now);
    next.average = before(parameter + 3 * slot, now);
    next = stepped(next, gradient, scale, parameter == d, rate, now, its);
    store(parameter + slot, next.first, now);
    store(parameter + 2 * slot, next.second, now);
    store(parameter + 3 * slot, next.average, now);
  }
  store(parameter, next.parameter, now);
  parameters[parameter] = next.parameter;
}

fn is_even(now: Progress) -> bool {
  return (now.epoch * config.batch_count + now.batch) % 2 == 0;
}

// What the updates so far have made of a parameter, or of a slot of it.
fn before(at: u32, now: Progress) -> f32 {
  if (is_even(now)) {
    return even_parameters[at];
  }
  return odd_parameters[at];
}

fn store(at: u32, value: f32, now: Progress) {
  if (is_even(now)) {
    odd_parameters[at] = value;
  } else {
    even_parameters[at] = value;
  }
}
