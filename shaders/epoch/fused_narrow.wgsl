// fused_narrow: residual and gradient in one pass over X, for 1 to 16 features; the same partials as gradient.
// with: narrow batch_range config storage/* partial_sum/* loss/* example_weight/quad_*
//
// X is read once instead of twice, and the residuals never leave the registers. Four examples per load. How the
// registers take in four examples is in shared/narrow.wgsl.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<Stored>;         // [d, quads] feature-major
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;           // [quads]
@group(0) @binding(3) var<storage, read> parameters: array<f32>;          // [d + 1] weights, then the bias
@group(0) @binding(4) var<storage, read> progress: array<Progress>;       // [1]
@group(0) @binding(5) var<storage, read_write> partials: array<f32>;      // [partial_count, d + 2]

override workgroup_size: u32 = 64;

@compute @workgroup_size(workgroup_size)
fn fused_narrow(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  if (progress[0].stop_reason != RUNNING) {
    return;
  }
  let share = batch_share(workgroup.x, workgroups.x);
  load_weights();
  sum_quads(share.x + lane, share.y, workgroup_size);
  let at = (config.first_partial + partial_of(workgroup.x, lane)) * (FEATURES + 2);
  write_sums(at, 0, vec4f(g0, g1, g2, g3), lane);
  if (FEATURES > 4) { write_sums(at, 4, vec4f(g4, g5, g6, g7), lane); }
  if (FEATURES > 8) { write_sums(at, 8, vec4f(g8, g9, g10, g11), lane); }
  if (FEATURES > 12) { write_sums(at, 12, vec4f(g12, g13, g14, g15), lane); }
  let totals = summed(vec4f(sum, loss_sum, 0, 0), lane);
  if (writes_partial(lane)) {
    partials[at + FEATURES] = totals.x;
    partials[at + FEATURES + 1] = totals.y;
  }
}

// Writes up to four rows of sums: those up to the last feature.
fn write_sums(at: u32, row: u32, sums: vec4f, lane: u32) {
  let total = summed(sums, lane);
  if (writes_partial(lane)) {
    for (var i = 0u; i < min(4, FEATURES - row); i++) {
      partials[at + row + i] = total[i];
    }
  }
}

fn load_weights() {
  w0 = weight(0); w1 = weight(1); w2 = weight(2); w3 = weight(3);
  w4 = weight(4); w5 = weight(5); w6 = weight(6); w7 = weight(7);
  w8 = weight(8); w9 = weight(9); w10 = weight(10); w11 = weight(11);
  w12 = weight(12); w13 = weight(13); w14 = weight(14); w15 = weight(15);
  bias = parameters[FEATURES];
}

// Weight j, or zero beyond the last feature.
fn weight(j: u32) -> f32 {
  return select(0, parameters[min(j, FEATURES)], j < FEATURES);
}
