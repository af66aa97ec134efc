// many_residual: r as residual computes it, of MODELS models at a time, for any number of features. Four examples per
// with: many_wide config model_list all_stopped targets/* storage/* loss/* example_weight/quad_*
// invocation; each number of X is read once for all of them.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<Stored>;         // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;           // [columns, quads]
@group(0) @binding(3) var<storage, read> jobs: array<Job>;                // the models that train on this shard
@group(0) @binding(4) var<storage, read> parameters: array<f32>;          // [models, d + 1] weights, then the bias
@group(0) @binding(5) var<storage, read> progress: array<Progress>;       // [models]
@group(0) @binding(6) var<storage, read_write> residuals: array<vec4f>;   // [jobs, quads], then twice the losses [jobs, quads]

override workgroup_size: u32 = 256;

@compute @workgroup_size(workgroup_size)
fn many_residual(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let first_job = workgroup.x * MODELS;
  if (all_stopped(first_job)) {
    return;
  }
  choose_models(first_job);
  choose_targets(first_job);
  let share = share_of(config.quad_count, workgroup.y, workgroups.y);
  for (var quad = share.x + lane; quad < share.y; quad += 2 * workgroup_size) {
    let other = partner(quad, share.y);
    find_errors(quad, other);
    write_all(first_job, quad, e);
    if (other < config.quad_count) {
      write_all(first_job, other, f);
    }
  }
}

fn write_all(first_job: u32, quad: u32, errors: array<vec4f, 4>) {
  read_targets(quad);
  write(first_job, quad, errors[0], target_of(0, quad));
  if (MODELS > 1) { write(first_job + 1, quad, errors[1], target_of(1, quad)); }
  if (MODELS > 2) { write(first_job + 2, quad, errors[2], target_of(2, quad)); }
  if (MODELS > 3) { write(first_job + 3, quad, errors[3], target_of(3, quad)); }
}

fn write(job: u32, quad: u32, error: vec4f, y: vec4f) {
  let quads = config.quad_count;
  let job_count = arrayLength(&jobs);
  if (job < job_count) {
    residuals[job * quads + quad] = counted(slope(error, y), quad);
    if (KEEPS_LOSSES) {
      residuals[(job_count + job) * quads + quad] = counted(twice_loss(error, y), quad);
    }
  }
}
