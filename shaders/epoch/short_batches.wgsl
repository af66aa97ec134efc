// short_batches: up to `updates` updates in one dispatch, one mini-batch each, for batches of some KiB.
// with: batch_sums batch_order config step progress finite storage/* loss/* example_weight/quad_*
//
// Dispatches would cost more than the work. One workgroup takes batch after batch and epoch after epoch: parameters and
// residuals stay in workgroup memory. Each lane takes some of the examples (shared/batch_sums.wgsl), then updates some
// of the parameters.
//
// The parameters after n updates are in the even or the odd of the two buffers, as n is, and those before in the other.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> model_settings: array<Settings>;        // [1]
@group(0) @binding(2) var<storage, read> features: array<Stored>;                // [d, quads] feature-major
@group(0) @binding(3) var<storage, read> targets: array<vec4f>;                  // [quads]
@group(0) @binding(4) var<storage, read> step_factors: array<f32>;               // factors on λ: [d + 1], then by epoch
@group(0) @binding(5) var<storage, read_write> even_parameters: array<f32>;      // [1 or 4, d + 1] with optimizer state
@group(0) @binding(6) var<storage, read_write> odd_parameters: array<f32>;       // [1 or 4, d + 1]
@group(0) @binding(7) var<storage, read_write> progress: array<Progress>;        // [1]
@group(0) @binding(8) var<storage, read_write> history: array<f32>;              // [epochs] losses, [points, d + 1] path

override workgroup_size: u32 = 64;
override updates: u32 = 64;
override most_epochs: u32 = NEVER;  // the most epochs that it may end: 1 with validation examples
override parameter_count: u32 = 2;  // d + 1

// The sums of the lanes: twice the losses, the weight of the examples, and Σ|w| and Σ w² of the parameters.
var<workgroup> lane_sums: array<vec4f, workgroup_size>;
var<workgroup> parameters: array<f32, parameter_count>;
var<workgroup> start_progress: Progress;

@compute @workgroup_size(workgroup_size)
fn short_batches(@builtin(local_invocation_index) lane: u32) {
  let d = config.feature_count;
  let settings = model_settings[0];
  if (lane == 0) {
    start_progress = progress[0];
  }
  var current = workgroupUniformLoad(&start_progress);
  if (current.stop_reason != RUNNING) {
    return;
  }
  for (var parameter = lane; parameter <= d; parameter += workgroup_size) {
    parameters[parameter] = loaded(parameter, current);
  }
  workgroupBarrier();
  let count = updates_to_run(current, settings);
  for (var k = 0u; k < count; k++) {
    let is_running = current.stop_reason == RUNNING;
    let first = config.batch_size * batch_at(current.batch, current.epoch);
    let batch = vec2u(first, min(first + config.batch_size, config.example_count));
    if (is_running) {
      lane_sums[lane] = vec4f(take_residuals(lane, batch), sizes(lane, settings));
    }
    workgroupBarrier();
    if (is_running) {  // all lanes come to the same progress
      let sums = folded();
      let penalty = settings.l1 * sums.z + settings.l2 / 2 * sums.w;
      let objective = sums.x / sums.y / 2 + penalty;
      let after = progress_after_update(current, objective, sums.y / settings.example_count, settings);
      if (after.stop_reason != DIVERGED) {
        for (var parameter = lane; parameter <= d; parameter += workgroup_size) {
          let mean_gradient = gradient(parameter, batch) / sums.y;
          update_parameter(parameter, mean_gradient, sums.y / config.even_weight, current, settings);
          if (after.epoch > current.epoch && is_on_path(after.epoch, settings)) {
            history[point_at(after.epoch, d, settings) + parameter] = parameters[parameter];
          }
        }
      }
      if (lane == 0 && after.epoch > current.epoch) {
        history[settings.first_loss + current.epoch] = after.loss;
      }
      current = after;
    }
    workgroupBarrier();
  }
  if (lane == 0) {
    progress[0] = current;
  }
}

// The number of updates of this dispatch, which ends no later than with the last epoch that it may end.
fn updates_to_run(current: Progress, settings: Settings) -> u32 {
  let most = updates / config.batch_count + 2;  // epochs that `updates` can reach, the first and the last in part
  let epochs = min(min(settings.epochs - current.epoch, most_epochs), most);
  return min(updates, epochs * config.batch_count - current.batch);
}

// |w| and w² over a lane's weights; 0 without penalties.
fn sizes(lane: u32, settings: Settings) -> vec2f {
  var sums = vec2f(0);
  if (settings.l1 > 0 || settings.l2 > 0) {
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
fn update_parameter(parameter: u32, gradient: f32, pace: f32, current: Progress, settings: Settings) {
  let d = config.feature_count;
  let stride = d + 1;
  let rate = pace * rate_in(current.epoch, d, settings);
  let scale = step_factors[parameter];
  var next = ParameterState(parameters[parameter], 0, 0, 0);
  if (is_plain(settings)) {
    next.parameter = gradient_step(next.parameter, gradient, scale, parameter == d, rate, settings);
  } else {
    next.first = loaded(parameter + stride, current);
    next.second = loaded(parameter + 2 * stride, current);
    next.average = loaded(parameter + 3 * stride, current);
    next = optimizer_step(next, gradient, scale, parameter == d, rate, current, settings);
    store(parameter + stride, next.first, current);
    store(parameter + 2 * stride, next.second, current);
    store(parameter + 3 * stride, next.average, current);
  }
  store(parameter, next.parameter, current);
  parameters[parameter] = next.parameter;
}

fn is_even(current: Progress) -> bool {
  return (current.epoch * config.batch_count + current.batch) % 2 == 0;
}

// A parameter, or a value of its optimizer state, after the updates so far.
fn loaded(at: u32, current: Progress) -> f32 {
  if (is_even(current)) {
    return even_parameters[at];
  }
  return odd_parameters[at];
}

fn store(at: u32, value: f32, current: Progress) {
  if (is_even(current)) {
    odd_parameters[at] = value;
  } else {
    even_parameters[at] = value;
  }
}
