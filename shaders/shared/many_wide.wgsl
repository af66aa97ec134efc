// The errors of MODELS models, 1 to 4, for any number of features: every number of X that is read serves all of them,
// and two quads of examples share the cost of a turn of the loop and of the weights. Needs the bindings config,
// features, targets and parameters, and a loss.
//
// Written out model by model, since registers have no index: the lines beyond MODELS vanish when the kernel is
// compiled.

var<private> first_weights: array<u32, 4>;  // index of each model's first parameter
var<private> e: array<vec4f, 4>;            // its errors for the first quad
var<private> f: array<vec4f, 4>;            // and for the second quad

fn choose_models(first_entry: u32) {
  let size = config.feature_count + 1;
  first_weights = array<u32, 4>(
    entry_at(first_entry).model * size,
    entry_at(first_entry + 1).model * size,
    entry_at(first_entry + 2).model * size,
    entry_at(first_entry + 3).model * size,
  );
}

// The second quad of a turn: the next one of this invocation, or one beyond all at the end of the share.
fn second_quad_of(quad: u32, last: u32) -> u32 {
  let next = quad + workgroup_size;
  return select(config.quad_count, next, next < last);
}

// Sets e and f for four examples each; padding examples and a second quad beyond the last get absent errors.
fn find_errors(quad: u32, second_quad: u32) {
  let d = config.feature_count;
  let quads = config.quad_count;
  var at = quad;
  var second_at = min(second_quad, quads - 1);
  read_targets(at);
  e[0] = -origin(target_of(0, at));
  if (MODELS > 1) { e[1] = -origin(target_of(1, at)); }
  if (MODELS > 2) { e[2] = -origin(target_of(2, at)); }
  if (MODELS > 3) { e[3] = -origin(target_of(3, at)); }
  read_targets(second_at);
  f[0] = -origin(target_of(0, second_at));
  if (MODELS > 1) { f[1] = -origin(target_of(1, second_at)); }
  if (MODELS > 2) { f[2] = -origin(target_of(2, second_at)); }
  if (MODELS > 3) { f[3] = -origin(target_of(3, second_at)); }
  for (var j = 0u; j < d; j++) {
    let x = four(features[at]);
    let z = four(features[second_at]);
    add(0, j, x, z);
    if (MODELS > 1) { add(1, j, x, z); }
    if (MODELS > 2) { add(2, j, x, z); }
    if (MODELS > 3) { add(3, j, x, z); }
    at += quads;
    second_at += quads;
  }
  let has_e = present(quad);
  let has_f = present(second_quad);
  finish(0, has_e, has_f);
  if (MODELS > 1) { finish(1, has_e, has_f); }
  if (MODELS > 2) { finish(2, has_e, has_f); }
  if (MODELS > 3) { finish(3, has_e, has_f); }
}

fn add(m: u32, j: u32, x: vec4f, z: vec4f) {
  let weight = parameters[first_weights[m] + j];
  e[m] += weight * x;
  f[m] += weight * z;
}

// Adds the bias, last, when only the error remains to be rounded.
fn finish(m: u32, has_e: vec4<bool>, has_f: vec4<bool>) {
  let bias = parameters[first_weights[m] + config.feature_count];
  e[m] = select(absent(vec4f(0)), e[m] + bias, has_e);
  f[m] = select(absent(vec4f(0)), f[m] + bias, has_f);
}

fn present(quad: u32) -> vec4<bool> {
  return 4 * quad + vec4u(0, 1, 2, 3) < vec4u(config.example_count);
}
