// The output of predict: the prediction.

@group(0) @binding(3) var<storage, read_write> predictions: array<f32>;   // [m]

fn write(prediction: f32, row: u32) {
  predictions[row] = prediction;
}
