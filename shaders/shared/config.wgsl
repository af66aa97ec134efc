// What the kernels of an epoch know. The host writes one Config per shard (a run of consecutive examples in buffers of
// their own), or one per mini-batch, and one Settings per model (src/gpu/config.ts).

struct Config {
  example_count: u32,  // examples in the shard
  quad_count: u32,     // quads of four examples in the shard; what pads the last is zero
  feature_count: u32,  // d
  row_quads: u32,      // quads of four features in a row, where X lies row by row
  first_partial: u32,  // where the shard's partials begin among all partials
  partial_count: u32,  // partials of all shards: so many per row of sums
  huber_delta: f32,    // δ, the error up to which Huber's loss is squared
  first_example: u32,  // the examples at hand, those of one batch or all of the shard: the first,
  end_example: u32,    // and the one after the last
  batch_weight: f32,   // how much they count together; of no meaning where there is one batch
  even_weight: f32,    // how much batch_size examples count together on the average; likewise
  batch_count: u32,    // batches of an epoch: 1 for the full batch
  batch_size: u32,     // examples of each but the last, which may be smaller
  half_bits: u32,      // of batch_at (shared/batches.wgsl); 0 keeps the batches in their order
  order_key0: u32,
  order_key1: u32,
}

struct Settings {
  example_count: f32,  // m over all shards that it trains on, or their examples' weights: the divisor of loss and gradient
  learning_rate: f32,  // λ
  tolerance: f32,      // relative fall of the objective up to which an epoch is quiet; 0 never stops
  patience: u32,       // quiet epochs in a row that count as converged
  epochs: u32,         // the most there may be
  first_loss: u32,     // where its losses begin in the history of all models
  l1: f32,             // the penalties l1·Σ|w| + l2/2·Σ w², in training units
  l2: f32,
  first_factor: u32,   // where the factors on λ of its epochs begin among those of all models
  factor_count: u32,   // the last one holds for all later epochs; 0 for λ throughout
  optimizer: u32,
  momentum: f32,       // μ, or 0
  log_beta1: f32,      // ln β of Adam's means
  log_beta2: f32,
  epsilon: f32,        // of Adam
  average_from: u32,   // the first epoch whose update the average takes in, or NEVER
  path_every: u32,     // epochs from one point of its path to the next; 0 for no path
  first_point: u32,    // where its points begin in the history, d + 1 numbers each
}

struct Progress {
  epoch: u32,          // epochs finished
  stop_reason: u32,    // RUNNING, or why there are no more epochs
  quiet_epochs: u32,   // in a row, up to now
  loss: f32,           // of the last finished epoch, before its updates; with the penalties, where there are any
  batch: u32,          // batches of the epoch at hand that are done
  loss_sum: f32,       // their losses, each times its share of the examples: of all but the last few,
  last_losses: f32,    // and of these, so that no sum in f32 grows long
}

// Quads that an invocation adds up before it adds their sum to the ones before: no sum in f32 grows long.
const BLOCK = 256u;

const GRADIENT_DESCENT = 0u;
const MOMENTUM = 1u;
const NESTEROV = 2u;
const ADAM = 3u;
const CONJUGATE_GRADIENT = 4u;

const NEVER = 0xffffffffu;

const RUNNING = 0u;
const CONVERGED = 1u;
const DIVERGED = 2u;
const FINISHED = 3u;  // all its epochs
const EARLY_STOPPING = 4u;  // the loss of the held-out examples falls no more

// The share of a workgroup in so many items side by side: its first and the one after its last. Neighbouring items stay
// together, since memory is fetched in pieces longer than what a workgroup reads at a time.
fn share_of(items: u32, workgroup: u32, workgroups: u32) -> vec2u {
  let size = (items + workgroups - 1) / workgroups;
  let first = min(workgroup * size, items);
  return vec2u(first, min(first + size, items));
}
