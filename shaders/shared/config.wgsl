// The uniforms and constants of the kernels of an epoch. The host writes one Config per shard (a run of consecutive
// examples in buffers of their own), or one per mini-batch, and one Settings per model (src/gpu/kernels/uniforms.ts).

struct Config {
  example_count: u32,  // examples in the shard
  quad_count: u32,     // quads of four examples in the shard, the last one padded with zeros
  feature_count: u32,  // d
  row_quads: u32,      // quads of four features in a row, if X lies row by row
  first_partial: u32,  // index of the shard's first partial among all
  partial_count: u32,  // partials of all shards, for each row of sums
  huber_delta: f32,    // δ, the error up to which Huber's loss is squared
  first_example: u32,  // first example of the batch in the shard,
  end_example: u32,    // and the one after its last
  batch_weight: f32,   // total weight of the batch; not used for the full batch
  even_weight: f32,    // mean total weight of batch_size examples; not used for the full batch
  batch_count: u32,    // batches of an epoch: 1 for the full batch
  batch_size: u32,     // examples per batch; the last one may be smaller
  half_bits: u32,      // for batch_at (shared/batch_order.wgsl); 0 keeps the batches in their order
  order_key0: u32,
  order_key1: u32,
}

struct Settings {
  example_count: f32,  // m over all training shards, or the total weight: the divisor of loss and gradient
  learning_rate: f32,  // λ
  tolerance: f32,      // an epoch is quiet if the objective falls by no more than this fraction; 0 never stops
  patience: u32,       // consecutive quiet epochs that count as a plateau
  epochs: u32,         // the most epochs
  first_loss: u32,     // index of its first loss in the history of all models
  l1: f32,             // the penalties l1·Σ|w| + l2/2·Σ w², in training units
  l2: f32,
  first_factor: u32,   // index of its first factor on λ by epoch, among those of all models
  factor_count: u32,   // factors; the last one holds for all later epochs; 0 for a constant λ
  optimizer: u32,
  momentum: f32,       // μ, or 0
  log_beta1: f32,      // ln β of Adam's means
  log_beta2: f32,
  epsilon: f32,        // of Adam
  average_from: u32,   // the first epoch whose updates are averaged, or NEVER
  path_every: u32,     // epochs between two points of its path; 0 for no path
  first_point: u32,    // index of its first point in the history, d + 1 numbers each
}

struct Progress {
  epoch: u32,          // epochs finished
  stop_reason: u32,    // RUNNING, or the reason to stop
  quiet_epochs: u32,   // consecutive epochs without improvement, up to now
  loss: f32,           // of the last finished epoch, before its updates; with the penalties
  batch: u32,          // finished batches of the current epoch
  loss_sum: f32,       // their losses, each times its share of the examples: all but the last few,
  last_losses: f32,    // and the last few, so that no sum in f32 grows long
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
const PLATEAU = 1u;
const DIVERGED = 2u;
const FINISHED = 3u;  // all epochs done
const EARLY_STOPPING = 4u;  // the validation loss falls no more

// The share of a workgroup in a number of items: its first item and the one after its last. Neighbouring items stay
// together, since memory is fetched in pieces longer than a workgroup reads at a time.
fn share_of(items: u32, workgroup: u32, workgroups: u32) -> vec2u {
  let size = (items + workgroups - 1) / workgroups;
  let first = min(workgroup * size, items);
  return vec2u(first, min(first + size, items));
}
