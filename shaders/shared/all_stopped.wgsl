// Whether there is nothing left to do for MODELS jobs from `first` on: all of them have stopped.

fn all_stopped(first: u32) -> bool {
  for (var m = 0u; m < MODELS; m++) {
    if (progress[entry_at(first + m).model].stop_reason == RUNNING) {
      return false;
    }
  }
  return true;
}
