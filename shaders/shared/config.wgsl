// What every kernel of the epoch knows. The host writes Config once per fit (src/gpu/config.ts).

struct Config {
  example_count: u32,  // m
  quad_count: u32,     // quads of four examples in a column, ⌈m/4⌉; what pads the last is zero
  feature_count: u32,  // d
  partial_count: u32,  // workgroups that share the examples: partials per row of sums
  patience: u32,       // quiet epochs in a row that count as converged
  learning_rate: f32,  // λ
  tolerance: f32,      // relative fall of the loss up to which an epoch is quiet; 0 never stops
}

struct Progress {
  epoch: u32,          // epochs finished
  stop_reason: u32,    // RUNNING, CONVERGED or DIVERGED
  quiet_epochs: u32,   // in a row, up to now
  loss: f32,           // of the last finished epoch, before its update
}

// Quads that an invocation adds up before it adds their sum to the ones before: no sum in f32 grows long.
const BLOCK = 64u;

const RUNNING = 0u;
const CONVERGED = 1u;
const DIVERGED = 2u;
