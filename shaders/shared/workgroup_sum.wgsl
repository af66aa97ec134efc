// The sum of one value per lane, by a tree of fixed shape; the same in every lane. Call it once, from all lanes of
// a workgroup. Two levels of eight keep the barriers few: a barrier costs more than the additions that it spares.

const RADIX = 8u;  // workgroup_size is a multiple of it

var<workgroup> lane_sums: array<vec2f, workgroup_size>;
var<workgroup> first_sums: array<vec2f, RADIX>;

fn workgroup_sum(value: vec2f, lane: u32) -> vec2f {
  lane_sums[lane] = value;
  workgroupBarrier();
  if (lane < RADIX) {
    var sum = vec2f(0);
    for (var i = lane * (workgroup_size / RADIX); i < (lane + 1) * (workgroup_size / RADIX); i++) {
      sum += lane_sums[i];
    }
    first_sums[lane] = sum;
  }
  workgroupBarrier();
  var total = vec2f(0);
  for (var i = 0u; i < RADIX; i++) {
    total += first_sums[i];
  }
  return total;
}
