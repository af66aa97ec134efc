// validation_model: the parameters of the model after an epoch, where these are not the first of their slots: the average, once
// with: config
// there is one, or where conjugate gradient has got to. The pass that is judged reads them from here.

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> settings: array<Settings>;        // [1]
@group(0) @binding(2) var<storage, read> parameters: array<f32>;           // [4 slots, d + 1] after this epoch
@group(0) @binding(3) var<storage, read> progress: array<Progress>;        // [1] after it
@group(0) @binding(4) var<storage, read_write> model: array<f32>;          // [d + 1]

override workgroup_size: u32 = 64;

@compute @workgroup_size(workgroup_size)
fn validation_model(@builtin(local_invocation_index) lane: u32) {
  let its = settings[0];
  let size = config.feature_count + 1;
  let is_last = its.optimizer == CONJUGATE_GRADIENT || progress[0].epoch > its.average_from;
  let first = select(0, 3 * size, is_last);
  for (var j = lane; j < size; j += workgroup_size) {
    model[j] = parameters[first + j];
  }
}
