// Uniform and normal numbers from the words of philox.wgsl, as in src/base/random.ts. A uniform number u has 24 bits and is
// exact. Logarithm and sine are polynomials of our own (least largest relative error), since WGSL lets cos be off by
// 2^-11. In the order that is written here, a normal number is within 2^-19 of its size, 16 ulp, however an adapter
// rounds; half of that is the 4.5 ulp that WGSL allows sqrt. Measured over all words: within 2^-21.4, 3 ulp.

// s = 2u − 1, in [-1, 1)
fn signed_uniform(word: vec4u) -> vec4f {
  return vec4f(bitcast<vec4i>(word & vec4u(0xffffff00))) * 0x1p-31;
}

// u, in [0, 1)
fn unsigned_uniform(word: vec4u) -> vec4f {
  return 0.5 + 0.5 * signed_uniform(word);
}

// √(−2·ln(1 − u)), the radius of Box and Muller
fn radius(word: vec4u) -> vec4f {
  let v = 0.5 - 0.5 * signed_uniform(word);
  return vec4f(radius_of(v.x), radius_of(v.y), radius_of(v.z), radius_of(v.w)); // few numbers alive at a time
}

// √(−2·ln v) for v from 2^-24 to 1
fn radius_of(v: f32) -> f32 {
  // v = m·2^e with m from √½ to √2, so its logarithm is ln m + e·ln 2.
  let bits = bitcast<i32>(v);
  let e = (bits - 0x3f3504f3) & -0x800000; // at the place of a float's exponent: times 2^23
  let f = bitcast<f32>(bits - e) - 1;
  var p = -0.17479722 * f + 0.28619212;
  p = p * f - 0.29833663;
  p = p * f + 0.33140105;
  p = p * f - 0.39924312;
  p = p * f + 0.5000357;
  p = p * f - 0.66667897;
  p = p * f + 0.9999998;
  p = p * f - 2;
  return sqrt(p * f - 1.6525917e-7 * f32(e)); // 2·ln 2 / 2^23
}

// cos 2πu = sin π(|s| − ½)
fn cosine(word: vec4u) -> vec4f {
  return sine_of_half_turns(abs(signed_uniform(word)) - 0.5);
}

// sin 2πu = −sin πs
fn sine(word: vec4u) -> vec4f {
  let s = signed_uniform(word);
  let x = 0.5 - abs(abs(s) - 0.5);
  return sine_of_half_turns(select(x, -x, s > vec4f(0)));
}

// sin πx for x from −½ to ½
fn sine_of_half_turns(x: vec4f) -> vec4f {
  let z = x * x;
  var p = 0.07965278 * z - 0.59935105;
  p = p * z + 2.5502577;
  p = p * z - 5.1677203;
  p = p * z + 3.1415927;
  return x * p;
}

// 1 with probability 1/(1 + e^−z), or else 0; e^80 · 2^-24 is above 1 already.
fn label(z: vec4f, word: vec4u) -> vec4f {
  let u = unsigned_uniform(word);
  return select(vec4f(0), vec4f(1), u * exp(-max(z, vec4f(-80))) < 1 - u);
}
