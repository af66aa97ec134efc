// Residuals and gradient sums of four examples at a time for 1 to 16 features, all in registers. Needs the bindings
// features and targets, and FEATURES.
//
// Written out pair by pair, since registers have no index: sums in an array would live in memory. The pairs beyond
// FEATURES vanish when the kernel is compiled. The registers have names of the module, so that functions can share them.

// Two weights each, and the bias.
var<private> w0: vec2f; var<private> w1: vec2f; var<private> w2: vec2f; var<private> w3: vec2f;
var<private> w4: vec2f; var<private> w5: vec2f; var<private> w6: vec2f; var<private> w7: vec2f;
var<private> bias: f32;

// Σ r·x for two features each, and (Σ r, Σ r²).
var<private> g0: vec2f; var<private> g1: vec2f; var<private> g2: vec2f; var<private> g3: vec2f;
var<private> g4: vec2f; var<private> g5: vec2f; var<private> g6: vec2f; var<private> g7: vec2f;
var<private> rest: vec2f;

// The same for the block of quads at hand.
var<private> b0: vec2f; var<private> b1: vec2f; var<private> b2: vec2f; var<private> b3: vec2f;
var<private> b4: vec2f; var<private> b5: vec2f; var<private> b6: vec2f; var<private> b7: vec2f;
var<private> block: vec2f;

// Two columns each of four examples.
var<private> x1: mat2x4f; var<private> x2: mat2x4f; var<private> x3: mat2x4f; var<private> x4: mat2x4f;
var<private> x5: mat2x4f; var<private> x6: mat2x4f; var<private> x7: mat2x4f;

// Adds the sums of all quads from `first` on, `stride` apart, to g0 … g7 and rest: BLOCK at a time, so that no sum in
// f32 grows long. For few features several quads are taken to a turn of the loop, so that they share what it costs.
fn sum_quads(first: u32, stride: u32, quads: u32, example_count: u32) {
  let whole = example_count / 4;
  var quad = first;
  while (quad < whole) {
    begin_block();
    let end = min(whole, quad + BLOCK * stride);
    if (FEATURES <= 3) {
      for (; quad + 3 * stride < end; quad += 4 * stride) {
        add_quad(quad, quads, vec4<bool>(true));
        add_quad(quad + stride, quads, vec4<bool>(true));
        add_quad(quad + 2 * stride, quads, vec4<bool>(true));
        add_quad(quad + 3 * stride, quads, vec4<bool>(true));
      }
    }
    for (; quad < end; quad += stride) {
      add_quad(quad, quads, vec4<bool>(true));
    }
    end_block();
  }
  // The last quad may be padded; it falls to the one whose turn it would be.
  if (quad == whole && 4 * whole < example_count) {
    begin_block();
    add_quad(quad, quads, 4 * quad + vec4u(0, 1, 2, 3) < vec4u(example_count));
    end_block();
  }
}

// Adds four examples to the block; `present` is false for those that only pad.
fn add_quad(quad: u32, quads: u32, present: vec4<bool>) {
  var at = quad;  // where a pair of columns is; added up, since a product costs more
  let x0 = columns(at, 0, quads);
  var prediction = bias + x0 * w0;
  if (FEATURES > 2) { at += 2 * quads; x1 = columns(at, 2, quads); prediction += x1 * w1; }
  if (FEATURES > 4) { at += 2 * quads; x2 = columns(at, 4, quads); prediction += x2 * w2; }
  if (FEATURES > 6) { at += 2 * quads; x3 = columns(at, 6, quads); prediction += x3 * w3; }
  if (FEATURES > 8) { at += 2 * quads; x4 = columns(at, 8, quads); prediction += x4 * w4; }
  if (FEATURES > 10) { at += 2 * quads; x5 = columns(at, 10, quads); prediction += x5 * w5; }
  if (FEATURES > 12) { at += 2 * quads; x6 = columns(at, 12, quads); prediction += x6 * w6; }
  if (FEATURES > 14) { at += 2 * quads; x7 = columns(at, 14, quads); prediction += x7 * w7; }
  let r = select(vec4f(0), prediction - targets[quad], present);
  b0 += r * x0;
  if (FEATURES > 2) { b1 += r * x1; }
  if (FEATURES > 4) { b2 += r * x2; }
  if (FEATURES > 6) { b3 += r * x3; }
  if (FEATURES > 8) { b4 += r * x4; }
  if (FEATURES > 10) { b5 += r * x5; }
  if (FEATURES > 12) { b6 += r * x6; }
  if (FEATURES > 14) { b7 += r * x7; }
  block += vec2f(dot(r, vec4f(1)), dot(r, r));
}

fn begin_block() {
  b0 = vec2f(0); b1 = vec2f(0); b2 = vec2f(0); b3 = vec2f(0);
  b4 = vec2f(0); b5 = vec2f(0); b6 = vec2f(0); b7 = vec2f(0);
  block = vec2f(0);
}

fn end_block() {
  g0 += b0; g1 += b1; g2 += b2; g3 += b3; g4 += b4; g5 += b5; g6 += b6; g7 += b7;
  rest += block;
}

// Columns j and j + 1 of four examples; zeros where there is no such feature.
fn columns(at: u32, j: u32, quads: u32) -> mat2x4f {
  if (j + 1 < FEATURES) {
    return mat2x4f(four(features[at]), four(features[at + quads]));
  }
  return mat2x4f(four(features[at]), vec4f(0));
}
