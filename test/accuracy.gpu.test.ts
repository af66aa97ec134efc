// Gradient and loss held against f64. A sum in f32 of a million terms of one sign is off by 1e-3 if they are added one after the other, so
// that a million show it; test/trust/long/accuracy.gpu.test.ts has sixteen.

import { describeAccuracy } from './support/accurate-sums.js';

describeAccuracy([
  { what: 'uniform', rows: 1_000_003, maps: [(u) => 2 * u - 1, (u) => u] },
  { what: 'offset, from 250 to 320', rows: 1_000_000, maps: [(u) => 250 + 70 * u, (u) => 285 + 35 * u] },
  {
    what: 'of mixed scales',
    rows: 1_000_001,
    maps: [(u) => 1e-4 * (u - 0.3), (u) => 1e4 * (u - 0.6), (u) => u - 0.1],
  },
  { what: 'many, of twenty', rows: 500_003, maps: Array.from({ length: 20 }, (_, j) => (u) => u * (j - 7) + j) },
]);
