// The residuals of MODELS models, 1 to 4, for any number of features: every number of X that is read serves all of them,
// and two quads of examples share what a turn of the loop and the weights cost. Needs the bindings config, features,
// targets and parameters.
//
// Written out model by model, since registers have no index: what is beyond MODELS vanishes when the kernel is compiled.

var<private> first_weights: array<u32, 4>;  // where each model's parameters begin
var<private> r: array<vec4f, 4>;            // its residuals of the one quad
var<private> s: array<vec4f, 4>;            // and of the other

fn choose_models(first_job: u32) {
  let size = config.feature_count + 1;
  first_weights = array<u32, 4>(
    job_at(first_job).model * size,
    job_at(first_job + 1).model * size,
    job_at(first_job + 2).model * size,
    job_at(first_job + 3).model * size,
  );
}

// The second quad of a turn: the next one of this invocation, or one beyond all where the share ends.
fn partner(quad: u32, last: u32) -> u32 {
  let next = quad + workgroup_size;
  return select(config.quad_count, next, next < last);
}

// Sets r and s for four examples each; 0 for those that only pad, and for a second quad beyond the last.
fn find_residuals(quad: u32, other: u32) {
  let d = config.feature_count;
  let quads = config.quad_count;
  var at = quad;
  var at_other = min(other, quads - 1);
  read_targets(at);
  r[0] = -target_of(0, at);
  if (MODELS > 1) { r[1] = -target_of(1, at); }
  if (MODELS > 2) { r[2] = -target_of(2, at); }
  if (MODELS > 3) { r[3] = -target_of(3, at); }
  read_targets(at_other);
  s[0] = -target_of(0, at_other);
  if (MODELS > 1) { s[1] = -target_of(1, at_other); }
  if (MODELS > 2) { s[2] = -target_of(2, at_other); }
  if (MODELS > 3) { s[3] = -target_of(3, at_other); }
  for (var j = 0u; j < d; j++) {
    let x = four(features[at]);
    let z = four(features[at_other]);
    add(0, j, x, z);
    if (MODELS > 1) { add(1, j, x, z); }
    if (MODELS > 2) { add(2, j, x, z); }
    if (MODELS > 3) { add(3, j, x, z); }
    at += quads;
    at_other += quads;
  }
  let has_r = present(quad);
  let has_s = present(other);
  finish(0, has_r, has_s);
  if (MODELS > 1) { finish(1, has_r, has_s); }
  if (MODELS > 2) { finish(2, has_r, has_s); }
  if (MODELS > 3) { finish(3, has_r, has_s); }
}

fn add(m: u32, j: u32, x: vec4f, z: vec4f) {
  let weight = parameters[first_weights[m] + j];
  r[m] += weight * x;
  s[m] += weight * z;
}

// The bias comes last, where only the residual is left to be rounded.
fn finish(m: u32, has_r: vec4<bool>, has_s: vec4<bool>) {
  let bias = parameters[first_weights[m] + config.feature_count];
  r[m] = select(vec4f(0), r[m] + bias, has_r);
  s[m] = select(vec4f(0), s[m] + bias, has_s);
}

fn present(quad: u32) -> vec4<bool> {
  return 4 * quad + vec4u(0, 1, 2, 3) < vec4u(config.example_count);
}
