// All models share one column of targets, which is read once for all.

var<private> first_target: u32;
var<private> y: vec4f;

fn choose_targets(first_entry: u32) {
  first_target = entry_at(first_entry).column * config.quad_count;
}

fn read_targets(quad: u32) {
  y = targets[first_target + quad];
}

fn target_of(m: u32, quad: u32) -> vec4f {
  return y;
}
