// losses_wide: twice the loss at many points of the parameter space, for any number of features.
// with: many_wide config model_list targets/shared storage/* partial_sum/* loss/* example_weight/quad_*
//
// MODELS points at a time, 1 to 4. Workgroup (p, c) takes the c-th share of the examples for its points.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<Stored>;         // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;           // [columns, quads]
@group(0) @binding(3) var<storage, read> model_list: array<ModelEntry>;   // [points]
@group(0) @binding(4) var<storage, read> parameters: array<f32>;          // [points, d + 1] weights, then the bias
@group(0) @binding(5) var<storage, read_write> partials: array<f32>;      // [points, partial_count]

override workgroup_size: u32 = 64;

@compute @workgroup_size(workgroup_size)
fn losses_wide(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let first_entry = workgroup.x * MODELS;
  choose_models(first_entry);
  choose_targets(first_entry);
  let share = share_of(config.quad_count, workgroup.y, workgroups.y);
  var sums = vec4f(0);
  var quad = share.x + lane;
  while (quad < share.y) {
    var block = vec4f(0);
    for (let end = min(share.y, quad + BLOCK * workgroup_size); quad < end; quad += 2 * workgroup_size) {
      let second_quad = second_quad_of(quad, share.y);
      find_errors(quad, second_quad);
      block += all_losses(quad, e);
      block += all_losses(second_quad, f);
    }
    sums += block;
  }
  let total = summed(sums, lane);
  let partial = config.first_partial + partial_of(workgroup.y, lane);
  for (var m = 0u; m < MODELS && first_entry + m < arrayLength(&model_list); m++) {
    if (writes_partial(lane)) {
      partials[model_list[first_entry + m].model * config.partial_count + partial] = total[m];
    }
  }
}

// The sum of twice the losses of four examples for each model; 0 for a quad beyond the last.
fn all_losses(quad: u32, errors: array<vec4f, 4>) -> vec4f {
  var sums = vec4f(0);
  if (quad < config.quad_count) {
    read_targets(quad);
    sums[0] = weighted_losses(errors[0], target_of(0, quad), quad);
    if (MODELS > 1) { sums[1] = weighted_losses(errors[1], target_of(1, quad), quad); }
    if (MODELS > 2) { sums[2] = weighted_losses(errors[2], target_of(2, quad), quad); }
    if (MODELS > 3) { sums[3] = weighted_losses(errors[3], target_of(3, quad), quad); }
  }
  return sums;
}
