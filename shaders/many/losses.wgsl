// losses: twice the loss at many points of the parameter space, for 1 to 16 features.
// with: many config model_list targets/shared storage/* loss/* example_weight/quad_*
//
// A lane takes MODELS points, and all lanes of a workgroup read the same examples: X is read once for all points of a
// workgroup, and no lane needs another.
//
// Workgroup (p, c) takes the c-th share of the examples for its points. There are enough shares that no sum in f32
// grows long (src/gpu/evaluate/losses.ts).

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<Stored>;         // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;           // [columns, quads]
@group(0) @binding(3) var<storage, read> model_list: array<ModelEntry>;   // [points]
@group(0) @binding(4) var<storage, read> parameters: array<f32>;          // [points, d + 1] weights, then the bias
@group(0) @binding(5) var<storage, read_write> partials: array<f32>;      // [points, partial_count]

override workgroup_size: u32 = 64;

var<private> block: array<f32, MODELS>;
var<private> sums: array<f32, MODELS>;

@compute @workgroup_size(workgroup_size)
fn losses(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let first_entry = (workgroup.x * workgroup_size + lane) * MODELS;
  load_models(first_entry);
  choose_targets(first_entry);
  let share = share_of(config.quad_count, workgroup.y, workgroups.y);
  let full_end = min(share.y, config.example_count / 4);
  var quad = share.x;
  while (quad < full_end) {
    block = array<f32, MODELS>();
    for (let end = min(full_end, quad + BLOCK); quad < end; quad++) {
      read_examples(quad);
      read_targets(quad);
      add_models(quad);
    }
    var block_copy = block;
    for (var m = 0u; m < MODELS; m++) {
      sums[m] += block_copy[m];
    }
  }
  if (quad < share.y) {  // the last quad is padded
    for (var m = 0u; m < MODELS; m++) {
      let entry = entry_at(first_entry + m);
      let y = targets[entry.column * config.quad_count + quad];
      sums[m] += weighted_losses(padded_errors(entry, quad), y, quad);
    }
  }
  for (var m = 0u; m < MODELS && first_entry + m < arrayLength(&model_list); m++) {
    let point = model_list[first_entry + m].model;
    partials[point * config.partial_count + config.first_partial + workgroup.y] = sums[m];
  }
}

// Adds four examples to the block of point m, which is known when the kernel is compiled. The bias comes last, when
// only the residual remains to be rounded: added earlier, it would round alike for all targets of one size, and so
// would the error.
fn add_model(m: u32, quad: u32) {
  let y = target_of(m, quad);
  let e = plus_product(m, -origin(y)) + biases[m];
  block[m] += weighted_losses(e, y, quad);
}
