// A row of X in the registers of the lanes that share it, and the arithmetic of fused_wide on it. Needs the bindings
// config, features, parameters and partials, and LANES and SEGMENTS.
//
// Written out segment by segment, since registers have no index. The segments beyond SEGMENTS vanish when the kernel is
// compiled.

struct Segment { a: vec4f, b: vec4f, c: vec4f, d: vec4f }

struct Row {
  s0: Segment, s1: Segment, s2: Segment, s3: Segment, s4: Segment, s5: Segment, s6: Segment, s7: Segment,
}

// Loads a row, and returns the share of this lane in X·w. In place and by pointers, here and below: rows by value would be
// copied, which a software adapter pays for.
fn load_row(x: ptr<function, Row>, w: ptr<function, Row>, row: u32, column: u32) -> f32 {
  let at = row * config.row_quads + column;
  let first = segment(at, 0);
  (*x).s0 = first;
  var sum = product(first, (*w).s0);
  if (SEGMENTS > 1) { let s = segment(at, 1); (*x).s1 = s; sum += product(s, (*w).s1); }
  if (SEGMENTS > 2) { let s = segment(at, 2); (*x).s2 = s; sum += product(s, (*w).s2); }
  if (SEGMENTS > 3) { let s = segment(at, 3); (*x).s3 = s; sum += product(s, (*w).s3); }
  if (SEGMENTS > 4) { let s = segment(at, 4); (*x).s4 = s; sum += product(s, (*w).s4); }
  if (SEGMENTS > 5) { let s = segment(at, 5); (*x).s5 = s; sum += product(s, (*w).s5); }
  if (SEGMENTS > 6) { let s = segment(at, 6); (*x).s6 = s; sum += product(s, (*w).s6); }
  if (SEGMENTS > 7) { let s = segment(at, 7); (*x).s7 = s; sum += product(s, (*w).s7); }
  return sum;
}

// Neighbouring lanes read neighbouring quads of columns.
fn segment(at: u32, s: u32) -> Segment {
  let i = at + 4 * LANES * s;
  return Segment(
    four(features[i]), four(features[i + LANES]), four(features[i + 2 * LANES]), four(features[i + 3 * LANES]),
  );
}

fn product(x: Segment, w: Segment) -> f32 {
  return dot(x.a, w.a) + dot(x.b, w.b) + dot(x.c, w.c) + dot(x.d, w.d);
}

// sum + x·r, in the place of the sum.
fn add_scaled(sum: ptr<function, Row>, x: ptr<function, Row>, r: f32) {
  (*sum).s0.a += (*x).s0.a * r; (*sum).s0.b += (*x).s0.b * r;
  (*sum).s0.c += (*x).s0.c * r; (*sum).s0.d += (*x).s0.d * r;
  if (SEGMENTS > 1) {
    (*sum).s1.a += (*x).s1.a * r; (*sum).s1.b += (*x).s1.b * r;
    (*sum).s1.c += (*x).s1.c * r; (*sum).s1.d += (*x).s1.d * r;
  }
  if (SEGMENTS > 2) {
    (*sum).s2.a += (*x).s2.a * r; (*sum).s2.b += (*x).s2.b * r;
    (*sum).s2.c += (*x).s2.c * r; (*sum).s2.d += (*x).s2.d * r;
  }
  if (SEGMENTS > 3) {
    (*sum).s3.a += (*x).s3.a * r; (*sum).s3.b += (*x).s3.b * r;
    (*sum).s3.c += (*x).s3.c * r; (*sum).s3.d += (*x).s3.d * r;
  }
  if (SEGMENTS > 4) {
    (*sum).s4.a += (*x).s4.a * r; (*sum).s4.b += (*x).s4.b * r;
    (*sum).s4.c += (*x).s4.c * r; (*sum).s4.d += (*x).s4.d * r;
  }
  if (SEGMENTS > 5) {
    (*sum).s5.a += (*x).s5.a * r; (*sum).s5.b += (*x).s5.b * r;
    (*sum).s5.c += (*x).s5.c * r; (*sum).s5.d += (*x).s5.d * r;
  }
  if (SEGMENTS > 6) {
    (*sum).s6.a += (*x).s6.a * r; (*sum).s6.b += (*x).s6.b * r;
    (*sum).s6.c += (*x).s6.c * r; (*sum).s6.d += (*x).s6.d * r;
  }
  if (SEGMENTS > 7) {
    (*sum).s7.a += (*x).s7.a * r; (*sum).s7.b += (*x).s7.b * r;
    (*sum).s7.c += (*x).s7.c * r; (*sum).s7.d += (*x).s7.d * r;
  }
}

fn shuffled(g: Row, mask: u32) -> Row {
  var h = Row();
  h.s0 = shuffled_segment(g.s0, mask);  // more rows than one at a time means a single segment
  return h;
}

fn shuffled_segment(s: Segment, mask: u32) -> Segment {
  return Segment(
    subgroupShuffleXor(s.a, mask), subgroupShuffleXor(s.b, mask),
    subgroupShuffleXor(s.c, mask), subgroupShuffleXor(s.d, mask),
  );
}

fn load_weights(column: u32) -> Row {
  return Row(
    weights(column, 0), weights(column, 1), weights(column, 2), weights(column, 3),
    weights(column, 4), weights(column, 5), weights(column, 6), weights(column, 7),
  );
}

fn weights(column: u32, s: u32) -> Segment {
  let quad = column + 4 * LANES * s;
  return Segment(weight(quad), weight(quad + LANES), weight(quad + 2 * LANES), weight(quad + 3 * LANES));
}

// Weights 4·quad to 4·quad + 3; zeros beyond the last feature.
fn weight(quad: u32) -> vec4f {
  let j = 4 * quad + vec4u(0, 1, 2, 3);
  let d = vec4u(config.feature_count);
  let at = min(j, d);
  let w = vec4f(parameters[at.x], parameters[at.y], parameters[at.z], parameters[at.w]);
  return select(vec4f(0), w, j < d);
}

fn write(g: Row, bias_and_loss: vec2f, workgroup: u32, column: u32) {
  let d = config.feature_count;
  let at = (config.first_partial + workgroup) * (d + 2);
  write_segment(at, g.s0, column, 0);
  if (SEGMENTS > 1) { write_segment(at, g.s1, column, 1); }
  if (SEGMENTS > 2) { write_segment(at, g.s2, column, 2); }
  if (SEGMENTS > 3) { write_segment(at, g.s3, column, 3); }
  if (SEGMENTS > 4) { write_segment(at, g.s4, column, 4); }
  if (SEGMENTS > 5) { write_segment(at, g.s5, column, 5); }
  if (SEGMENTS > 6) { write_segment(at, g.s6, column, 6); }
  if (SEGMENTS > 7) { write_segment(at, g.s7, column, 7); }
  if (column == 0) {
    partials[at + d] = bias_and_loss.x;
    partials[at + d + 1] = bias_and_loss.y;
  }
}

fn write_segment(at: u32, g: Segment, column: u32, s: u32) {
  let quad = column + 4 * LANES * s;
  write_quad(at, g.a, quad);
  write_quad(at, g.b, quad + LANES);
  write_quad(at, g.c, quad + 2 * LANES);
  write_quad(at, g.d, quad + 3 * LANES);
}

fn write_quad(at: u32, g: vec4f, quad: u32) {
  for (var i = 0u; i < 4 && 4 * quad + i < config.feature_count; i++) {
    partials[at + 4 * quad + i] = g[i];
  }
}
