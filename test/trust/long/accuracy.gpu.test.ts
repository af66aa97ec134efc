// test/accuracy.gpu.test.ts with more examples.

import { describeAccuracy } from '../../support/accurate-sums.js';

describeAccuracy([
  { what: 'more than 2^24', rows: 2 ** 24 + 3, maps: [(u) => u - 0.25] },
  { what: 'offset, from 250 to 320', rows: 10_000_000, maps: [(u) => 250 + 70 * u, (u) => 285 + 35 * u] },
  {
    what: 'of mixed scales',
    rows: 4_000_001,
    maps: [(u) => 1e-4 * (u - 0.3), (u) => 1e4 * (u - 0.6), (u) => u - 0.1],
  },
]);
