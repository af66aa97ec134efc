// short_batches: up to `updates` updates in one dispatch, one mini-batch each, for batches so small that dispatches would cost
// with: batch_sums batch_order config step finite storage/* loss/* example_weight/quad_*
// more than the work. One workgroup takes batch after batch and epoch after epoch: parameters and residuals stay in workgroup
// memory, and each lane takes some of the examples (shared/batch_sums.wgsl), and then some of the parameters a step on.
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
override most_epochs: u32 = NEVER;  // that it may end: 1 where held-out examples judge each
override parameter_count: u32 = 2;  // d + 1

// What lanes add up: twice the losses, how much the examples count, and the sizes and the squares of the weights.
var<workgroup> lane_sums: array<vec4f, workgroup_size>;
var<workgroup> parameters: array<f32, parameter_count>;
var<workgroup> begun: Progress;

@compute @workgroup_size(workgroup_size)
fn short_batches(@builtin(local_invocation_index) lane: u32) {
  let d = config.feature_count;
  let its = settings[0];
  if (lane == 0) {
    begun = progress[0];
  }
  var now = workgroupUniformLoad(&begun);
  if (now.stop_reason != RUNNING) {
    return;
  }
  for (var parameter = lane; parameter <= d; parameter += workgroup_size) {
    parameters[parameter] = before(parameter, now);
  }
  workgroupBarrier();
  let count = updates_at_hand(now, its);
  for (var k = 0u; k < count; k++) {
    let is_running = now.stop_reason == RUNNING;
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

// Updates of this dispatch, which ends with the last epoch that it may come to.
fn updates_at_hand(now: Progress, its: Settings) -> u32 {
  let most = updates / config.batch_count + 2;  // whose batches it has updates for, the first and the last in part
  let epochs = min(min(its.epochs - now.epoch, most_epochs), most);
  return min(updates, epochs * config.batch_count - now.batch);
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
