// The twins of the kernels for several models, against numbers worked out by hand.

import { describe, expect, it } from 'vitest';
import { losses } from '../../src/reference/losses.js';
import { manyGradient, manyNarrow, manyResidual } from '../../src/reference/many.js';

const X = [Float64Array.of(1, 2, 3), Float64Array.of(-1, 0, 4)];
const Y = [Float64Array.of(0, 1, 2), Float64Array.of(5, 5, 5)];
const models = [
  { parameters: Float64Array.of(1, 2, 0.5), target: 0 }, // predicts -0.5, 2.5, 11.5
  { parameters: Float64Array.of(0, 1, 5), target: 1 }, // predicts 4, 5, 9
];
const residuals = [Float64Array.of(-0.5, 1.5, 9.5), Float64Array.of(-1, 0, 4)];

describe('the twins of several models', () => {
  it('find residuals, each by its own targets, and twice the losses', () =>
    expect(manyResidual(X, Y, models)).toEqual(
      residuals.map((r) => ({ residuals: r, twiceLosses: r.map((value) => value * value) })),
    ));

  it('add up Σ r·x, Σ r and Σ r²', () => {
    const sums = [Float64Array.of(31, 38.5, 10.5, 92.75), Float64Array.of(11, 17, 3, 17)];
    expect(
      manyGradient(
        X,
        residuals.map((r) => ({ residuals: r })),
      ),
    ).toEqual(sums);
    expect(manyNarrow(X, Y, models)).toEqual(sums);
  });

  it('find losses: half the mean square', () => {
    const points = models.map(({ parameters }) => parameters);
    expect([...losses(X, Y[0] as Float64Array, points)]).toEqual([92.75 / 6, (16 + 16 + 49) / 6]);
    expect(losses(X, Y[0] as Float64Array, [])).toHaveLength(0);
  });
});
