// Which targets the models learn: each those of its own column.

var<private> first_targets: array<u32, MODELS>;

fn choose_targets(first_job: u32) {
  var chosen: array<u32, MODELS>;
  for (var m = 0u; m < MODELS; m++) {
    chosen[m] = job_at(first_job + m).column * config.quad_count;
  }
  first_targets = chosen;
}

fn read_targets(quad: u32) {}

fn target_of(m: u32, quad: u32) -> vec4f {
  return targets[first_targets[m] + quad];
}
