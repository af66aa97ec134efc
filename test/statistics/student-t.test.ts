// p of a t statistic against closed forms and published quantiles.

import { describe, expect, it } from 'vitest';
import { twoSidedP } from '../../src/model/student-t.js';
import { expectClose } from '../support/close.js';

const T = [1e-6, 0.01, 0.3, 1, 2, 3.5, 10, 100, 1e5];
const because = 'a few roundings, more where the exponential is of a large number';

describe('the two-sided p of t', () => {
  it('is that of Cauchy for one degree of freedom, 2/π·atan(1/t)', () => {
    const expected = T.map((t) => (2 / Math.PI) * Math.atan(1 / t));
    expectClose(T.map((t) => twoSidedP(t, 1)), expected, { relative: 1e-14, because }); // prettier-ignore
  });

  it('is algebraic for two and four degrees', () => {
    // 1 − t/√(2 + t²), and 1 − (3/2)(s − s³/3) with s = t/√(4 + t²), as products that do not cancel
    const two = T.map((t) => 2 / (2 + t * t) / (1 + t / Math.sqrt(2 + t * t)));
    expectClose(T.map((t) => twoSidedP(t, 2)), two, { relative: 1e-14, because }); // prettier-ignore
    const four = T.map((t) => {
      const s = t / Math.sqrt(4 + t * t);
      const left = 4 / (4 + t * t) / (1 + s); // 1 − s
      return left * left * (1 + s / 2);
    });
    expectClose(T.map((t) => twoSidedP(t, 4)), four, { relative: 1e-14, because }); // prettier-ignore
  });

  it('holds an arctangent for three degrees', () => {
    const expected = [0.3, 1, 2].map((t) => {
      const angle = Math.atan(t / Math.sqrt(3));
      return 1 - (2 / Math.PI) * (angle + Math.sin(angle) * Math.cos(angle));
    });
    expectClose([0.3, 1, 2].map((t) => twoSidedP(t, 3)), expected, { relative: 1e-14, because }); // prettier-ignore
  });

  it.each([
    // Abramowitz and Stegun, Handbook of Mathematical Functions, table 26.10: three decimals of t
    [12.706, 1, 0.05],
    [2.571, 5, 0.05],
    [2.228, 10, 0.05],
    [3.169, 10, 0.01],
    [2.042, 30, 0.05],
    [1.98, 120, 0.05],
    [3.373, 120, 0.001],
  ])('is as in tables: t = %d with %i degrees gives %d', (t, degrees, p) =>
    expectClose([twoSidedP(t, degrees)], [p], { relative: 3e-3, because: 'a thousandth of t' }),
  );

  it('becomes the normal one with many degrees', () => {
    const because = 't differs from normal by some t⁴/(4ν) of itself';
    // erfc(t/√2): of 1.959963984540054 that is 0.05, of 6 it is 1.973175290075396e-9
    expectClose([twoSidedP(1.959963984540054, 1e8), twoSidedP(6, 1e8)], [0.05, 1.973175290075396e-9], {
      relative: 1e-5,
      because,
    });
  });

  it('is 1 at 0, falls with the size of t whatever its sign, and is 0 at infinity', () => {
    expect([twoSidedP(0, 5), twoSidedP(Infinity, 5), twoSidedP(-2, 7)]).toEqual([1, 0, twoSidedP(2, 7)]);
    for (const degrees of [1, 2, 5, 50, 199, 200, 201, 1e4]) {
      const values = Array.from({ length: 400 }, (_, i) => twoSidedP(i / 20, degrees));
      for (const [i, p] of values.entries()) expect(p).toBeLessThanOrEqual(values[i - 1] ?? 1);
      expect(values.at(-1)).toBeGreaterThan(0);
    }
  });
});
