// One invocation folds the partials of a parameter. For software adapters, where partials are few and a barrier costs
// more than hundreds of additions.

const folders = 1u;

fn folded(value: vec2f, lane: u32, width: u32) -> vec2f {
  return value;
}
