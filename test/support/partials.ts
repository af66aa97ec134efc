import { expect } from 'vitest';
import { expectClose } from './close.js';

/** What of each sum's terms, taken positive, an f32 tree may lose. */
const ROUNDING = 5e-6;
const because = 'up to 64 quads of 4 in a row and a tree of 16: under 90 roundings of 2^-24 each';

/**
 * Holds partials [d + 1, partialCount] of (Σ r·x, Σ r²), added up in f64, against the sums [d + 2] of the reference.
 * `sizes` are the same sums over absolute values.
 */
export function expectPartials(
  partials: Float32Array,
  partialCount: number,
  expected: Float64Array,
  sizes: Float64Array,
): void {
  const rows = expected.length - 1;
  expect(partials).toHaveLength(2 * rows * partialCount);
  const sum = (row: number, part: 0 | 1) => {
    let total = 0;
    for (let c = 0; c < partialCount; c++) total += partials[2 * (row * partialCount + c) + part] as number;
    return total;
  };
  for (let row = 0; row < rows; row++) {
    const absolute = ROUNDING * (sizes[row] as number);
    expectClose([sum(row, 0)], [expected[row] as number], { absolute, because });
  }
  const squares = Array.from({ length: rows }, (_, row) => sum(row, 1));
  expectClose([squares[0] as number], [expected[rows] as number], { relative: ROUNDING, because });
  expect(new Set(squares).size, 'every row has the same bits for the loss').toBe(1);
}
