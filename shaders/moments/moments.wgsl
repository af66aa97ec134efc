// moments: the sums for first and second moments about a shift, Σ z and Σ z·zᵀ for z = [x, y] − shift.
// with: config partial_sum/*
//
// There are n = d + t columns, the features and then the targets. x − shift is right to one rounding of itself,
// whatever the two are.
//
// Workgroup (c, I, J), J ≤ I, sums the c-th share of the quads for a tile: rows 4·I to 4·I + 3 by columns 4·J to
// 4·J + 3, sixteen products from eight loads. Beyond the last column it reads the last one again and writes nothing. Partials
// hold the lower triangle row by row: Σ zᵢ, then Σ zᵢ·zⱼ for j ≤ i. The host sends enough workgroups that an invocation
// adds up few quads, so no sum in f32 grows long, and folds the partials in f64. The last quad is padded with the
// shift, so that z is 0 and adds nothing.

@group(0) @binding(0) var<uniform> config: Config;                        // feature_count is that of the columns
@group(0) @binding(1) var<storage, read> columns: array<vec4f>;           // [n, quads] one column after another
@group(0) @binding(2) var<storage, read> shift: array<f32>;               // [n]
@group(0) @binding(3) var<storage, read_write> partials: array<f32>;      // [partials, n(n + 3)/2]

override workgroup_size: u32 = 64;

@compute @workgroup_size(workgroup_size)
fn moments(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let row = TILE * workgroup.y;
  let column = TILE * workgroup.z;
  if (column > row) {
    return;
  }
  let quads = config.quad_count;
  let row_at = quads * indices(row);
  let column_at = quads * indices(column);
  let row_shift = shifts(row);
  let column_shift = shifts(column);
  var p0 = vec4f(0); var p1 = vec4f(0); var p2 = vec4f(0); var p3 = vec4f(0);
  var sums = vec4f(0);
  let share = share_of(quads, workgroup.x, workgroups.x);
  for (var quad = share.x + lane; quad < share.y; quad += workgroup_size) {
    let z = mat4x4f(
      columns[column_at.x + quad] - column_shift.x,
      columns[column_at.y + quad] - column_shift.y,
      columns[column_at.z + quad] - column_shift.z,
      columns[column_at.w + quad] - column_shift.w,
    );
    p0 += (columns[row_at.x + quad] - row_shift.x) * z;  // the products of a row with each column, over four examples
    p1 += (columns[row_at.y + quad] - row_shift.y) * z;
    p2 += (columns[row_at.z + quad] - row_shift.z) * z;
    p3 += (columns[row_at.w + quad] - row_shift.w) * z;
    if (row == column) {
      sums += vec4f(1) * z;
    }
  }
  let n = config.feature_count;
  let at = (config.first_partial + partial_of(workgroup.x, lane)) * (n * (n + 3) / 2);
  write_row(at, row, column, p0, lane);
  write_row(at, row + 1, column, p1, lane);
  write_row(at, row + 2, column, p2, lane);
  write_row(at, row + 3, column, p3, lane);
  if (row == column) {
    let total = summed(sums, lane);
    if (writes_partial(lane)) {
      for (var i = 0u; i < TILE && row + i < n; i++) {
        partials[at + row_begin(row + i)] = total[i];
      }
    }
  }
}

fn write_row(at: u32, row: u32, column: u32, products: vec4f, lane: u32) {
  let total = summed(products, lane);
  if (writes_partial(lane) && row < config.feature_count) {
    for (var j = 0u; j < TILE && column + j <= row; j++) {
      partials[at + row_begin(row) + 1 + column + j] = total[j];
    }
  }
}

// The index in a partial at which a row begins: row i holds i + 2 numbers.
fn row_begin(row: u32) -> u32 {
  return row * (row + 3) / 2;
}

// The four columns of a tile; the last column again beyond the last.
fn indices(first: u32) -> vec4u {
  return min(first + vec4u(0, 1, 2, 3), vec4u(config.feature_count - 1));
}

fn shifts(first: u32) -> vec4f {
  let i = indices(first);
  return vec4f(shift[i.x], shift[i.y], shift[i.z], shift[i.w]);
}
