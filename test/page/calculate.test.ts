// The numbers of sections 1 to 4, which follow from the sums of the points, against fits and losses by the library.

import { describe, expect, it } from 'vitest';
import {
  bestLineOf,
  curvatureOf,
  datasetOf,
  gradientAt,
  lossesOf,
  momentsOf,
  stepFrom,
} from '../../demo/lesson/calculate.js';
import { PRESETS } from '../../demo/lesson/presets.js';
import { fit } from '../../src/index.js';

const LINE = { w: -0.7, b: 0.4 };

/** A few roundings of f64 for numbers up to a hundred. */
const ROUNDING = 1e-12;

describe.each(PRESETS)('the points of $id', ({ points }) => {
  const data = datasetOf(points);

  it('have the slopes that a step of the library with λ = 1 takes off', async () => {
    const slopes = gradientAt(await momentsOf(data), LINE);
    const next = await stepFrom(data, LINE, 1);
    expect(Math.abs(slopes.w - (LINE.w - next.w))).toBeLessThan(ROUNDING);
    expect(Math.abs(slopes.b - (LINE.b - next.b))).toBeLessThan(ROUNDING);
  });

  it('have the curvature from which the library has its limit of λ', async () => {
    const { w, b, largest, smallest } = curvatureOf(await momentsOf(data));
    const { report } = await fit(data, {
      backend: 'cpu',
      standardize: false,
      epochs: 1,
      learningRate: 1,
      tolerance: 0,
    });
    expect(Math.abs(2 / largest / (report.learningRateLimit as number) - 1)).toBeLessThan(1e-9); // its power iteration ends there
    expect(Math.abs(largest + smallest - (w + b))).toBeLessThan(ROUNDING * w); // the trace
  });

  it('have a loss that is quadratic along w, and lowest on the best line', async () => {
    const moments = await momentsOf(data);
    const [slope, bend] = [gradientAt(moments, LINE).w, curvatureOf(moments).w];
    const [here = 0, there = 0] = await lossesOf(data, [LINE, { ...LINE, w: LINE.w + 2 }]);
    expect(Math.abs(here + 2 * slope + 2 * bend - there) / there).toBeLessThan(ROUNDING);
    const best = await bestLineOf(data);
    const slopes = gradientAt(moments, best);
    expect(Math.max(Math.abs(slopes.w), Math.abs(slopes.b))).toBeLessThan(ROUNDING);
  });
});
