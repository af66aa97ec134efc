// How four numbers of X are stored: as they are.

alias Stored = vec4f;

fn four(stored: Stored) -> vec4f {
  return stored;
}

fn stored(numbers: vec4f) -> Stored {
  return numbers;
}
