// The output of predict: the probability of label 1, σ of the prediction, by an exponential that cannot overflow.

@group(0) @binding(3) var<storage, read_write> probabilities: array<f32>;   // [m]

fn write(prediction: f32, row: u32) {
  let odds = exp(-abs(prediction));
  probabilities[row] = select(odds, 1, prediction >= 0) / (1 + odds);
}
