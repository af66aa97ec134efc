// many_residual: r = X·w + b − y of MODELS models at a time, for any number of features. Four examples per invocation, as
// in residual; each number of X is read once for all of them.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<Stored>;         // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;           // [columns, quads]
@group(0) @binding(3) var<storage, read> jobs: array<Job>;                // the models that train on this shard
@group(0) @binding(4) var<storage, read> parameters: array<f32>;          // [models, d + 1] weights, then the bias
@group(0) @binding(5) var<storage, read> progress: array<Progress>;       // [models]
@group(0) @binding(6) var<storage, read_write> residuals: array<vec4f>;   // [jobs, quads]

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
    find_residuals(quad, other);
    write(0, first_job, quad, other);
    if (MODELS > 1) { write(1, first_job + 1, quad, other); }
    if (MODELS > 2) { write(2, first_job + 2, quad, other); }
    if (MODELS > 3) { write(3, first_job + 3, quad, other); }
  }
}

fn write(m: u32, job: u32, quad: u32, other: u32) {
  let quads = config.quad_count;
  if (job < arrayLength(&jobs)) {
    residuals[job * quads + quad] = r[m];
    if (other < quads) {
      residuals[job * quads + other] = s[m];
    }
  }
}
