// hessian_narrow: the sums of hessian in one pass over X, for up to eight features.
// with: band batch_range config storage/* partial_sum/* loss/* example_weight/quad_*
//
// Each number is loaded once for the prediction, from which the second derivative c follows, and for all products; all sums
// stay in registers: at eight features 45 sums.
//
// Written out product by product, since registers have no index: sums in an array would live in memory. Those beyond
// FEATURES vanish when the kernel is compiled. An invocation adds up few quads, as in hessian.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<uniform> band: Band;                            // all rows of the triangle
@group(0) @binding(2) var<storage, read> features: array<Stored>;         // [d, quads] feature-major
@group(0) @binding(3) var<storage, read> targets: array<vec4f>;           // [quads], then the weights
@group(0) @binding(4) var<storage, read> parameters: array<f32>;          // [d + 1] weights, then the bias
@group(0) @binding(5) var<storage, read_write> partials: array<f32>;      // [partials, SUMS]

override workgroup_size: u32 = 64;

const SUMS = (FEATURES + 1) * (FEATURES + 2) / 2;

// Σ c, and for each feature Σ c·x and the sums of its products with each feature up to itself.
var<private> sum: f32;
var<private> s0: f32; var<private> p00: f32;
var<private> s1: f32; var<private> p10: f32; var<private> p11: f32;
var<private> s2: f32; var<private> p20: f32; var<private> p21: f32; var<private> p22: f32;
var<private> s3: f32; var<private> p30: f32; var<private> p31: f32; var<private> p32: f32; var<private> p33: f32;
var<private> s4: f32; var<private> p40: f32; var<private> p41: f32; var<private> p42: f32; var<private> p43: f32;
var<private> p44: f32;
var<private> s5: f32; var<private> p50: f32; var<private> p51: f32; var<private> p52: f32; var<private> p53: f32;
var<private> p54: f32; var<private> p55: f32;
var<private> s6: f32; var<private> p60: f32; var<private> p61: f32; var<private> p62: f32; var<private> p63: f32;
var<private> p64: f32; var<private> p65: f32; var<private> p66: f32;
var<private> s7: f32; var<private> p70: f32; var<private> p71: f32; var<private> p72: f32; var<private> p73: f32;
var<private> p74: f32; var<private> p75: f32; var<private> p76: f32; var<private> p77: f32;

@compute @workgroup_size(workgroup_size)
fn hessian_narrow(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let quads = config.quad_count;
  let w0 = weight(0); let w1 = weight(1); let w2 = weight(2); let w3 = weight(3);
  let w4 = weight(4); let w5 = weight(5); let w6 = weight(6); let w7 = weight(7);
  let bias = parameters[FEATURES];
  let share = band_share(workgroup.x, workgroups.x);
  for (var quad = share.x + lane; quad < share.y; quad += workgroup_size) {
    var at = quad;  // index of the current column; added up, since a product costs more
    let x0 = column(0, at);
    at += quads; let x1 = column(1, at);
    at += quads; let x2 = column(2, at);
    at += quads; let x3 = column(3, at);
    at += quads; let x4 = column(4, at);
    at += quads; let x5 = column(5, at);
    at += quads; let x6 = column(6, at);
    at += quads; let x7 = column(7, at);
    let y = targets[quad];
    let prediction = bias + w0 * x0 + w1 * x1 + w2 * x2 + w3 * x3 + w4 * x4 + w5 * x5 + w6 * x6 + w7 * x7;
    let c = select(vec4f(0), weighted(curvature(prediction - origin(y), y), quad), in_batch(quad));
    sum += dot(c, vec4f(1));
    let z0 = c * x0;
    s0 += dot(z0, vec4f(1)); p00 += dot(z0, x0);
    let z1 = c * x1;
    if (FEATURES > 1) { s1 += dot(z1, vec4f(1)); p10 += dot(z1, x0); p11 += dot(z1, x1); }
    let z2 = c * x2;
    if (FEATURES > 2) { s2 += dot(z2, vec4f(1)); p20 += dot(z2, x0); p21 += dot(z2, x1); p22 += dot(z2, x2); }
    let z3 = c * x3;
    if (FEATURES > 3) {
      s3 += dot(z3, vec4f(1)); p30 += dot(z3, x0); p31 += dot(z3, x1); p32 += dot(z3, x2); p33 += dot(z3, x3);
    }
    let z4 = c * x4;
    if (FEATURES > 4) {
      s4 += dot(z4, vec4f(1)); p40 += dot(z4, x0); p41 += dot(z4, x1); p42 += dot(z4, x2); p43 += dot(z4, x3);
      p44 += dot(z4, x4);
    }
    let z5 = c * x5;
    if (FEATURES > 5) {
      s5 += dot(z5, vec4f(1)); p50 += dot(z5, x0); p51 += dot(z5, x1); p52 += dot(z5, x2); p53 += dot(z5, x3);
      p54 += dot(z5, x4); p55 += dot(z5, x5);
    }
    let z6 = c * x6;
    if (FEATURES > 6) {
      s6 += dot(z6, vec4f(1)); p60 += dot(z6, x0); p61 += dot(z6, x1); p62 += dot(z6, x2); p63 += dot(z6, x3);
      p64 += dot(z6, x4); p65 += dot(z6, x5); p66 += dot(z6, x6);
    }
    let z7 = c * x7;
    if (FEATURES > 7) {
      s7 += dot(z7, vec4f(1)); p70 += dot(z7, x0); p71 += dot(z7, x1); p72 += dot(z7, x2); p73 += dot(z7, x3);
      p74 += dot(z7, x4); p75 += dot(z7, x5); p76 += dot(z7, x6); p77 += dot(z7, x7);
    }
  }
  let at = partial_of(workgroup.x, lane) * SUMS;
  write_sums(at, 0, vec4f(sum, s0, p00, s1), lane);
  write_sums(at, 4, vec4f(p10, p11, s2, p20), lane);
  write_sums(at, 8, vec4f(p21, p22, s3, p30), lane);
  write_sums(at, 12, vec4f(p31, p32, p33, s4), lane);
  write_sums(at, 16, vec4f(p40, p41, p42, p43), lane);
  write_sums(at, 20, vec4f(p44, s5, p50, p51), lane);
  write_sums(at, 24, vec4f(p52, p53, p54, p55), lane);
  write_sums(at, 28, vec4f(s6, p60, p61, p62), lane);
  write_sums(at, 32, vec4f(p63, p64, p65, p66), lane);
  write_sums(at, 36, vec4f(s7, p70, p71, p72), lane);
  write_sums(at, 40, vec4f(p73, p74, p75, p76), lane);
  write_sums(at, 44, vec4f(p77, 0, 0, 0), lane);
}

// Weight j, or zero beyond the last feature.
fn weight(j: u32) -> f32 {
  return select(0, parameters[min(j, FEATURES)], j < FEATURES);
}

// Four examples of feature j; zeros beyond the last feature.
fn column(j: u32, at: u32) -> vec4f {
  if (j < FEATURES) {
    return four(features[at]);
  }
  return vec4f(0);
}

fn write_sums(at: u32, first: u32, sums: vec4f, lane: u32) {
  if (first < SUMS) {
    let total = summed(sums, lane);
    if (writes_partial(lane)) {
      for (var i = 0u; i < min(4, SUMS - first); i++) {
        put(at, first + i, total[i]);
      }
    }
  }
}
