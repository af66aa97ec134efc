// Several lanes of a workgroup, `folders` of them, fold the partials of a parameter. For hardware, where partials are
// many and barriers are cheap.

override folders: u32 = 16;

var<workgroup> lane_sums: array<vec2f, workgroup_size>;

// The sum of the values of the lanes that fold one parameter: those `width` apart.
fn folded(value: vec2f, lane: u32, width: u32) -> vec2f {
  lane_sums[lane] = value;
  workgroupBarrier();
  var total = vec2f(0);
  for (var i = lane % width; i < workgroup_size; i += width) {
    total += lane_sums[i];
  }
  return total;
}
