// Each model has its own column of targets.

var<private> first_targets: array<u32, MODELS>;

fn choose_targets(first_entry: u32) {
  var offsets: array<u32, MODELS>;
  for (var m = 0u; m < MODELS; m++) {
    offsets[m] = entry_at(first_entry + m).column * config.quad_count;
  }
  first_targets = offsets;
}

fn read_targets(quad: u32) {}

fn target_of(m: u32, quad: u32) -> vec4f {
  return targets[first_targets[m] + quad];
}
