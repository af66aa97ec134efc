// validation_model: the parameters of the model after an epoch, for the validation pass.
// with: config
//
// Dispatched only if they are not the parameters at which the gradient is taken: the model is the average, once there
// is one, or the minimum on the line of conjugate gradient.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> model_settings: array<Settings>;  // [1]
@group(0) @binding(2) var<storage, read> parameters: array<f32>;           // [4, d + 1] with optimizer state, after this epoch
@group(0) @binding(3) var<storage, read> progress: array<Progress>;        // [1] after it
@group(0) @binding(4) var<storage, read_write> model: array<f32>;          // [d + 1]

override workgroup_size: u32 = 64;

@compute @workgroup_size(workgroup_size)
fn validation_model(@builtin(local_invocation_index) lane: u32) {
  let settings = model_settings[0];
  let size = config.feature_count + 1;
  let is_last = settings.optimizer == CONJUGATE_GRADIENT || progress[0].epoch > settings.average_from;
  let first = select(0, 3 * size, is_last);
  for (var j = lane; j < size; j += workgroup_size) {
    model[j] = parameters[first + j];
  }
}
