// column_statistics: sums about a centre, extremes and the first invalid number of each column of a caller's table.
// with: config example_weight/table_*
//
// Invocation t works for column t mod n and takes every Sth row of the range: neighbours read neighbouring numbers. The
// host folds the results of the S invocations of a column, in f64. The answer to example_weight decides the weight of a
// row, and so the remaining bindings. The host appends the constants LABELS, for columns of 0 and 1 only, and WEIGHTS,
// for columns without a number under 0.

@group(0) @binding(0) var<uniform> rows: Rows;
@group(0) @binding(1) var<storage, read> table: array<u32>;               // [m, n] row-major, f32 by their bits
@group(0) @binding(2) var<storage, read> centers: array<vec2f>;           // [n] a scale, and the centre times the scale

override workgroup_size: u32 = 256;

struct Rows {
  first: u32,         // of the range
  count: u32,
  column_count: u32,  // n
  share_count: u32,   // S
  weight_scale: f32,  // the factor on weights of rows
}

struct ColumnStatistics {
  sum: f32,           // Σ w·z with z = (x − centre)·scale and w the weight of the row
  squares: f32,       // Σ w·z²
  least: f32,         // x of the rows with a weight; greater than `greatest` if there are none
  greatest: f32,
  invalid_index: u32,  // index in the table of the first invalid number; past the end if all are valid
  invalid_bits: u32,
}

const MAX_F32 = 0x1.fffffep+127f;

@compute @workgroup_size(workgroup_size)
fn column_statistics(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let n = rows.column_count;
  let t = (workgroup.x + workgroup.y * workgroups.x) * workgroup_size + lane;
  if (t >= rows.share_count * n) {
    return;
  }
  let column = t % n;
  let center = centers[column];
  let end = rows.first + rows.count;
  var result = ColumnStatistics(0, 0, MAX_F32, -MAX_F32, 0xffffffffu, 0);
  var row = rows.first + t / n;
  while (row < end) {
    var block = vec2f(0);
    for (var k = 0u; k < BLOCK && row < end; k++) {
      let i = row * n + column;
      let bits = table[i];
      if (is_allowed(bits)) {
        let weight = weight_of(row);
        if (weight > 0) { // z may be infinite in a row of weight 0
          let x = bitcast<f32>(bits);
          let z = x * center.x - center.y;
          block += weight * vec2f(z, z * z);
          result.least = min(result.least, x);
          result.greatest = max(result.greatest, x);
        }
      } else if (result.invalid_index > i) {
        result.invalid_index = i;
        result.invalid_bits = bits;
      }
      row += rows.share_count;
    }
    result.sum += block.x;
    result.squares += block.y;
  }
  statistics[t] = result;
}

// True for a valid number, by its bits: compilers may assume that no number is NaN, and adapters may flush those next
// to 0 to 0.
fn is_allowed(bits: u32) -> bool {
  if (LABELS) {
    return (bits & 0x7fffffffu) == 0 || bits == 0x3f800000u;
  }
  return (bits & 0x7f800000u) != 0x7f800000u && !(WEIGHTS && bits > 0x80000000u);
}
