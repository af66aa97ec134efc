// conjugate: in place of update, one step of conjugate gradient on the squared loss and l2 (Hestenes and Stiefel, 1952).
// with: config step finite
//
// The pass before it was made ahead on the line, at x + p for the parameters x and a step p along the direction. On a
// quadratic the slope changes by H·p from x to there, so the pass tells H·p, and with it the bottom of the line:
//
//     Hp = ∇L(x + p) − g,  α = −g·p/(p·Hp),  x ← x + αp,  g ← g' = g + α·Hp
//
// The new direction is −g' and g'·g'/g·g of the one before, and p a step along it as long as the last one: c times the
// direction, where p was −g·p/g·g times the direction before, and c is α times that. If it fits, α is near 1, and slope
// and loss are those of the pass: roundings do not add up. The first pass is made at the parameters themselves and finds
// the first direction; λ is the length of the first step ahead.
//
// One workgroup takes all parameters of a model, some to a lane. Slopes and steps are in training units.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> settings: array<Settings>;          // [models]
@group(0) @binding(2) var<storage, read> partials: array<f32>;               // [models, partial_count, d + 2]
@group(0) @binding(3) var<storage, read> step_factors: array<f32>;           // [d + 1] on λ
@group(0) @binding(4) var<storage, read> parameters: array<f32>;             // [x + p, g, p, x] of [models, d + 1] before
@group(0) @binding(5) var<storage, read> progress: array<Progress>;          // [models] before this epoch
@group(0) @binding(6) var<storage, read_write> next_parameters: array<f32>;  // [x + p, g, p, x] of [models, d + 1] after
@group(0) @binding(7) var<storage, read_write> next_progress: array<Progress>;  // [models] after it
@group(0) @binding(8) var<storage, read_write> history: array<f32>;          // for each model [epochs] losses, [points, d + 1] path

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
  let its = settings[model];
  let first = model * (config.feature_count + 1);
  let slot = workgroups.z * (config.feature_count + 1);
  let found = folded(read_pass(model, first, slot, lane, its), lane);
  let is_first = before.epoch == 0;  // g and p are 0, and x is where the pass was made
  let along = select(-found.x / found.y, 1, is_first);
  let is_done = !(is_first || (found.x < 0 && found.y > 0));

  let left = 1 - along;
  let is_known = is_done && is_finite(found.w);
  var after = progressed(before, select(found.w - left * left * found.y / 2, before.loss, is_known), 1, its);
  if (after.stop_reason == RUNNING && is_done) {
    after.stop_reason = CONVERGED;  // no direction is left in which it falls
  }
  if (lane == 0) {
    next_progress[model] = after;
    if (after.epoch > before.epoch) {
      history[its.first_loss + before.epoch] = after.loss;
    }
  }
  let forward = select(along, 0, is_done);
  let squares = folded(vec4f(step_along(forward, before.epoch + 1, first, slot, lane, its), 0, 0, 0), lane).x;
  let length = select(-along * found.x / found.z, its.learning_rate, is_first);
  let turn = select(along * squares / found.z, 0, is_first);
  look_ahead(select(length, 0, is_done), select(turn, 0, is_done), first, slot, lane);
}

// Writes the slope at x + p in the place of the next g. Returns a lane's part of g·p, p·Hp, g·g, and of the objective there.
fn read_pass(model: u32, first: u32, slot: u32, lane: u32, its: Settings) -> vec4f {
  let d = config.feature_count;
  var sums = vec4f(0);
  for (var row = lane; row <= d + 1; row += workgroup_size) {
    var total = 0f;
    for (var c = 0u; c < config.partial_count; c++) {
      total += partials[(model * config.partial_count + c) * (d + 2) + row];
    }
    let mean = total / its.example_count;
    if (row == d + 1) {
      sums.w += mean / 2;
      continue;
    }
    let root = sqrt(step_factors[row]);
    var there = root * mean;
    if (row < d && root > 0) {
      let weight = parameters[first + row] / root;
      there += its.l2 * weight;
      sums.w += its.l2 / 2 * weight * weight;
    }
    next_parameters[first + slot + row] = there;
    let slope = parameters[first + slot + row];
    let ahead = parameters[first + 2 * slot + row];
    sums += vec4f(slope * ahead, ahead * (there - slope), slope * slope, 0);
  }
  return sums;
}

// Writes x + αp and g + α·Hp. Returns a lane's part of g'·g'.
fn step_along(along: f32, epoch: u32, first: u32, slot: u32, lane: u32, its: Settings) -> f32 {
  var squares = 0f;
  for (var row = lane; row <= config.feature_count; row += workgroup_size) {
    let at = first + row;
    let slope = parameters[at + slot];
    let next = slope + along * (next_parameters[at + slot] - slope);
    next_parameters[at + slot] = next;
    let place = parameters[at + 3 * slot] + along * sqrt(step_factors[row]) * parameters[at + 2 * slot];
    next_parameters[at + 3 * slot] = place;
    if (is_on_path(epoch, its)) {
      history[point_at(epoch, config.feature_count, its) + row] = place;
    }
    squares += next * next;
  }
  return squares;
}

// Writes p and x + p.
fn look_ahead(length: f32, turn: f32, first: u32, slot: u32, lane: u32) {
  for (var row = lane; row <= config.feature_count; row += workgroup_size) {
    let at = first + row;
    let ahead = turn * parameters[at + 2 * slot] - length * next_parameters[at + slot];
    next_parameters[at + 2 * slot] = ahead;
    next_parameters[at] = next_parameters[at + 3 * slot] + sqrt(step_factors[row]) * ahead;
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
