// conjugate: a step of conjugate gradient on the squared loss and l2, in place of update (Hestenes, Stiefel, 1952).
// with: config step progress finite
//
// The pass before it reads X not at the parameters x but ahead on the line, at x + p, for a step p along the direction.
// On a quadratic the gradient changes by H·p between the two, so the pass gives H·p, and with it the minimum along the
// line:
//
//     Hp = ∇L(x + p) − g,  α = −g·p/(p·Hp),  x ← x + αp,  g ← g' = g + α·Hp
//
// The new direction is −g' plus g'·g'/g·g times the one before, and the new p is c times it, where the old p was
// −g·p/g·g times the old direction, and c is α times that: a step as long as the last one. If that fits, α is near 1,
// and gradient and loss are those of the pass: roundings do not add up. The first pass is made at the parameters
// themselves and finds the first direction; λ is the length of the first step ahead.
//
// One workgroup takes all parameters of a model, some to a lane. Gradients and steps are in training units.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> model_settings: array<Settings>;    // [models]
@group(0) @binding(2) var<storage, read> partials: array<f32>;               // [models, partial_count, d + 2]
@group(0) @binding(3) var<storage, read> step_factors: array<f32>;           // [d + 1] factors on λ
@group(0) @binding(4) var<storage, read> parameters: array<f32>;             // [x + p, g, p, x] by [models, d + 1], before
@group(0) @binding(5) var<storage, read> progress: array<Progress>;          // [models] before
@group(0) @binding(6) var<storage, read_write> next_parameters: array<f32>;  // [x + p, g, p, x] by [models, d + 1], after
@group(0) @binding(7) var<storage, read_write> next_progress: array<Progress>;  // [models] after
@group(0) @binding(8) var<storage, read_write> history: array<f32>;          // by model: [epochs] losses, [points, d + 1] path

override workgroup_size: u32 = 64;

var<workgroup> lane_sums: array<vec4f, workgroup_size>;

@compute @workgroup_size(workgroup_size)
fn conjugate(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let model = workgroup.z;
  let before = progress[model];
  if (before.stop_reason != RUNNING) {
    if (lane == 0) {
      next_progress[model] = before;
    }
    return;
  }
  let settings = model_settings[model];
  let first = model * (config.feature_count + 1);
  let stride = workgroups.z * (config.feature_count + 1);
  let products = folded(read_pass(model, first, stride, lane, settings), lane);
  let is_first = before.epoch == 0;  // g and p are 0, and the pass was made at x
  let alpha = select(-products.x / products.y, 1, is_first);
  let is_done = !(is_first || (products.x < 0 && products.y > 0));

  let remaining = 1 - alpha;
  let is_known = is_done && is_finite(products.w);
  // Beside a large penalty the difference may round to less than 0, which no objective is; NaN stays NaN.
  let bottom = products.w - remaining * remaining * products.y / 2;
  let objective = select(select(bottom, 0, bottom < 0), before.loss, is_known);
  var after = progress_after_update(before, objective, 1, settings);
  if (after.stop_reason != DIVERGED && is_done) {
    after.stop_reason = PLATEAU;  // the objective falls in no direction, be it the last epoch that is allowed or not
  }
  if (lane == 0) {
    next_progress[model] = after;
    if (after.epoch > before.epoch) {
      history[settings.first_loss + before.epoch] = after.loss;
    }
  }
  let applied_alpha = select(alpha, 0, is_done);
  let lane_squares = step_along(applied_alpha, before.epoch + 1, first, stride, lane, settings);
  let squares = folded(vec4f(lane_squares, 0, 0, 0), lane).x;
  let g_factor = select(-alpha * products.x / products.z, settings.learning_rate, is_first);
  let p_factor = select(alpha * squares / products.z, 0, is_first);
  look_ahead(select(g_factor, 0, is_done), select(p_factor, 0, is_done), first, stride, lane);
}

// Writes the gradient at x + p in the place of g'. Returns a lane's part of g·p, p·Hp, g·g and of the objective there.
fn read_pass(model: u32, first: u32, stride: u32, lane: u32, settings: Settings) -> vec4f {
  let d = config.feature_count;
  var sums = vec4f(0);
  for (var row = lane; row <= d + 1; row += workgroup_size) {
    var total = 0f;
    for (var c = 0u; c < config.partial_count; c++) {
      total += partials[(model * config.partial_count + c) * (d + 2) + row];
    }
    let mean = total / settings.example_count;
    if (row == d + 1) {
      sums.w += mean / 2;
      continue;
    }
    let root = sqrt(step_factors[row]);
    var g_ahead = root * mean;
    if (row < d && root > 0) {
      let weight = parameters[first + row] / root;
      g_ahead += settings.l2 * weight;
      sums.w += settings.l2 / 2 * weight * weight;
    }
    next_parameters[first + stride + row] = g_ahead;
    let g = parameters[first + stride + row];
    let p = parameters[first + 2 * stride + row];
    sums += vec4f(g * p, p * (g_ahead - g), g * g, 0);
  }
  return sums;
}

// Writes x + αp and g + α·Hp. Returns a lane's part of g'·g'.
fn step_along(alpha: f32, epoch: u32, first: u32, stride: u32, lane: u32, settings: Settings) -> f32 {
  var squares = 0f;
  for (var row = lane; row <= config.feature_count; row += workgroup_size) {
    let at = first + row;
    let g = parameters[at + stride];
    let next_g = g + alpha * (next_parameters[at + stride] - g);
    next_parameters[at + stride] = next_g;
    let x = parameters[at + 3 * stride] + alpha * sqrt(step_factors[row]) * parameters[at + 2 * stride];
    next_parameters[at + 3 * stride] = x;
    if (is_on_path(epoch, settings)) {
      history[point_at(epoch, config.feature_count, settings) + row] = x;
    }
    squares += next_g * next_g;
  }
  return squares;
}

// Writes the new p and x + p: p ← p_factor·p − g_factor·g'.
fn look_ahead(g_factor: f32, p_factor: f32, first: u32, stride: u32, lane: u32) {
  for (var row = lane; row <= config.feature_count; row += workgroup_size) {
    let at = first + row;
    let p = p_factor * parameters[at + 2 * stride] - g_factor * next_parameters[at + stride];
    next_parameters[at + 2 * stride] = p;
    next_parameters[at] = next_parameters[at + 3 * stride] + sqrt(step_factors[row]) * p;
  }
}

// The sum over all lanes, for all of them, always in the same order.
fn folded(value: vec4f, lane: u32) -> vec4f {
  workgroupBarrier();
  lane_sums[lane] = value;
  workgroupBarrier();
  var total = vec4f(0);
  for (var l = 0u; l < workgroup_size; l++) {
    total += lane_sums[l];
  }
  return total;
}
