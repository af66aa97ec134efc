// survey: what must be known of each column of a caller's table before it is trained on: its sums about a centre, its
// least and greatest number, and the first that is not finite.
//
// Invocation t works for column t mod n. It reads every (S·n)th number of the table from t on: always one of its column,
// and neighbours read neighbours. The host folds what the S invocations of a column found, in f64.

@group(0) @binding(0) var<uniform> config: Config;                        // n is feature_count, S is partial_count
@group(0) @binding(1) var<storage, read> table: array<u32>;               // [m, n] row-major, f32 by their bits
@group(0) @binding(2) var<storage, read> centers: array<vec2f>;           // [n] a scale, and the centre times the scale
@group(0) @binding(3) var<storage, read_write> found: array<Found>;       // [S, n]

override workgroup_size: u32 = 256;

struct Found {
  sum: f32,           // Σ z with z = (x − centre)·scale
  squares: f32,       // Σ z²
  least: f32,         // x; greater than the greatest where there is none
  greatest: f32,
  strange: u32,       // the index in the table of the first that is not finite; past its end where all are
  strange_bits: u32,
}

const MOST = 0x1.fffffep+127f;

@compute @workgroup_size(workgroup_size)
fn survey(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let n = config.feature_count;
  let count = config.example_count * n;
  let stride = config.partial_count * n;
  let t = (workgroup.x + workgroup.y * workgroups.x) * workgroup_size + lane;
  if (t >= stride) {
    return;
  }
  let center = centers[t % n];
  var all = Found(0, 0, MOST, -MOST, 0xffffffffu, 0);
  var i = t;
  while (i < count) {
    var block = vec2f(0);
    for (var k = 0u; k < BLOCK && i < count; k++) {
      let bits = table[i];
      if ((bits & 0x7f800000u) != 0x7f800000u) {
        let x = bitcast<f32>(bits);
        let z = x * center.x - center.y;
        block += vec2f(z, z * z);
        all.least = min(all.least, x);
        all.greatest = max(all.greatest, x);
      } else if (all.strange > i) {
        all.strange = i;
        all.strange_bits = bits;
      }
      i += stride;
    }
    all.sum += block.x;
    all.squares += block.y;
  }
  found[t] = all;
}
