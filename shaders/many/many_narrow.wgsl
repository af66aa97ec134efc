// many_narrow: residual and gradient of MODELS models in one pass over X, for 1 to 16 features.
// with: many config model_list all_stopped targets/* storage/* partial_sum/* loss/* example_weight/quad_*
//
// For each model the same partials as gradient. How models and examples lie in registers is in shared/many.wgsl.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<Stored>;         // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;           // [columns, quads]
@group(0) @binding(3) var<storage, read> model_list: array<ModelEntry>;   // the models that train on this shard
@group(0) @binding(4) var<storage, read> parameters: array<f32>;          // [models, d + 1] weights, then the bias
@group(0) @binding(5) var<storage, read> progress: array<Progress>;       // [models]
@group(0) @binding(6) var<storage, read_write> partials: array<f32>;      // [models, partial_count, d + 2]

override workgroup_size: u32 = 64;

const SUMS = FEATURES + 2;

var<private> block: array<f32, MODELS * SUMS>;  // of the current block of quads, in registers
var<private> sums: array<f32, MODELS * SUMS>;   // of the blocks before it, in memory

@compute @workgroup_size(workgroup_size)
fn many_narrow(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let first_entry = workgroup.x * MODELS;
  if (all_stopped(first_entry)) {
    return;
  }
  load_models(first_entry);
  choose_targets(first_entry);
  let share = share_of(config.quad_count, workgroup.y, workgroups.y);
  let full_end = min(share.y, config.example_count / 4);
  var quad = share.x + lane;
  while (quad < full_end) {
    block = array<f32, MODELS * SUMS>();
    for (let end = min(full_end, quad + BLOCK * workgroup_size); quad < end; quad += workgroup_size) {
      read_examples(quad);
      read_targets(quad);
      add_models(quad);
    }
    var block_copy = block;
    for (var i = 0u; i < MODELS * SUMS; i++) {
      sums[i] += block_copy[i];
    }
  }
  if (quad < share.y) {  // the last quad is padded; it falls to the lane whose turn it is
    add_padded(first_entry, quad);
  }
  for (var m = 0u; m < MODELS; m++) {
    write_sums(m, first_entry + m, partial_of(workgroup.y, lane), lane);
  }
}

// Adds four examples to the block of model m, which is known when the kernel is compiled.
fn add_model(m: u32, quad: u32) {
  let y = target_of(m, quad);
  let e = plus_product(m, biases[m] - origin(y));
  let r = weighted(slope(e, y), quad);
  let at = m * SUMS;
  block[at] += dot(r, x[0]);
  if (FEATURES > 1) { block[at + 1] += dot(r, x[1]); }
  if (FEATURES > 2) { block[at + 2] += dot(r, x[2]); }
  if (FEATURES > 3) { block[at + 3] += dot(r, x[3]); }
  if (FEATURES > 4) { block[at + 4] += dot(r, x[4]); }
  if (FEATURES > 5) { block[at + 5] += dot(r, x[5]); }
  if (FEATURES > 6) { block[at + 6] += dot(r, x[6]); }
  if (FEATURES > 7) { block[at + 7] += dot(r, x[7]); }
  if (FEATURES > 8) { block[at + 8] += dot(r, x[8]); }
  if (FEATURES > 9) { block[at + 9] += dot(r, x[9]); }
  if (FEATURES > 10) { block[at + 10] += dot(r, x[10]); }
  if (FEATURES > 11) { block[at + 11] += dot(r, x[11]); }
  if (FEATURES > 12) { block[at + 12] += dot(r, x[12]); }
  if (FEATURES > 13) { block[at + 13] += dot(r, x[13]); }
  if (FEATURES > 14) { block[at + 14] += dot(r, x[14]); }
  if (FEATURES > 15) { block[at + 15] += dot(r, x[15]); }
  block[at + FEATURES] += (r.x + r.y) + (r.z + r.w);
  block[at + FEATURES + 1] += weighted_losses(e, y, quad);
}

// Adds the examples of a quad that is padded to the sums of all models.
fn add_padded(first_entry: u32, quad: u32) {
  let quads = config.quad_count;
  for (var m = 0u; m < MODELS; m++) {
    let entry = entry_at(first_entry + m);
    let y = targets[entry.column * quads + quad];
    let e = padded_errors(entry, quad);
    let r = weighted(slope(e, y), quad);
    for (var j = 0u; j < FEATURES; j++) {
      sums[m * SUMS + j] += dot(r, four(features[j * quads + quad]));
    }
    sums[m * SUMS + FEATURES] += (r.x + r.y) + (r.z + r.w);
    sums[m * SUMS + FEATURES + 1] += weighted_losses(e, y, quad);
  }
}

// Writes the partial of model m, four sums at a time; nothing beyond the end of the list.
fn write_sums(m: u32, entry: u32, partial: u32, lane: u32) {
  let at = (entry_at(entry).model * config.partial_count + config.first_partial + partial) * SUMS;
  for (var row = 0u; row < SUMS; row += 4) {
    var four_sums = vec4f(0);
    for (var i = 0u; i < min(4, SUMS - row); i++) {
      four_sums[i] = sums[m * SUMS + row + i];
    }
    let total = summed(four_sums, lane);
    if (writes_partial(lane) && entry < arrayLength(&model_list)) {
      for (var i = 0u; i < min(4, SUMS - row); i++) {
        partials[at + row + i] = total[i];
      }
    }
  }
}
