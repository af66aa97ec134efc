// True if all of the MODELS entries from `first` on have stopped, so that nothing is left to do. Needs the binding
// progress.

fn all_stopped(first: u32) -> bool {
  for (var m = 0u; m < MODELS; m++) {
    if (progress[entry_at(first + m).model].stop_reason == RUNNING) {
      return false;
    }
  }
  return true;
}
