// many_gradient: the sums of gradient for MODELS models at a time, 1 to 4, for any number of features. Four columns to a
// with: config model_list all_stopped storage/* partial_sum/*
// workgroup, so that four loads of X and one of residuals for each model serve as many times four products.
//
// Workgroup (p, c, g) sums the c-th share of the examples for its models and columns 4·g to 4·g + 3; the first columns
// come with Σ r and the losses. Beyond the last feature it reads the last one again and writes nothing.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<Stored>;         // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> residuals: array<vec4f>;         // [jobs, quads], then twice the losses [jobs, quads]
@group(0) @binding(3) var<storage, read> jobs: array<Job>;                // the models that train on this shard
@group(0) @binding(4) var<storage, read> progress: array<Progress>;       // [models]
@group(0) @binding(5) var<storage, read_write> partials: array<f32>;      // [models, partial_count, d + 2]

override workgroup_size: u32 = 64;

// Σ r·x for four columns, and (Σ r, twice the losses); first of the block of quads at hand.
var<private> block: array<vec4f, 4>;
var<private> block_rest: array<vec2f, 4>;
var<private> sums: array<vec4f, 4>;
var<private> rest: array<vec2f, 4>;

@compute @workgroup_size(workgroup_size)
fn many_gradient(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let first_job = workgroup.x * MODELS;
  if (all_stopped(first_job)) {
    return;
  }
  let partial = config.first_partial + partial_of(workgroup.y, lane);
  let share = share_of(config.quad_count, workgroup.y, workgroups.y);
  for (var column = 4 * workgroup.z; column < config.feature_count; column += 4 * workgroups.z) {
    sums = array<vec4f, 4>();
    rest = array<vec2f, 4>();
    sum_quads(first_job, column, share.x + lane, share.y);
    write(first_job, sums[0], rest[0], column, partial, lane);
    if (MODELS > 1) { write(first_job + 1, sums[1], rest[1], column, partial, lane); }
    if (MODELS > 2) { write(first_job + 2, sums[2], rest[2], column, partial, lane); }
    if (MODELS > 3) { write(first_job + 3, sums[3], rest[3], column, partial, lane); }
  }
}

fn sum_quads(first_job: u32, column: u32, first: u32, last: u32) {
  let quads = config.quad_count;
  let begins = min(column + vec4u(0, 1, 2, 3), vec4u(config.feature_count - 1)) * quads;
  var quad = first;
  while (quad < last) {
    block = array<vec4f, 4>();
    block_rest = array<vec2f, 4>();
    for (let end = min(last, quad + BLOCK * workgroup_size); quad < end; quad += workgroup_size) {
      let x = mat4x4f(
        four(features[begins.x + quad]), four(features[begins.y + quad]),
        four(features[begins.z + quad]), four(features[begins.w + quad]),
      );
      add(0, first_job, x, column, quad);
      if (MODELS > 1) { add(1, first_job, x, column, quad); }
      if (MODELS > 2) { add(2, first_job, x, column, quad); }
      if (MODELS > 3) { add(3, first_job, x, column, quad); }
    }
    sums[0] += block[0]; sums[1] += block[1]; sums[2] += block[2]; sums[3] += block[3];
    rest[0] += block_rest[0]; rest[1] += block_rest[1]; rest[2] += block_rest[2]; rest[3] += block_rest[3];
  }
}

fn add(m: u32, first_job: u32, x: mat4x4f, column: u32, quad: u32) {
  let job_count = arrayLength(&jobs);
  let job = min(first_job + m, job_count - 1);
  let r = residuals[job * config.quad_count + quad];
  block[m] += r * x;  // four dot products
  if (column == 0) {
    var loss = dot(r, r);
    if (KEEPS_LOSSES) {
      loss = dot(residuals[(job_count + job) * config.quad_count + quad], vec4f(1));
    }
    block_rest[m] += vec2f((r.x + r.y) + (r.z + r.w), loss);
  }
}

fn write(job: u32, columns: vec4f, rest: vec2f, column: u32, partial: u32, lane: u32) {
  let d = config.feature_count;
  let total = summed(columns, lane);
  let total_rest = summed(vec4f(rest, 0, 0), lane);
  if (!writes(lane) || job >= arrayLength(&jobs)) {
    return;
  }
  let at = (jobs[job].model * config.partial_count + partial) * (d + 2);
  for (var i = 0u; i < min(4, d - column); i++) {
    partials[at + column + i] = total[i];
  }
  if (column == 0) {
    partials[at + d] = total_rest.x;
    partials[at + d + 1] = total_rest.y;
  }
}
