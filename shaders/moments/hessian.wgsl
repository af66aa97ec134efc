// hessian: the sums of the Hessian, Σ c·[1 x][1 x]ᵀ, for the second derivatives c of the examples' losses.
// with: band config layout/* storage/* partial_sum/*
//
// Workgroup (k, i, J) sums the k-th share of the examples for a tile: rows 8·I to 8·I + 7 by columns 8·J to 8·J + 7, with I
// = first_tile + i and J ≤ I. These are 64 products of 16 loads, for four examples. Beyond the last feature it reads the
// last one again and writes nothing. Written out row by row, since registers have no index.
//
// The examples of later dispatches, those of other shards too, add to the same partials. The host sends enough workgroups that an
// invocation adds up few quads, so no sum in f32 grows long, and folds the partials in f64.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<uniform> band: Band;
@group(0) @binding(2) var<storage, read> features: array<Stored>;         // [d, quads] or [examples, row_quads]
@group(0) @binding(3) var<storage, read> curvatures: array<vec4f>;        // [quads]
@group(0) @binding(4) var<storage, read_write> partials: array<f32>;      // [partials, sum_count]

override workgroup_size: u32 = 64;

@compute @workgroup_size(workgroup_size)
fn hessian(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let row_tile = band.first_tile + workgroup.y;
  let column_tile = workgroup.z;
  if (column_tile > row_tile) {
    return;
  }
  let row_at0 = block_at(2 * row_tile);
  let row_at1 = block_at(2 * row_tile + 1);
  let column_at0 = block_at(2 * column_tile);
  let column_at1 = block_at(2 * column_tile + 1);
  var p0 = mat2x4f(); var p1 = mat2x4f(); var p2 = mat2x4f(); var p3 = mat2x4f();
  var p4 = mat2x4f(); var p5 = mat2x4f(); var p6 = mat2x4f(); var p7 = mat2x4f();
  var sums = mat2x4f();
  var sum = vec4f(0);
  let share = band_share(workgroup.x, workgroups.x);
  for (var quad = share.x + lane; quad < share.y; quad += workgroup_size) {
    let c = curvatures[quad];
    let z0 = weigh(block(column_at0, quad), c);
    let z1 = weigh(block(column_at1, quad), c);
    let x0 = block(row_at0, quad);
    p0 += mat2x4f(x0[0] * z0, x0[0] * z1);  // the products of a row with each column, over four examples
    p1 += mat2x4f(x0[1] * z0, x0[1] * z1);
    p2 += mat2x4f(x0[2] * z0, x0[2] * z1);
    p3 += mat2x4f(x0[3] * z0, x0[3] * z1);
    let x1 = block(row_at1, quad);
    p4 += mat2x4f(x1[0] * z0, x1[0] * z1);
    p5 += mat2x4f(x1[1] * z0, x1[1] * z1);
    p6 += mat2x4f(x1[2] * z0, x1[2] * z1);
    p7 += mat2x4f(x1[3] * z0, x1[3] * z1);
    if (row_tile == column_tile) {
      sums += mat2x4f(vec4f(1) * z0, vec4f(1) * z1);
      sum += c;
    }
  }
  let at = partial_of(workgroup.x, lane) * band.sum_count;
  let row = 8 * row_tile;
  let column = 8 * column_tile;
  write_row(at, row, column, p0, lane);
  write_row(at, row + 1, column, p1, lane);
  write_row(at, row + 2, column, p2, lane);
  write_row(at, row + 3, column, p3, lane);
  write_row(at, row + 4, column, p4, lane);
  write_row(at, row + 5, column, p5, lane);
  write_row(at, row + 6, column, p6, lane);
  write_row(at, row + 7, column, p7, lane);
  if (row_tile == column_tile) {
    let totals = mat2x4f(summed(sums[0], lane), summed(sums[1], lane));
    let total = summed(sum, lane);
    if (writes_partial(lane)) {
      for (var i = 0u; i < 8 && row + i < config.feature_count; i++) {
        put(at, row_begin(row + i), totals[i / 4][i % 4]);
      }
      if (row_tile == 0) {
        put(at, 0, dot(total, vec4f(1)));
      }
    }
  }
}

// A block, each example times its second derivative.
fn weigh(x: mat4x4f, c: vec4f) -> mat4x4f {
  return mat4x4f(c * x[0], c * x[1], c * x[2], c * x[3]);
}

fn write_row(at: u32, row: u32, column: u32, products: mat2x4f, lane: u32) {
  let totals = mat2x4f(summed(products[0], lane), summed(products[1], lane));
  if (writes_partial(lane) && row < config.feature_count) {
    for (var j = 0u; j < 8 && column + j <= row; j++) {
      put(at, row_begin(row) + 1 + column + j, totals[j / 4][j % 4]);
    }
  }
}
