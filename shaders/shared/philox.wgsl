// Philox4x32-10 of Salmon, Moraes, Dror and Shaw (SC 2011), as in src/base/random.ts, for four examples at once.

// Four words of four examples. Each is less by 2^31 (its top bit is flipped), so that read as an i32 it is one
// conversion away from a float.
struct Words { w0: vec4u, w1: vec4u, w2: vec4u, w3: vec4u }

// Words 4·block to 4·block + 3 of the four examples low + 2^32·high.
fn philox(low: vec4u, high: u32, block: u32, stream: u32, key: vec2u) -> Words {
  // In the first two rounds half of the words are the same for all four.
  let own0 = low ^ vec4u(TOP);
  let same0 = block ^ TOP;
  let own0_low = own0 * FIRST.factor;
  let same0_low = same0 * SECOND.factor;
  let own1 = upper_halves(own0, own0_low, FIRST) ^ vec4u(stream ^ TOP ^ key.y);
  let same1 = upper_half(same0, same0_low, SECOND) ^ high ^ TOP ^ key.x;
  var k = key + KEY_STEP;
  let own1_low = own1 * SECOND.factor;
  let same1_low = same1 * FIRST.factor;
  var c = Words(
    upper_halves(own1, own1_low, SECOND) ^ vec4u(same0_low ^ k.x),
    own1_low,
    own0_low ^ vec4u(upper_half(same1, same1_low, FIRST) ^ k.y),
    vec4u(same1_low),
  );
  // Two rounds to a turn: the fastest on a software adapter, before one and by far before all eight.
  for (var pair = 0u; pair < 4; pair++) {
    k += KEY_STEP;
    c = philox_round(c, k);
    k += KEY_STEP;
    c = philox_round(c, k);
  }
  return c;
}

const TOP = 0x80000000u;
const KEY_STEP = vec2u(0x9e3779b9, 0xbb67ae85);

// Flipped top bits stay flipped: (a + 2^31)·M = a·M + 2^31 modulo 2^32, since M is odd, and xor carries them along.
fn philox_round(c: Words, key: vec2u) -> Words {
  let low0 = c.w0 * FIRST.factor;
  let low1 = c.w2 * SECOND.factor;
  let high0 = upper_halves(c.w0, low0, FIRST);
  let high1 = upper_halves(c.w2, low1, SECOND);
  return Words(high1 ^ c.w1 ^ vec4u(key.x), low1, high0 ^ c.w3 ^ vec4u(key.y), low0);
}

struct Multiplier {
  factor: u32,  // M = 2^16·upper + lower, where lower has a sign
  upper: u32,
  lower: f32,   // times 2^-32
  scaled: f32,  // M·2^-32
  magic1: f32,
  magic0: f32,
}

const FIRST = Multiplier(0xd2511f53, 0xd251, 8019 * 0x1p-32, 3528531795 * 0x1p-32, 554221568000, 16477549);
const SECOND = Multiplier(0xcd9e8d57, 0xcd9f, -29353 * 0x1p-32, 3449720151 * 0x1p-32, 552728788992, 16474366);

// The upper 32 bits of the 64-bit product of M and a number, from the number (a) and the lower 32 bits of the product
// (low), both with their tops flipped. By halves of 16 bits and shifts it would take as many operations, but a software
// adapter shifts one number at a time, and this takes a quarter of its time. Read as i32, a = 2^16·a1 + a0, and
//
//     upper half = a1·upper + (a1·lower/2^16 + a0·M/2^32 − low/2^32) + (M − 1)/2
//
// where the bracket is a whole number that f32 knows to 1/50 however it rounds. With a0 − 2^16 for a0 it is 0.12 or
// more from the next whole number above and 0.44 from the one below, so floor finds it. The magic numbers bring a
// float to where the last bit of its pattern is worth 2^16 (for 2^16·a1), or 1 (for the bracket); their own patterns
// are chosen so that all constants cancel, modulo 2^32.
fn upper_half(a: u32, low: u32, by: Multiplier) -> u32 {
  let a1 = f32(bitcast<i32>(a & 0xffff0000));
  let a0 = f32(bitcast<i32>(a | 0xffff0000));
  let bracket = floor(a1 * by.lower + a0 * by.scaled - f32(bitcast<i32>(low)) * 0x1p-32);
  return bitcast<u32>(a1 + by.magic1) * by.upper + bitcast<u32>(bracket + by.magic0);
}

// The upper halves of four products, one after another, so that few numbers are alive at a time and stay in registers.
fn upper_halves(a: vec4u, low: vec4u, by: Multiplier) -> vec4u {
  return vec4u(
    upper_half(a.x, low.x, by), upper_half(a.y, low.y, by), upper_half(a.z, low.z, by), upper_half(a.w, low.w, by),
  );
}
