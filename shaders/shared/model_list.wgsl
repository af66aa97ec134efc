// The models that a dispatch trains: those that train on the shard, in any order. Needs the binding model_list and
// MODELS.

struct ModelEntry {
  model: u32,   // its number among all models, for parameters, progress and sums
  column: u32,  // its column of targets
}

// The entry with this number, or the last: registers beyond the end of the list work for the last model again.
fn entry_at(number: u32) -> ModelEntry {
  return model_list[min(number, arrayLength(&model_list) - 1)];
}
