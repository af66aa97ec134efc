// True for a number that is neither infinite nor NaN, by its bits: WGSL lets a compiler assume that floats are finite.
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000) != 0x7f800000;
}
