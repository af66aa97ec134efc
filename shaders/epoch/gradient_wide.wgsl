// gradient_wide: the sums of gradient for many features where fused_wide does not run; the same partials as gradient.
// with: batch_range config storage/* partial_sum/*
//
// Eight columns to a workgroup, so that each residual is read once for eight products instead of once for each.
// Workgroup (c, g) sums the c-th share of the examples for features 8·g to 8·g + 7. Beyond the last feature it reads
// the last one again and writes nothing. Written out pair by pair, since registers have no index.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<Stored>;         // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> residuals: array<vec4f>;         // [quads], then twice the losses [quads]
@group(0) @binding(3) var<storage, read> progress: array<Progress>;       // [1]
@group(0) @binding(4) var<storage, read_write> partials: array<f32>;      // [partial_count, d + 2]

override workgroup_size: u32 = 64;

const COLUMNS = 8u;

@compute @workgroup_size(workgroup_size)
fn gradient_wide(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let first = COLUMNS * (workgroup.y + workgroup.z * workgroups.y);
  let d = config.feature_count;
  if (progress[0].stop_reason != RUNNING || first >= d) {
    return;
  }
  let quads = config.quad_count;
  let share = batch_share(workgroup.x, workgroups.x);
  let at0 = pair_at(first); let at1 = pair_at(first + 2); let at2 = pair_at(first + 4); let at3 = pair_at(first + 6);
  var g0 = vec2f(0); var g1 = vec2f(0); var g2 = vec2f(0); var g3 = vec2f(0);
  var bias_and_loss = vec2f(0);
  var quad = share.x + lane;
  while (quad < share.y) {
    var b0 = vec2f(0); var b1 = vec2f(0); var b2 = vec2f(0); var b3 = vec2f(0);
    var block = vec2f(0);
    for (let end = min(share.y, quad + BLOCK * workgroup_size); quad < end; quad += workgroup_size) {
      let r = residuals[quad];
      b0 += r * pair(at0, quad);
      b1 += r * pair(at1, quad);
      b2 += r * pair(at2, quad);
      b3 += r * pair(at3, quad);
      var loss = dot(r, r);
      if (KEEPS_LOSSES) {
        loss = dot(residuals[quads + quad], vec4f(1));
      }
      block += vec2f(dot(r, vec4f(1)), loss);
    }
    g0 += b0; g1 += b1; g2 += b2; g3 += b3;
    bias_and_loss += block;
  }
  let at = (config.first_partial + partial_of(workgroup.x, lane)) * (d + 2);
  write_sums(at, first, vec4f(g0, g1), lane);
  write_sums(at, first + 4, vec4f(g2, g3), lane);
  let total = summed(vec4f(bias_and_loss, 0, 0), lane);
  if (first == 0 && writes_partial(lane)) {
    partials[at + d] = total.x;
    partials[at + d + 1] = total.y;
  }
}

fn write_sums(at: u32, row: u32, sums: vec4f, lane: u32) {
  let total = summed(sums, lane);
  if (writes_partial(lane)) {
    for (var i = 0u; i < 4 && row + i < config.feature_count; i++) {
      partials[at + row + i] = total[i];
    }
  }
}

// Columns j and j + 1 of one quad; `at` holds the beginnings of the columns.
fn pair(at: vec2u, quad: u32) -> mat2x4f {
  return mat2x4f(four(features[at.x + quad]), four(features[at.y + quad]));
}

// The beginnings of columns j and j + 1, or of the last column.
fn pair_at(j: u32) -> vec2u {
  return min(vec2u(j, j + 1), vec2u(config.feature_count - 1)) * config.quad_count;
}
