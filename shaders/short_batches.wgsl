// short_batches: up to `updates` updates in one dispatch, one mini-batch each, for batches so small that dispatches would cost
// more than the work. One workgroup takes a batch, update after update and epoch after epoch: its residuals stay in
// workgroup memory, and each lane takes some of the parameters a step on. For any number of features.
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

var<workgroup> residuals: array<vec4f, MOST_QUADS>;            // of the batch
var<workgroup> lane_sums: array<vec2f, workgroup_size>;        // twice the losses, and how much the examples count
var<workgroup> count: f32;                                     // how much those of the batch count together
var<workgroup> done: Progress;

@compute @workgroup_size(workgroup_size)
fn short_batches(@builtin(local_invocation_index) lane: u32) {
  let its = settings[0];
  if (lane == 0) {
    done = progress[0];
  }
  var now = workgroupUniformLoad(&done);
  for (var k = 0u; k < updates && now.epoch < its.epochs && now.stop_reason == RUNNING; k++) {
    let first = config.batch_size * batch_at(now.batch, now.epoch);
    let batch = vec2u(first, min(first + config.batch_size, config.example_count));
    let is_even = (now.epoch * config.batch_count + now.batch) % 2 == 0;
    lane_sums[lane] = take_residuals(lane, batch, is_even);
    workgroupBarrier();
    if (lane == 0) {
      let sums = folded();
      count = sums.y;
      done = progressed(now, sums.x / sums.y / 2 + penalty(is_even, its), sums.y / its.example_count, its);
    }
    let after = workgroupUniformLoad(&done);
    if (after.stop_reason != DIVERGED) {
      for (var parameter = lane; parameter <= config.feature_count; parameter += workgroup_size) {
        let next = advance(parameter, gradient(parameter, batch) / count, is_even, now, its);
        if (after.epoch > now.epoch && is_on_path(after.epoch, its)) {
          history[point_at(after.epoch, config.feature_count, its) + parameter] = next;
        }
      }
    }
    if (lane == 0 && after.epoch > now.epoch) {
      history[its.first_loss + now.epoch] = after.loss;
    }
    now = after;
    storageBarrier();    // what one lane has made of a parameter all read next,
    workgroupBarrier();  // and all have read the residuals before they are written again
  }
  if (lane == 0) {
    progress[0] = now;
  }
}

// Writes the residuals of a lane's quads of the batch, and returns its part of the sums over examples.
fn take_residuals(lane: u32, batch: vec2u, is_even: bool) -> vec2f {
  let d = config.feature_count;
  let quads = config.quad_count;
  let first = batch.x / 4;
  var sums = vec2f(0);
  for (var quad = first + lane; 4 * quad < batch.y; quad += workgroup_size) {
    var prediction = vec4f(parameter_at(d, is_even));
    for (var j = 0u; j < d; j++) {
      prediction += parameter_at(j, is_even) * four(features[j * quads + quad]);
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

fn folded() -> vec2f {
  var total = vec2f(0);
  for (var l = 0u; l < workgroup_size; l++) {
    total += lane_sums[l];
  }
  return total;
}

// Σ r·xⱼ over the batch, or Σ r for the bias.
fn gradient(parameter: u32, batch: vec2u) -> f32 {
  let first = batch.x / 4;
  let at = parameter * config.quad_count;
  var sum = 0f;
  for (var quad = first; 4 * quad < batch.y; quad++) {
    let r = residuals[quad - first];
    if (parameter < config.feature_count) {
      sum += dot(r, four(features[at + quad]));
    } else {
      sum += dot(r, vec4f(1));
    }
  }
  return sum;
}

// The step of one parameter. Returns where it leads.
fn advance(parameter: u32, gradient: f32, is_even: bool, now: Progress, its: Settings) -> f32 {
  let d = config.feature_count;
  let slot = d + 1;
  let rate = rate_in(now.epoch, d, its);
  let scale = step_factors[parameter];
  let value = parameter_at(parameter, is_even);
  if (is_plain(its)) {
    let next = descended(value, gradient, scale, parameter == d, rate, its);
    store(parameter, next, is_even);
    return next;
  }
  let point = Point(
    value, parameter_at(parameter + slot, is_even), parameter_at(parameter + 2 * slot, is_even),
    parameter_at(parameter + 3 * slot, is_even),
  );
  let next = stepped(point, gradient, scale, parameter == d, rate, now, its);
  store(parameter, next.parameter, is_even);
  store(parameter + slot, next.first, is_even);
  store(parameter + 2 * slot, next.second, is_even);
  store(parameter + 3 * slot, next.average, is_even);
  return next.parameter;
}

// l1·Σ|w| + l2/2·Σ w² in training units.
fn penalty(is_even: bool, its: Settings) -> f32 {
  if (its.l1 == 0 && its.l2 == 0) {
    return 0;
  }
  var sums = vec2f(0);
  for (var j = 0u; j < config.feature_count; j++) {
    sums += size_and_square(parameter_at(j, is_even), step_factors[j]);
  }
  return its.l1 * sums.x + its.l2 / 2 * sums.y;
}

// What updates have made of a parameter, or of a slot of it, after an even or an odd number of them.
fn parameter_at(at: u32, is_even: bool) -> f32 {
  if (is_even) {
    return even_parameters[at];
  }
  return odd_parameters[at];
}

fn store(at: u32, value: f32, is_even: bool) {
  if (is_even) {
    odd_parameters[at] = value;
  } else {
    even_parameters[at] = value;
  }
}
