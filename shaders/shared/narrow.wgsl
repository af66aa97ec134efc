// Residuals and gradient sums of four examples at a time for 1 to 16 features, all in registers. Needs the bindings
// config, features and targets, FEATURES, a loss and example weights.
//
// Written out feature by feature, since registers have no index: sums in an array would live in memory. The features
// beyond FEATURES vanish when the kernel is compiled. The registers have names of the module, so that functions can
// share them.

// Weights and bias.
var<private> w0: f32; var<private> w1: f32; var<private> w2: f32; var<private> w3: f32;
var<private> w4: f32; var<private> w5: f32; var<private> w6: f32; var<private> w7: f32;
var<private> w8: f32; var<private> w9: f32; var<private> w10: f32; var<private> w11: f32;
var<private> w12: f32; var<private> w13: f32; var<private> w14: f32; var<private> w15: f32;
var<private> bias: f32;

// Σ r·x for each feature, Σ r and twice the losses: of all quads so far, and of the current block of quads.
var<private> g0: f32; var<private> g1: f32; var<private> g2: f32; var<private> g3: f32;
var<private> g4: f32; var<private> g5: f32; var<private> g6: f32; var<private> g7: f32;
var<private> g8: f32; var<private> g9: f32; var<private> g10: f32; var<private> g11: f32;
var<private> g12: f32; var<private> g13: f32; var<private> g14: f32; var<private> g15: f32;
var<private> sum: f32; var<private> loss_sum: f32;
var<private> b0: f32; var<private> b1: f32; var<private> b2: f32; var<private> b3: f32;
var<private> b4: f32; var<private> b5: f32; var<private> b6: f32; var<private> b7: f32;
var<private> b8: f32; var<private> b9: f32; var<private> b10: f32; var<private> b11: f32;
var<private> b12: f32; var<private> b13: f32; var<private> b14: f32; var<private> b15: f32;
var<private> block_sum: f32; var<private> block_losses: f32;

// Four examples of each feature after the first.
var<private> x1: vec4f; var<private> x2: vec4f; var<private> x3: vec4f; var<private> x4: vec4f; var<private> x5: vec4f;
var<private> x6: vec4f; var<private> x7: vec4f; var<private> x8: vec4f; var<private> x9: vec4f; var<private> x10: vec4f;
var<private> x11: vec4f; var<private> x12: vec4f; var<private> x13: vec4f; var<private> x14: vec4f; var<private> x15: vec4f;

// Adds the sums of the quads from `first` to before `last`, `stride` apart: BLOCK at a time, so that no sum in f32
// grows long. For one or two features a turn of the loop takes several quads, which share its cost.
fn sum_quads(first: u32, last: u32, stride: u32) {
  let quads = config.quad_count;
  let end_quad = config.end_example / 4;
  let full_end = min(last, end_quad);
  let begins_within = 4 * first < config.first_example;
  var quad = select(first, first + stride, begins_within);
  while (quad < full_end) {
    begin_block();
    let end = min(full_end, quad + BLOCK * stride);
    if (FEATURES <= 2) {
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
  // The batch may begin and end within a quad, which falls to the lane whose turn it is.
  let ends_within = quad == end_quad && quad < last && 4 * end_quad < config.end_example;
  for (var edge = select(1u, 0u, begins_within); edge < select(1u, 2u, ends_within); edge++) {
    let cut = select(quad, first, edge == 0);
    begin_block();
    add_quad(cut, quads, in_batch(cut));
    end_block();
  }
}

// Adds four examples to the block; `present` is false for those outside the batch.
fn add_quad(quad: u32, quads: u32, present: vec4<bool>) {
  var at = quad;  // index of the current column; added up, since a product costs more
  let x0 = four(features[at]);
  var prediction = bias + w0 * x0;
  if (FEATURES > 1) { at += quads; x1 = four(features[at]); prediction += w1 * x1; }
  if (FEATURES > 2) { at += quads; x2 = four(features[at]); prediction += w2 * x2; }
  if (FEATURES > 3) { at += quads; x3 = four(features[at]); prediction += w3 * x3; }
  if (FEATURES > 4) { at += quads; x4 = four(features[at]); prediction += w4 * x4; }
  if (FEATURES > 5) { at += quads; x5 = four(features[at]); prediction += w5 * x5; }
  if (FEATURES > 6) { at += quads; x6 = four(features[at]); prediction += w6 * x6; }
  if (FEATURES > 7) { at += quads; x7 = four(features[at]); prediction += w7 * x7; }
  if (FEATURES > 8) { at += quads; x8 = four(features[at]); prediction += w8 * x8; }
  if (FEATURES > 9) { at += quads; x9 = four(features[at]); prediction += w9 * x9; }
  if (FEATURES > 10) { at += quads; x10 = four(features[at]); prediction += w10 * x10; }
  if (FEATURES > 11) { at += quads; x11 = four(features[at]); prediction += w11 * x11; }
  if (FEATURES > 12) { at += quads; x12 = four(features[at]); prediction += w12 * x12; }
  if (FEATURES > 13) { at += quads; x13 = four(features[at]); prediction += w13 * x13; }
  if (FEATURES > 14) { at += quads; x14 = four(features[at]); prediction += w14 * x14; }
  if (FEATURES > 15) { at += quads; x15 = four(features[at]); prediction += w15 * x15; }
  let y = targets[quad];
  let e = select(absent(y), prediction - origin(y), present);
  let r = weighted(slope(e, y), quad);
  b0 += dot(r, x0);
  if (FEATURES > 1) { b1 += dot(r, x1); }
  if (FEATURES > 2) { b2 += dot(r, x2); }
  if (FEATURES > 3) { b3 += dot(r, x3); }
  if (FEATURES > 4) { b4 += dot(r, x4); }
  if (FEATURES > 5) { b5 += dot(r, x5); }
  if (FEATURES > 6) { b6 += dot(r, x6); }
  if (FEATURES > 7) { b7 += dot(r, x7); }
  if (FEATURES > 8) { b8 += dot(r, x8); }
  if (FEATURES > 9) { b9 += dot(r, x9); }
  if (FEATURES > 10) { b10 += dot(r, x10); }
  if (FEATURES > 11) { b11 += dot(r, x11); }
  if (FEATURES > 12) { b12 += dot(r, x12); }
  if (FEATURES > 13) { b13 += dot(r, x13); }
  if (FEATURES > 14) { b14 += dot(r, x14); }
  if (FEATURES > 15) { b15 += dot(r, x15); }
  block_sum += dot(r, vec4f(1));
  block_losses += weighted_losses(e, y, quad);
}

fn begin_block() {
  b0 = 0; b1 = 0; b2 = 0; b3 = 0; b4 = 0; b5 = 0; b6 = 0; b7 = 0;
  b8 = 0; b9 = 0; b10 = 0; b11 = 0; b12 = 0; b13 = 0; b14 = 0; b15 = 0;
  block_sum = 0; block_losses = 0;
}

fn end_block() {
  g0 += b0; g1 += b1; g2 += b2; g3 += b3;
  g4 += b4; g5 += b5; g6 += b6; g7 += b7;
  g8 += b8; g9 += b9; g10 += b10; g11 += b11;
  g12 += b12; g13 += b13; g14 += b14; g15 += b15;
  sum += block_sum; loss_sum += block_losses;
}
