// many_residual: r as residual computes it, for MODELS models at a time, 1 to 4, for any number of features.
// with: many_wide config model_list all_stopped targets/* storage/* loss/* example_weight/quad_*
//
// Four examples per invocation; each number of X is read once for all models.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<Stored>;         // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;           // [columns, quads]
@group(0) @binding(3) var<storage, read> model_list: array<ModelEntry>;   // the models that train on this shard
@group(0) @binding(4) var<storage, read> parameters: array<f32>;          // [models, d + 1] weights, then the bias
@group(0) @binding(5) var<storage, read> progress: array<Progress>;       // [models]
@group(0) @binding(6) var<storage, read_write> residuals: array<vec4f>;   // [entries, quads], then twice the losses, as many

override workgroup_size: u32 = 256;

@compute @workgroup_size(workgroup_size)
fn many_residual(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let first_entry = workgroup.x * MODELS;
  if (all_stopped(first_entry)) {
    return;
  }
  choose_models(first_entry);
  choose_targets(first_entry);
  let share = share_of(config.quad_count, workgroup.y, workgroups.y);
  for (var quad = share.x + lane; quad < share.y; quad += 2 * workgroup_size) {
    let second_quad = second_quad_of(quad, share.y);
    find_errors(quad, second_quad);
    write_all(first_entry, quad, e);
    if (second_quad < config.quad_count) {
      write_all(first_entry, second_quad, f);
    }
  }
}

fn write_all(first_entry: u32, quad: u32, errors: array<vec4f, 4>) {
  read_targets(quad);
  write(first_entry, quad, errors[0], target_of(0, quad));
  if (MODELS > 1) { write(first_entry + 1, quad, errors[1], target_of(1, quad)); }
  if (MODELS > 2) { write(first_entry + 2, quad, errors[2], target_of(2, quad)); }
  if (MODELS > 3) { write(first_entry + 3, quad, errors[3], target_of(3, quad)); }
}

fn write(entry: u32, quad: u32, error: vec4f, y: vec4f) {
  let quads = config.quad_count;
  let entry_count = arrayLength(&model_list);
  if (entry < entry_count) {
    residuals[entry * quads + quad] = weighted(slope(error, y), quad);
    if (KEEPS_LOSSES) {
      residuals[(entry_count + entry) * quads + quad] = weighted(twice_loss(error, y), quad);
    }
  }
}
