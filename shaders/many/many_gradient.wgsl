// many_gradient: the sums of gradient for MODELS models at a time, 1 to 4, for any number of features.
// with: config model_list all_stopped storage/* partial_sum/*
//
// Four columns to a workgroup, so that four loads of X serve all models, and one of residuals four products.
//
// Workgroup (p, c, g) sums the c-th share of the examples for its models and columns 4·g to 4·g + 3; the first columns
// come with Σ r and the losses. Beyond the last feature it reads the last one again and writes nothing.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<Stored>;         // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> residuals: array<vec4f>;         // [entries, quads], then twice the losses, as many
@group(0) @binding(3) var<storage, read> model_list: array<ModelEntry>;   // the models that train on this shard
@group(0) @binding(4) var<storage, read> progress: array<Progress>;       // [models]
@group(0) @binding(5) var<storage, read_write> partials: array<f32>;      // [models, partial_count, d + 2]

override workgroup_size: u32 = 64;

// Σ r·x for four columns, and (Σ r, twice the losses): of the current block of quads, then of all blocks.
var<private> block: array<vec4f, 4>;
var<private> block_bias_and_loss: array<vec2f, 4>;
var<private> sums: array<vec4f, 4>;
var<private> bias_and_loss: array<vec2f, 4>;

@compute @workgroup_size(workgroup_size)
fn many_gradient(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let first_entry = workgroup.x * MODELS;
  if (all_stopped(first_entry)) {
    return;
  }
  let partial = config.first_partial + partial_of(workgroup.y, lane);
  let share = share_of(config.quad_count, workgroup.y, workgroups.y);
  for (var column = 4 * workgroup.z; column < config.feature_count; column += 4 * workgroups.z) {
    sums = array<vec4f, 4>();
    bias_and_loss = array<vec2f, 4>();
    sum_quads(first_entry, column, share.x + lane, share.y);
    write(first_entry, sums[0], bias_and_loss[0], column, partial, lane);
    if (MODELS > 1) { write(first_entry + 1, sums[1], bias_and_loss[1], column, partial, lane); }
    if (MODELS > 2) { write(first_entry + 2, sums[2], bias_and_loss[2], column, partial, lane); }
    if (MODELS > 3) { write(first_entry + 3, sums[3], bias_and_loss[3], column, partial, lane); }
  }
}

fn sum_quads(first_entry: u32, column: u32, first: u32, last: u32) {
  let quads = config.quad_count;
  let begins = min(column + vec4u(0, 1, 2, 3), vec4u(config.feature_count - 1)) * quads;
  var quad = first;
  while (quad < last) {
    block = array<vec4f, 4>();
    block_bias_and_loss = array<vec2f, 4>();
    for (let end = min(last, quad + BLOCK * workgroup_size); quad < end; quad += workgroup_size) {
      let x = mat4x4f(
        four(features[begins.x + quad]), four(features[begins.y + quad]),
        four(features[begins.z + quad]), four(features[begins.w + quad]),
      );
      add(0, first_entry, x, column, quad);
      if (MODELS > 1) { add(1, first_entry, x, column, quad); }
      if (MODELS > 2) { add(2, first_entry, x, column, quad); }
      if (MODELS > 3) { add(3, first_entry, x, column, quad); }
    }
    sums[0] += block[0]; sums[1] += block[1]; sums[2] += block[2]; sums[3] += block[3];
    bias_and_loss[0] += block_bias_and_loss[0]; bias_and_loss[1] += block_bias_and_loss[1];
    bias_and_loss[2] += block_bias_and_loss[2]; bias_and_loss[3] += block_bias_and_loss[3];
  }
}

fn add(m: u32, first_entry: u32, x: mat4x4f, column: u32, quad: u32) {
  let entry_count = arrayLength(&model_list);
  let entry = min(first_entry + m, entry_count - 1);
  let r = residuals[entry * config.quad_count + quad];
  block[m] += r * x;  // four dot products
  if (column == 0) {
    var loss = dot(r, r);
    if (KEEPS_LOSSES) {
      loss = dot(residuals[(entry_count + entry) * config.quad_count + quad], vec4f(1));
    }
    block_bias_and_loss[m] += vec2f((r.x + r.y) + (r.z + r.w), loss);
  }
}

fn write(entry: u32, columns: vec4f, bias_and_loss: vec2f, column: u32, partial: u32, lane: u32) {
  let d = config.feature_count;
  let total = summed(columns, lane);
  let total_bias_and_loss = summed(vec4f(bias_and_loss, 0, 0), lane);
  if (!writes_partial(lane) || entry >= arrayLength(&model_list)) {
    return;
  }
  let at = (model_list[entry].model * config.partial_count + partial) * (d + 2);
  for (var i = 0u; i < min(4, d - column); i++) {
    partials[at + column + i] = total[i];
  }
  if (column == 0) {
    partials[at + d] = total_bias_and_loss.x;
    partials[at + d + 1] = total_bias_and_loss.y;
  }
}
