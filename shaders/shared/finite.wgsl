// Neither infinite nor NaN, by the bits: WGSL lets a compiler assume that floats are finite.
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000) != 0x7f800000;
}
