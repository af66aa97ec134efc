// X is stored as f32, four numbers to a vec4f.

alias Stored = vec4f;

fn four(stored: Stored) -> vec4f {
  return stored;
}

fn stored(numbers: vec4f) -> Stored {
  return numbers;
}
