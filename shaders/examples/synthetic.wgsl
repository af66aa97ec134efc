// synthetic: examples drawn on the device, straight into the buffers that training reads.
// with: synthetic_rows/* synthetic_output/* philox random_numbers
//
// Each example depends on the seed and its own index alone, by the words that src/data/draw-synthetic.ts lists. Four
// examples per invocation, four features at a time. The answer to synthetic_rows decides which examples a shard holds.
// The host appends the constants NORMAL, CORRELATED, OUTLIERS, LOGISTIC, ROWS, REMAINDER = d mod 4, TAIL (words of
// features that fill no block of four) and WIDE (there are other blocks), so that no number is drawn in vain.

@group(0) @binding(0) var<uniform> shard: Shard;
@group(0) @binding(1) var<storage, read> truth: array<f32>;             // [d + 1] weights, then the bias
@group(0) @binding(2) var<storage, read_write> features: array<Stored>; // [d, quads], [rows, column_quads], or as a table [m, d]
@group(0) @binding(3) var<storage, read_write> targets: array<Stored>;  // [target_quads]; as a table [m]

override workgroup_size: u32 = 64;

struct Shard {
  seed_low: u32,
  seed_high: u32,
  first_low: u32,      // index of the first example, a multiple of four
  first_high: u32,
  example_count: u32,  // padded with zeros to whole quads or rows
  quad_count: u32,     // quads of examples, padding included
  target_quads: u32,   // quads that have targets
  row_count: u32,      // with ROWS: examples, padding included
  column_quads: u32,   // with ROWS: quads of features in a row, ⌈d/4⌉ or more
  feature_count: u32,  // d
  noise: f32,          // standard deviation
  outliers: f32,       // share of the examples whose noise is OUTLIER_SCALE times as large
  own_part: f32,       // √(1 − ρ), of a feature's own number
  factor_part: f32,    // √ρ, of the number that all features of an example share
}

// Four examples by their indices in the whole dataset, low + 2^32·high.
struct Rows { low: vec4u, high: u32 }

const OUTLIER_SCALE = 10.0;
const STREAM = 0u; // the stream of examples

@compute @workgroup_size(workgroup_size)
fn synthetic(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let d = shard.feature_count;
  let key = vec2u(shard.seed_low, shard.seed_high);
  var full = d / 4; // number of blocks whose four words are all features
  if (NORMAL) { full = (d + 1) / 4; }
  let tail_weights = weights(full);
  let bias = truth[d];
  // Neighbouring quads stay with one workgroup, since memory is written in pieces longer than a quad.
  let share = (shard.quad_count + workgroups.x - 1) / workgroups.x;
  let last = min((workgroup.x + 1) * share, shard.quad_count);
  for (var quad = workgroup.x * share + lane; quad < last; quad += workgroup_size) {
    let examples = rows_of(quad);
    let live = select(vec4f(0), vec4f(1), 4 * quad + vec4u(0, 1, 2, 3) < vec4u(shard.example_count));

    let tail = philox(examples.low, examples.high, full, STREAM, key);
    var noise = array(tail.w0, tail.w1, tail.w2, tail.w3, tail.w0);
    if (TAIL == 3) { noise[4] = philox(examples.low, examples.high, full + 1, STREAM, key).w0; }
    var scale = vec4f(shard.noise);
    var factor = vec4f(0);
    if (CORRELATED || OUTLIERS) {
      let extra = philox(examples.low, examples.high, full + 1 + TAIL / 3, STREAM, key);
      if (CORRELATED && NORMAL) { factor = shard.factor_part * radius(extra.w0) * cosine(extra.w1); }
      if (CORRELATED && !NORMAL) { factor = shard.factor_part * signed_uniform(extra.w0); }
      if (OUTLIERS) { scale *= select(vec4f(1), vec4f(OUTLIER_SCALE), unsigned_uniform(extra.w2) < vec4f(shard.outliers)); }
    }

    var sum = vec4f(bias);
    if (WIDE) {
      for (var block = 0u; block < full; block++) {
        let x = tile(philox(examples.low, examples.high, block, STREAM, key), factor, live);
        put(x, min(4, d - 4 * block), block, quad);
        sum += x * weights(block);
      }
    }
    if (TAIL > 0) {
      let x = tile(tail, factor, live);
      put(x, REMAINDER, full, quad);
      sum += x * tail_weights;
    }
    if (ROWS) {
      for (var block = (d + 3) / 4; block < shard.column_quads; block++) { put(mat4x4f(), 0, block, quad); }
    }
    if (quad < shard.target_quads) {
      if (LOGISTIC) { put_targets(live * label(sum, noise[TAIL]), quad); }
      else { put_targets(live * (sum + scale * radius(noise[TAIL]) * cosine(noise[TAIL + 1])), quad); }
    }
  }
}

// Features 4·block to 4·block + 3 of the four examples, a column each.
fn tile(words: Words, factor: vec4f, live: vec4f) -> mat4x4f {
  var x0 = signed_uniform(words.w0); var x1 = signed_uniform(words.w1);
  var x2 = signed_uniform(words.w2); var x3 = signed_uniform(words.w3);
  if (NORMAL) {
    let r0 = radius(words.w0);
    let r2 = radius(words.w2);
    x0 = r0 * cosine(words.w1); x1 = r0 * sine(words.w1);
    x2 = r2 * cosine(words.w3); x3 = r2 * sine(words.w3);
  }
  if (CORRELATED) {
    x0 = shard.own_part * x0 + factor; x1 = shard.own_part * x1 + factor;
    x2 = shard.own_part * x2 + factor; x3 = shard.own_part * x3 + factor;
  }
  return mat4x4f(live * x0, live * x1, live * x2, live * x3);
}

// Weights 4·block to 4·block + 3; zeros beyond the last feature.
fn weights(block: u32) -> vec4f {
  let d = shard.feature_count;
  let j = 4 * block + vec4u(0, 1, 2, 3);
  let at = min(j, vec4u(d));
  return select(vec4f(0), vec4f(truth[at.x], truth[at.y], truth[at.z], truth[at.w]), j < vec4u(d));
}
