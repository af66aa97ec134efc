// The sum of one value per lane, by a tree of fixed shape; the same in every lane. For kernels whose
// workgroup_size is a power of two. Call it from all lanes of a workgroup or from none.

var<workgroup> lane_sums: array<f32, workgroup_size>;

fn workgroup_sum(value: f32, lane: u32) -> f32 {
  lane_sums[lane] = value;
  workgroupBarrier();
  for (var half = workgroup_size / 2; half > 0; half /= 2) {
    if (lane < half) {
      lane_sums[lane] += lane_sums[lane + half];
    }
    workgroupBarrier();
  }
  let total = lane_sums[0];
  workgroupBarrier();  // all have read it before the next sum overwrites it
  return total;
}
