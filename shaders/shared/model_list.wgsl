// Which models a dispatch works for, in an order of its own: those that train on the shard. Needs the binding jobs and
// MODELS; where descent may have stopped, the binding progress too.

struct ModelEntry {
  model: u32,   // among all models: where its parameters, its progress and its sums are
  column: u32,  // the column of targets that it learns
}

// The job with this number, or the last: registers for more models than there are left work for the last one again.
fn entry_at(number: u32) -> ModelEntry {
  return model_list[min(number, arrayLength(&model_list) - 1)];
}
