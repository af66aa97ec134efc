// The output of predict: the prediction minus the target.

@group(0) @binding(3) var<storage, read> targets: array<f32>;             // [m]
@group(0) @binding(4) var<storage, read_write> residuals: array<f32>;     // [m]

fn write(prediction: f32, row: u32) {
  residuals[row] = prediction - targets[row];
}
