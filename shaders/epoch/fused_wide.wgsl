// fused_wide: residual and gradient in one pass over X, row by row, for more features than fused_narrow takes.
// with: wide config storage/* loss/* example_weight/row_*
//
// LANES neighbouring lanes of a subgroup share a row: its numbers are read once, stay in registers while the lanes add
// up the prediction among themselves, and are used again for the gradient, with no barrier and no memory in between. A
// workgroup is one subgroup, which takes SUBGROUP / LANES rows at a time; each lane holds SEGMENTS times sixteen
// columns. These three are appended by the host, and the segments beyond SEGMENTS vanish when the kernel is compiled.

enable subgroups;

@group(0) @binding(0) var<uniform> config: Config;
@group(0) @binding(1) var<storage, read> features: array<Stored>;         // [rows, row_quads] row-major, padded with zeros
@group(0) @binding(2) var<storage, read> targets: array<f32>;             // [rows]
@group(0) @binding(3) var<storage, read> parameters: array<f32>;          // [d + 1] weights, then the bias
@group(0) @binding(4) var<storage, read> progress: array<Progress>;       // [1]
@group(0) @binding(5) var<storage, read_write> partials: array<f32>;      // [partial_count, d + 2]

const ROWS = SUBGROUP / LANES;

@compute @workgroup_size(SUBGROUP)
fn fused_wide(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  if (progress[0].stop_reason != RUNNING) {
    return;
  }
  let first = config.first_example;
  let examples = config.end_example - first;
  let column = lane % LANES;
  let share = first + ROWS * share_of((examples + ROWS - 1) / ROWS, workgroup.x, workgroups.x);
  let bias = parameters[config.feature_count];
  var w = load_weights(column);
  var x = Row();
  var g = Row();
  var bias_and_loss = vec2f(0);
  var base = share.x;
  while (base < share.y) {
    var block = Row();
    var block_bias_and_loss = vec2f(0);
    let end = min(share.y, base + 4 * BLOCK * ROWS);
    if (SEGMENTS == 1) {  // two rows at once, so that more loads share the cost of a turn
      for (; base + ROWS < end; base += 2 * ROWS) {
        let r0 = residual_of(load_row(&x, &w, base + lane / LANES, column), bias, base + lane / LANES);
        add_scaled(&block, &x, r0.x);
        let r1 = residual_of(load_row(&x, &w, base + ROWS + lane / LANES, column), bias, base + ROWS + lane / LANES);
        add_scaled(&block, &x, r1.x);
        block_bias_and_loss += r0 + r1;
      }
    }
    for (; base < end; base += ROWS) {
      let r = residual_of(load_row(&x, &w, base + lane / LANES, column), bias, base + lane / LANES);
      add_scaled(&block, &x, r.x);
      block_bias_and_loss += r;
    }
    add_scaled(&g, &block, 1);
    bias_and_loss += block_bias_and_loss;
  }
  for (var mask = LANES; mask < SUBGROUP; mask <<= 1) {  // the rows that one subgroup took at a time
    var other = shuffled(g, mask);
    add_scaled(&g, &other, 1);
    bias_and_loss += subgroupShuffleXor(bias_and_loss, mask);
  }
  if (lane < LANES) {
    write(g, bias_and_loss, workgroup.x, column);
  }
}

// The residual, which is the slope of the row's loss, and twice its loss, from this lane's share of X·w. Both are 0 for
// rows past the end of the batch, which the last turn reads as well.
fn residual_of(share: f32, bias: f32, row: u32) -> vec2f {
  var prediction = share;
  if (LANES == SUBGROUP) {
    prediction = subgroupAdd(prediction);
  } else {
    for (var mask = 1u; mask < LANES; mask <<= 1) { prediction += subgroupShuffleXor(prediction, mask); }
  }
  let y = vec4f(targets[row]);
  let e = prediction + bias - origin(y);
  let slope_and_loss = row_weighted(vec2f(slope(e, y).x, twice_loss(e, y).x), row);
  return select(vec2f(0), slope_and_loss, row < config.end_example);
}
