import { describe, expect, it } from 'vitest';
import { centerOf } from '../../src/sql/statistics.js';

describe('the centre of a column', () => {
  it.each([
    [1990, 2030, 2012.345678901],
    [-1e-9, 3e-9, 1.23456789e-9],
    [1e12, 1e12 + 5, 1e12 + 1.234],
    [-5e300, 7e300, 1.1e300],
    [0, 1e9, 17.77], // far from the middle: a few values are large
  ])('between %d and %d is near the average, in few digits', (least, largest, average) => {
    const center = centerOf(least, largest, average);
    // A standard deviation is at least the range over the root of twice the number of rows: 2^-21 of it for 2^41 rows.
    expect(Math.abs(center - average)).toBeLessThanOrEqual((largest - least) * 2 ** -21);
    const grain = 2 ** Math.floor(Math.log2(largest / 2 - least / 2) + 1 - 21);
    expect(center / grain).toBe(Math.round(center / grain));
  });

  it('is the value of a column that has one only, and the middle where the average overflowed', () => {
    expect(centerOf(0.1, 0.1, 0.10000000000000002)).toBe(0.1);
    expect(centerOf(1, 3, Number.NaN)).toBe(2);
    expect(centerOf(-1.7e308, 1.7e308, Infinity)).toBe(0);
  });
});
