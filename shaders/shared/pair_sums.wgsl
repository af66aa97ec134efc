// The tree of workgroup_sum.wgsl for many sums at once: PAIRS pairs of features, and last (Σ r, Σ r²). Each lane
// stores its SUMS values in lane_sums, all lanes call add_up, and then total(i) is the i-th sum of the workgroup.

const SUMS = PAIRS + 1;
const RADIX = 8u;  // workgroup_size is a multiple of it

var<workgroup> lane_sums: array<vec2f, workgroup_size * SUMS>;  // [workgroup_size, SUMS]
var<workgroup> first_sums: array<vec2f, RADIX * SUMS>;          // [RADIX, SUMS]

fn add_up(lane: u32) {
  workgroupBarrier();
  for (var i = lane; i < RADIX * SUMS; i += workgroup_size) {
    let first = i / SUMS * (workgroup_size / RADIX);
    for (var l = first; l < first + workgroup_size / RADIX; l++) {
      first_sums[i] += lane_sums[l * SUMS + i % SUMS];
    }
  }
  workgroupBarrier();
}

fn total(sum: u32) -> vec2f {
  var total = vec2f(0);
  for (var i = 0u; i < RADIX; i++) {
    total += first_sums[i * SUMS + sum];
  }
  return total;
}
