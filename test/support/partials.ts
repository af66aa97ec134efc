import { expect } from 'vitest';
import { expectClose } from './close.js';

/** What of each sum's terms, taken positive, an f32 tree may lose. */
const ROUNDING = 5e-6;
const because = 'roundings of 2^-24 in 280 additions, which add up like a walk at random: five times √280 of them';

/**
 * Holds partials [partialCount, d + 2] of (Σ r·x, Σ r, Σ r²), added up in f64, against the sums [d + 2] of the reference.
 * `sizes` are the same sums over absolute values.
 */
export function expectPartials(
  partials: Float32Array,
  partialCount: number,
  expected: Float64Array,
  sizes: Float64Array,
): void {
  const rows = expected.length;
  expect(partials).toHaveLength(rows * partialCount);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let c = 0; c < partialCount; c++) sum += partials[c * rows + row] as number;
    expectClose([sum], [expected[row] as number], { absolute: ROUNDING * (sizes[row] as number), because });
  }
}
