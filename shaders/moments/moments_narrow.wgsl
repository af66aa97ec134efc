// moments_narrow: the sums of moments in one pass over the columns, for up to nine columns.
// with: config partial_sum/*
//
// Each number is loaded once for all of its products, and all sums stay in registers: at eight features and a target 54
// sums from nine loads.
//
// Written out product by product, since registers have no index: sums in an array would live in memory. Those beyond
// COLUMNS vanish when the kernel is compiled. An invocation adds up few quads, as in moments.

@group(0) @binding(0) var<uniform> config: Config;                        // feature_count is that of the columns
@group(0) @binding(1) var<storage, read> columns: array<vec4f>;           // [n, quads] one column after another
@group(0) @binding(2) var<storage, read> shift: array<f32>;               // [n]
@group(0) @binding(3) var<storage, read_write> partials: array<f32>;      // [partials, n(n + 3)/2] as in moments

override workgroup_size: u32 = 64;

const SUMS = COLUMNS * (COLUMNS + 3) / 2;

// Σ z of a column, and Σ z·z with each column up to itself.
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
var<private> s8: f32; var<private> p80: f32; var<private> p81: f32; var<private> p82: f32; var<private> p83: f32;
var<private> p84: f32; var<private> p85: f32; var<private> p86: f32; var<private> p87: f32; var<private> p88: f32;

@compute @workgroup_size(workgroup_size)
fn moments_narrow(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let quads = config.quad_count;
  let c0 = shift_of(0); let c1 = shift_of(1); let c2 = shift_of(2); let c3 = shift_of(3); let c4 = shift_of(4);
  let c5 = shift_of(5); let c6 = shift_of(6); let c7 = shift_of(7); let c8 = shift_of(8);
  let share = share_of(quads, workgroup.x, workgroups.x);
  for (var quad = share.x + lane; quad < share.y; quad += workgroup_size) {
    var at = quad;  // index of the current column; added up, since a product costs more
    let z0 = column(0, at, c0);
    s0 += dot(z0, vec4f(1)); p00 += dot(z0, z0);
    at += quads;
    let z1 = column(1, at, c1);
    if (COLUMNS > 1) { s1 += dot(z1, vec4f(1)); p10 += dot(z1, z0); p11 += dot(z1, z1); }
    at += quads;
    let z2 = column(2, at, c2);
    if (COLUMNS > 2) { s2 += dot(z2, vec4f(1)); p20 += dot(z2, z0); p21 += dot(z2, z1); p22 += dot(z2, z2); }
    at += quads;
    let z3 = column(3, at, c3);
    if (COLUMNS > 3) {
      s3 += dot(z3, vec4f(1)); p30 += dot(z3, z0); p31 += dot(z3, z1); p32 += dot(z3, z2); p33 += dot(z3, z3);
    }
    at += quads;
    let z4 = column(4, at, c4);
    if (COLUMNS > 4) {
      s4 += dot(z4, vec4f(1)); p40 += dot(z4, z0); p41 += dot(z4, z1); p42 += dot(z4, z2); p43 += dot(z4, z3);
      p44 += dot(z4, z4);
    }
    at += quads;
    let z5 = column(5, at, c5);
    if (COLUMNS > 5) {
      s5 += dot(z5, vec4f(1)); p50 += dot(z5, z0); p51 += dot(z5, z1); p52 += dot(z5, z2); p53 += dot(z5, z3);
      p54 += dot(z5, z4); p55 += dot(z5, z5);
    }
    at += quads;
    let z6 = column(6, at, c6);
    if (COLUMNS > 6) {
      s6 += dot(z6, vec4f(1)); p60 += dot(z6, z0); p61 += dot(z6, z1); p62 += dot(z6, z2); p63 += dot(z6, z3);
      p64 += dot(z6, z4); p65 += dot(z6, z5); p66 += dot(z6, z6);
    }
    at += quads;
    let z7 = column(7, at, c7);
    if (COLUMNS > 7) {
      s7 += dot(z7, vec4f(1)); p70 += dot(z7, z0); p71 += dot(z7, z1); p72 += dot(z7, z2); p73 += dot(z7, z3);
      p74 += dot(z7, z4); p75 += dot(z7, z5); p76 += dot(z7, z6); p77 += dot(z7, z7);
    }
    at += quads;
    let z8 = column(8, at, c8);
    if (COLUMNS > 8) {
      s8 += dot(z8, vec4f(1)); p80 += dot(z8, z0); p81 += dot(z8, z1); p82 += dot(z8, z2); p83 += dot(z8, z3);
      p84 += dot(z8, z4); p85 += dot(z8, z5); p86 += dot(z8, z6); p87 += dot(z8, z7); p88 += dot(z8, z8);
    }
  }
  let at = (config.first_partial + partial_of(workgroup.x, lane)) * SUMS;
  write_sums(at, 0, vec4f(s0, p00, s1, p10), lane);
  write_sums(at, 4, vec4f(p11, s2, p20, p21), lane);
  write_sums(at, 8, vec4f(p22, s3, p30, p31), lane);
  write_sums(at, 12, vec4f(p32, p33, s4, p40), lane);
  write_sums(at, 16, vec4f(p41, p42, p43, p44), lane);
  write_sums(at, 20, vec4f(s5, p50, p51, p52), lane);
  write_sums(at, 24, vec4f(p53, p54, p55, s6), lane);
  write_sums(at, 28, vec4f(p60, p61, p62, p63), lane);
  write_sums(at, 32, vec4f(p64, p65, p66, s7), lane);
  write_sums(at, 36, vec4f(p70, p71, p72, p73), lane);
  write_sums(at, 40, vec4f(p74, p75, p76, p77), lane);
  write_sums(at, 44, vec4f(s8, p80, p81, p82), lane);
  write_sums(at, 48, vec4f(p83, p84, p85, p86), lane);
  write_sums(at, 52, vec4f(p87, p88, 0, 0), lane);
}

fn shift_of(j: u32) -> f32 {
  return shift[min(j, COLUMNS - 1)];
}

// Four examples of column j, centred; zeros beyond the last column.
fn column(j: u32, at: u32, center: f32) -> vec4f {
  if (j < COLUMNS) {
    return columns[at] - center;
  }
  return vec4f(0);
}

fn write_sums(at: u32, first: u32, sums: vec4f, lane: u32) {
  if (first < SUMS) {
    let total = summed(sums, lane);
    if (writes_partial(lane)) {
      for (var i = 0u; i < min(4, SUMS - first); i++) {
        partials[at + first + i] = total[i];
      }
    }
  }
}
