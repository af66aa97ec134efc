// Every workgroup writes a partial: its lanes add up in a tree of fixed shape. For hardware, where barriers are cheap
// and lanes are many. Two levels keep the barriers few.

const RADIX = 8u;  // workgroup_size is a multiple of it

var<workgroup> lane_sums: array<vec4f, workgroup_size>;
var<workgroup> first_sums: array<vec4f, RADIX>;

// The number of the partial that a lane adds to; a dispatch writes as many partials as it has workgroups.
fn partial_of(workgroup: u32, lane: u32) -> u32 {
  return workgroup;
}

fn writes_partial(lane: u32) -> bool {
  return lane == 0;
}

// The sum of the values of one partial. Called by all lanes of a workgroup, any number of times.
fn summed(value: vec4f, lane: u32) -> vec4f {
  workgroupBarrier();  // until all lanes have read the sums before
  lane_sums[lane] = value;
  workgroupBarrier();
  if (lane < RADIX) {
    var sum = vec4f(0);
    for (var i = lane * (workgroup_size / RADIX); i < (lane + 1) * (workgroup_size / RADIX); i++) {
      sum += lane_sums[i];
    }
    first_sums[lane] = sum;
  }
  workgroupBarrier();
  var total = vec4f(0);
  for (var i = 0u; i < RADIX; i++) {
    total += first_sums[i];
  }
  return total;
}
