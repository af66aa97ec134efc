// The output of predict: 1 if the more probable label is the target, else 0. A prediction that is not finite is kept,
// so that the host finds it.

@group(0) @binding(3) var<storage, read> targets: array<f32>;             // [m] 0 or 1
@group(0) @binding(4) var<storage, read_write> correct: array<f32>;       // [m]

fn write(prediction: f32, row: u32) {
  let is_finite = (bitcast<u32>(prediction) & 0x7f800000u) != 0x7f800000u;
  let value = select(0f, 1f, (prediction > 0) == (targets[row] == 1));
  correct[row] = select(prediction, value, is_finite);
}
