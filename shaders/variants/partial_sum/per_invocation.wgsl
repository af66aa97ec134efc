// Every invocation writes a partial. For software adapters, where lanes are few and a barrier costs more than hundreds
// of additions; update has a few more partials to fold.

fn partial_of(workgroup: u32, lane: u32) -> u32 {
  return workgroup * workgroup_size + lane;
}

fn writes_partial(lane: u32) -> bool {
  return true;
}

fn summed(value: vec4f, lane: u32) -> vec4f {
  return value;
}
