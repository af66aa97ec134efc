// A row of X in the registers of the lanes that share it, and the arithmetic of fused_wide on it. Needs the bindings
// config, features, parameters and partials, and LANES and SEGMENTS.
//
// Written out segment by segment, since registers have no index. The segments beyond SEGMENTS vanish when the kernel is
// compiled.

struct Segment { a: vec4f, b: vec4f, c: vec4f, d: vec4f }

struct Row {
  s0: Segment, s1: Segment, s2: Segment, s3: Segment, s4: Segment, s5: Segment, s6: Segment, s7: Segment,
}

fn load_row(row: u32, column: u32) -> Row {
  let at = row * config.row_quads + column;
  var x = Row();
  x.s0 = segment(at, 0);
  if (SEGMENTS > 1) { x.s1 = segment(at, 1); }
  if (SEGMENTS > 2) { x.s2 = segment(at, 2); }
  if (SEGMENTS > 3) { x.s3 = segment(at, 3); }
  if (SEGMENTS > 4) { x.s4 = segment(at, 4); }
  if (SEGMENTS > 5) { x.s5 = segment(at, 5); }
  if (SEGMENTS > 6) { x.s6 = segment(at, 6); }
  if (SEGMENTS > 7) { x.s7 = segment(at, 7); }
  return x;
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

fn add_scaled(g: Row, x: Row, r: f32) -> Row {
  var sum = g;
  sum.s0 = add_scaled_segment(g.s0, x.s0, r);
  if (SEGMENTS > 1) { sum.s1 = add_scaled_segment(g.s1, x.s1, r); }
  if (SEGMENTS > 2) { sum.s2 = add_scaled_segment(g.s2, x.s2, r); }
  if (SEGMENTS > 3) { sum.s3 = add_scaled_segment(g.s3, x.s3, r); }
  if (SEGMENTS > 4) { sum.s4 = add_scaled_segment(g.s4, x.s4, r); }
  if (SEGMENTS > 5) { sum.s5 = add_scaled_segment(g.s5, x.s5, r); }
  if (SEGMENTS > 6) { sum.s6 = add_scaled_segment(g.s6, x.s6, r); }
  if (SEGMENTS > 7) { sum.s7 = add_scaled_segment(g.s7, x.s7, r); }
  return sum;
}

fn add_scaled_segment(g: Segment, x: Segment, r: f32) -> Segment {
  return Segment(g.a + x.a * r, g.b + x.b * r, g.c + x.c * r, g.d + x.d * r);
}

fn add_rows(g: Row, h: Row) -> Row {
  return add_scaled(g, h, 1);
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
