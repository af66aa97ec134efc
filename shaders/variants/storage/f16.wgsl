// X is stored as halves, two to a word. All arithmetic stays in f32, and no adapter needs a feature for it.

alias Stored = vec2u;

fn four(stored: Stored) -> vec4f {
  return vec4f(unpack2x16float(stored.x), unpack2x16float(stored.y));
}

fn stored(numbers: vec4f) -> Stored {
  return vec2u(pack2x16float(numbers.xy), pack2x16float(numbers.zw));
}
