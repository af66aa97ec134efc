// Several models at a time for 1 to 16 features, all in registers, so that each read of X serves MODELS of them. Needs
// the bindings config, features, targets and parameters, FEATURES and MODELS, a loss, and the kernel's add_model.
//
// Registers have no index: an array stays in them where every index is known when the kernel is compiled. So the inner
// loop is written out model by model and feature by feature, and the lines beyond MODELS and FEATURES vanish. Code that
// runs once per invocation goes through arrays in memory, which are copied as a whole.

var<private> weights: array<f32, MODELS * FEATURES>;
var<private> biases: array<f32, MODELS>;

// Four examples, column by column.
var<private> x: array<vec4f, 16>;

fn load_models(first_entry: u32) {
  var w: array<f32, MODELS * FEATURES>;
  var b: array<f32, MODELS>;
  for (var m = 0u; m < MODELS; m++) {
    let at = entry_at(first_entry + m).model * (FEATURES + 1);
    for (var j = 0u; j < FEATURES; j++) {
      w[m * FEATURES + j] = parameters[at + j];
    }
    b[m] = parameters[at + FEATURES];
  }
  weights = w;
  biases = b;
}

fn read_examples(quad: u32) {
  let quads = config.quad_count;
  var at = quad;  // index of the current column; added up, since a product costs more
  x[0] = four(features[at]);
  if (FEATURES > 1) { at += quads; x[1] = four(features[at]); }
  if (FEATURES > 2) { at += quads; x[2] = four(features[at]); }
  if (FEATURES > 3) { at += quads; x[3] = four(features[at]); }
  if (FEATURES > 4) { at += quads; x[4] = four(features[at]); }
  if (FEATURES > 5) { at += quads; x[5] = four(features[at]); }
  if (FEATURES > 6) { at += quads; x[6] = four(features[at]); }
  if (FEATURES > 7) { at += quads; x[7] = four(features[at]); }
  if (FEATURES > 8) { at += quads; x[8] = four(features[at]); }
  if (FEATURES > 9) { at += quads; x[9] = four(features[at]); }
  if (FEATURES > 10) { at += quads; x[10] = four(features[at]); }
  if (FEATURES > 11) { at += quads; x[11] = four(features[at]); }
  if (FEATURES > 12) { at += quads; x[12] = four(features[at]); }
  if (FEATURES > 13) { at += quads; x[13] = four(features[at]); }
  if (FEATURES > 14) { at += quads; x[14] = four(features[at]); }
  if (FEATURES > 15) { at += quads; x[15] = four(features[at]); }
}

// start + X·w of the four examples for model m, which is known when the kernel is compiled.
fn plus_product(m: u32, start: vec4f) -> vec4f {
  let w = m * FEATURES;
  var r = start + weights[w] * x[0];
  if (FEATURES > 1) { r += weights[w + 1] * x[1]; }
  if (FEATURES > 2) { r += weights[w + 2] * x[2]; }
  if (FEATURES > 3) { r += weights[w + 3] * x[3]; }
  if (FEATURES > 4) { r += weights[w + 4] * x[4]; }
  if (FEATURES > 5) { r += weights[w + 5] * x[5]; }
  if (FEATURES > 6) { r += weights[w + 6] * x[6]; }
  if (FEATURES > 7) { r += weights[w + 7] * x[7]; }
  if (FEATURES > 8) { r += weights[w + 8] * x[8]; }
  if (FEATURES > 9) { r += weights[w + 9] * x[9]; }
  if (FEATURES > 10) { r += weights[w + 10] * x[10]; }
  if (FEATURES > 11) { r += weights[w + 11] * x[11]; }
  if (FEATURES > 12) { r += weights[w + 12] * x[12]; }
  if (FEATURES > 13) { r += weights[w + 13] * x[13]; }
  if (FEATURES > 14) { r += weights[w + 14] * x[14]; }
  if (FEATURES > 15) { r += weights[w + 15] * x[15]; }
  return r;
}

// Adds four examples to the block of every model, by the kernel's own add_model.
fn add_models(quad: u32) {
  add_model(0, quad);
  if (MODELS > 1) { add_model(1, quad); }
  if (MODELS > 2) { add_model(2, quad); }
  if (MODELS > 3) { add_model(3, quad); }
  if (MODELS > 4) { add_model(4, quad); }
  if (MODELS > 5) { add_model(5, quad); }
  if (MODELS > 6) { add_model(6, quad); }
  if (MODELS > 7) { add_model(7, quad); }
  if (MODELS > 8) { add_model(8, quad); }
  if (MODELS > 9) { add_model(9, quad); }
  if (MODELS > 10) { add_model(10, quad); }
  if (MODELS > 11) { add_model(11, quad); }
  if (MODELS > 12) { add_model(12, quad); }
  if (MODELS > 13) { add_model(13, quad); }
  if (MODELS > 14) { add_model(14, quad); }
  if (MODELS > 15) { add_model(15, quad); }
}

// The errors of a model for the padded quad. Runs once, so it may read from memory; the bias comes last, as in losses.
fn padded_errors(entry: ModelEntry, quad: u32) -> vec4f {
  let quads = config.quad_count;
  let at = entry.model * (FEATURES + 1);
  var e = -origin(targets[entry.column * quads + quad]);
  for (var j = 0u; j < FEATURES; j++) {
    e += parameters[at + j] * four(features[j * quads + quad]);
  }
  let present = 4 * quad + vec4u(0, 1, 2, 3) < vec4u(config.example_count);
  return select(absent(vec4f(0)), e + parameters[at + FEATURES], present);
}
