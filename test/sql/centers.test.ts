import { describe, expect, it } from 'vitest';
import { centerOf } from '../../src/sql/statistics.js';

describe('the centre of a column', () => {
  it.each([2012.345678901, -1.23456789e-9, 1e12 + 1.234, 1.1e300, -17.77, Math.PI * 2 ** -1060])(
    'near %d is a number of forty bits',
    (average) => {
      const center = centerOf(average);
      expect(Math.abs(center - average)).toBeLessThanOrEqual(Math.abs(average) * 2 ** -40);
      const grain = 2 ** (Math.floor(Math.log2(Math.abs(average))) - 40);
      if (grain > 0) expect(center / grain).toBe(Math.round(center / grain));
    },
  );

  it('is the average where that is short, and a number at the end of f64', () => {
    for (const average of [0, 1, -3, 0.5, 2026]) expect(centerOf(average)).toBe(average);
    for (const average of [Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE])
      expect(Number.isFinite(centerOf(average))).toBe(true);
  });
});
