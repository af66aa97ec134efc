// import_rows: rows of a caller's table into a buffer that training reads, each number as (x − centre)·scale.
// with: config storage/*
//
// A quad per invocation. With ROWS, which the host appends, a quad is four features of an example; otherwise four
// examples of a feature, and neighbours take neighbouring features, so that they read neighbouring numbers. The padding
// of the buffer is zero before and stays zero.

@group(0) @binding(0) var<uniform> piece: Piece;
@group(0) @binding(1) var<storage, read> table: array<f32>;               // [rows, n] row-major
@group(0) @binding(2) var<storage, read> centers: array<vec2f>;           // [n] a scale, and the centre times the scale
@group(0) @binding(3) var<storage, read_write> imported: array<Stored>;   // [n, quads]; with ROWS [examples, row_quads]

override workgroup_size: u32 = 256;

struct Piece {
  first_row: u32,      // of the rows to import, in the table
  row_count: u32,
  first_example: u32,  // their place in the buffer; without ROWS a multiple of four
  column_count: u32,   // n
  quad_count: u32,     // quads of examples in the buffer
  row_quads: u32,      // with ROWS: quads of features in a row of the buffer, ⌈n/4⌉ or more
  first_column: u32,   // without ROWS: the place of the table's first column in the buffer
}

@compute @workgroup_size(workgroup_size)
fn import_rows(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let n = piece.column_count;
  let filled = (n + 3) / 4;
  let items = select((piece.row_count + 3) / 4 * n, piece.row_count * filled, ROWS);
  let share = share_of(items, workgroup.x, workgroups.x);
  for (var item = share.x + lane; item < share.y; item += workgroup_size) {
    var quad = vec4f(0);
    if (ROWS) {
      let row = item / filled;
      let column = 4 * (item % filled);
      for (var k = 0u; k < 4 && column + k < n; k++) {
        quad[k] = placed(row, column + k);
      }
      imported[(piece.first_example + row) * piece.row_quads + column / 4] = stored(quad);
    } else {
      let row = 4 * (item / n);
      let column = item % n;
      for (var k = 0u; k < 4 && row + k < piece.row_count; k++) {
        quad[k] = placed(row + k, column);
      }
      imported[(piece.first_column + column) * piece.quad_count + (piece.first_example + row) / 4] = stored(quad);
    }
  }
}

fn placed(row: u32, column: u32) -> f32 {
  let center = centers[column];
  return table[(piece.first_row + row) * piece.column_count + column] * center.x - center.y;
}
