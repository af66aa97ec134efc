// The sums over the examples of one mini-batch, whose residuals lie in workgroup memory. Needs the bindings config,
// features and targets, and the current parameters.

override most_quads: u32 = 1;  // the most quads that a batch lies in

var<workgroup> residuals: array<vec4f, most_quads>;

// Writes the residuals of a lane's quads of the batch. Returns the sums of twice their losses and of their weights.
fn take_residuals(lane: u32, batch: vec2u) -> vec2f {
  let d = config.feature_count;
  let first = batch.x / 4;
  var sums = vec2f(0);
  for (var quad = first + lane; 4 * quad < batch.y; quad += workgroup_size) {
    var prediction = vec4f(parameters[d]);
    var at = quad;
    for (var j = 0u; j < d; j++) {
      prediction += parameters[j] * four(features[at]);
      at += config.quad_count;
    }
    let example = 4 * quad + vec4u(0, 1, 2, 3);
    let present = (example >= vec4u(batch.x)) & (example < vec4u(batch.y));
    let y = targets[quad];
    let e = select(absent(y), prediction - origin(y), present);
    residuals[quad - first] = weighted(slope(e, y), quad);
    sums += vec2f(weighted_losses(e, y, quad), dot(weighted(select(vec4f(0), vec4f(1), present), quad), vec4f(1)));
  }
  return sums;
}

// Σ r·xⱼ over the batch, or Σ r for the bias.
fn gradient(parameter: u32, batch: vec2u) -> f32 {
  let first = batch.x / 4;
  let count = (batch.y + 3) / 4 - first;
  var sums = vec4f(0);
  if (parameter == config.feature_count) {
    for (var quad = 0u; quad < count; quad++) {
      sums += residuals[quad];
    }
  } else {
    let at = parameter * config.quad_count + first;
    for (var quad = 0u; quad < count; quad++) {
      sums += residuals[quad] * four(features[at + quad]);
    }
  }
  return dot(sums, vec4f(1));
}
