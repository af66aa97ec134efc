// gradient: the sums over all examples from which update makes the gradient and the loss.
// with: batch_range config storage/* partial_sum/*
//
// Row j of the sums is Σ r·xⱼ for the weights; row d takes 1 for x, for the bias. Row d + 1 is for the loss: twice the
// loss of each example, which is r² unless it is stored next to r (KEEPS_LOSSES, appended by the host). Workgroup (c,
// j) sums the c-th share of the examples for row j and writes a partial, which the next dispatch, update, folds. Shares
// and tree are fixed, so the same adapter gives the same bits every time.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<Stored>;         // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> residuals: array<vec4f>;         // [quads], then twice the losses [quads]
@group(0) @binding(3) var<storage, read> progress: array<Progress>;       // [1]
@group(0) @binding(4) var<storage, read_write> partials: array<f32>;      // [partial_count, d + 2]

override workgroup_size: u32 = 64;

@compute @workgroup_size(workgroup_size)
fn gradient(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let d = config.feature_count;
  let row = workgroup.y + workgroup.z * workgroups.y;
  if (progress[0].stop_reason != RUNNING || row > d + 1) {
    return;
  }
  let quads = config.quad_count;
  let first = row * quads;
  let share = batch_share(workgroup.x, workgroups.x);
  var sums = vec4f(0);
  var quad = share.x + lane;
  while (quad < share.y) {
    var block = vec4f(0);
    for (let end = min(share.y, quad + BLOCK * workgroup_size); quad < end; quad += workgroup_size) {
      let r = residuals[quad];
      if (row < d) {
        block += r * four(features[first + quad]);
      } else if (row == d) {
        block += r;
      } else if (KEEPS_LOSSES) {
        block += residuals[quads + quad];
      } else {
        block += r * r;
      }
    }
    sums += block;
  }
  let total = summed(sums, lane);
  if (writes_partial(lane)) {
    partials[(config.first_partial + partial_of(workgroup.x, lane)) * (d + 2) + row] = dot(total, vec4f(1));
  }
}
