// The oracle against answers that were published, worked out by hand, or found by another method.

import { describe, expect, it } from 'vitest';
import { createDataset } from '../../src/data/dataset.js';
import { leastSquares } from '../../src/reference/qr.js';
import { zScores } from '../../src/reference/standardize.js';
import { expectClose } from '../support/close.js';
import { published } from '../support/published.js';
import { examples, uniforms } from '../support/examples.js';
import { curvatureMatrix, symmetricEigenvalues } from '../support/jacobi.js';

describe('published answers', () => {
  it('are found for norris, certified by NIST', async () => {
    const { weights, bias } = leastSquares(await published('norris', 'y'));
    expectClose([bias, ...weights], [-0.262323073774029, 1.00211681802045], {
      relative: 1e-11,
      because: 'a log relative error of at least 11 digits',
    });
  });

  it('are found for longley, certified by NIST, whose features are nearly dependent', async () => {
    const { weights, bias, conditionNumber } = leastSquares(await published('longley', 'employed'));
    const certified = [
      -3482258.63459582, 15.0618722713733, -0.035819179292591, -2.02022980381683, -1.03322686717359,
      -0.0511041056535807, 1829.15146461355,
    ];
    expectClose([bias, ...weights], certified, {
      relative: 1e-10,
      because: 'a log relative error of at least 10 digits: 16 less twice the condition number of 110',
    });
    expect(conditionNumber).toBeGreaterThan(100);
    expect(conditionNumber).toBeLessThan(120);
  });

  it('are found for stackloss, from its exact solution', async () => {
    const { weights, bias } = leastSquares(await published('stackloss', 'stack_loss'));
    const exact = [-39.919674420124, 0.715640200485283, 1.29528612438857, -0.152122519148652];
    expectClose([bias, ...weights], exact, { relative: 1e-12, because: 'features of 2 digits, well conditioned' });
  });
});

describe('QR', () => {
  it('gives one example its target, by no feature', () => {
    const { weights, bias } = leastSquares(createDataset({ features: [[3, -4]], targets: [7] }));
    expect([[...weights], bias]).toEqual([[0, 0], 7]);
  });

  it('gives two examples of one feature the line through both', () => {
    const { weights, bias } = leastSquares(createDataset({ features: [[1], [3]], targets: [5, 11] }));
    expectClose([...weights, bias], [3, 2], { relative: 1e-14, because: 'a few roundings' });
  });

  it('meets every target of fewer examples than parameters', () => {
    const dataset = examples(6, 4, 7);
    const { weights, bias, conditionNumber } = leastSquares(dataset);
    const predictions = Array.from(dataset.targets, (_, i) =>
      dataset.columns.reduce((sum, column, j) => sum + (weights[j] as number) * (column[i] as number), bias),
    );
    expectClose(predictions, dataset.targets, { absolute: 1e-12, because: 'exact but for rounding' });
    expect(conditionNumber).toBe(Infinity);
    expect([...weights.subarray(3)]).toEqual([0, 0, 0, 0]);
  });

  it.each([
    [5, 2],
    [17, 16],
    [64, 3],
    [100, 17],
  ])('leaves residuals at right angles to every feature: %i examples of %i features', (m, d) => {
    const dataset = examples(m, m, d);
    const { weights, bias } = leastSquares(dataset);
    const residuals = Array.from(dataset.targets, (target, i) =>
      dataset.columns.reduce((rest, column, j) => rest - (weights[j] as number) * (column[i] as number), target - bias),
    );
    const products = [...dataset.columns, new Float64Array(m).fill(1)].map((column) =>
      residuals.reduce((sum, rest, i) => sum + rest * (column[i] as number), 0),
    );
    const because = 'm products of numbers near 1, and weights that grow with the condition number';
    expectClose(
      products,
      products.map(() => 0),
      { absolute: 1e-10, because },
    );
  });
});

describe('columns that hold nothing new', () => {
  const base = examples(3, 30, 2);
  const [x1, x2] = base.columns as [Float64Array, Float64Array];
  const alone = leastSquares(base);
  const with3 = (x3: Float64Array) => leastSquares(createDataset({ columns: { x1, x2, x3 }, targets: base.targets }));

  it('get weight 0 as a sum of others, whose weights stay; the condition is infinite', () => {
    const { weights, bias, conditionNumber } = with3(x1.map((value, i) => 2 * value - 3 * (x2[i] as number) + 5));
    expectClose([...weights, bias], [...alone.weights, 0, alone.bias], { absolute: 1e-12, because: 'rounding' });
    expect(weights[2]).toBe(0);
    expect(conditionNumber).toBe(Infinity);
  });

  it('count where they come first as copies', () => {
    const copy = createDataset({ columns: { x1, again: x1, x2 }, targets: base.targets });
    const { weights } = leastSquares(copy);
    const because = 'rounding';
    expectClose(weights, [alone.weights[0] as number, 0, alone.weights[1] as number], { absolute: 1e-12, because });
  });

  // The mean of equal numbers is rounded, so that 0.1 less it may not be 0.
  it.each([0, 4, 0.1, -1 / 3, 1e9 / 7])('get weight 0 as constants and spoil nothing: %d', (value) => {
    const { weights, bias, conditionNumber } = with3(new Float64Array(30).fill(value));
    expectClose([...weights, bias], [...alone.weights, 0, alone.bias], { absolute: 1e-12, because: 'rounding' });
    expect(weights[2]).toBe(0);
    expectClose([conditionNumber], [alone.conditionNumber], { relative: 1e-12, because: 'rounding' });
  });

  it('leave the mean of the targets if all are constants', () => {
    const dataset = createDataset({ columns: { a: [0.1, 0.1, 0.1] }, targets: [1, 2, 6] });
    const { weights, bias, conditionNumber } = leastSquares(dataset);
    expect([[...weights], bias, conditionNumber]).toEqual([[0], 3, 1]);
  });

  it('are told from near copies: a difference of 1e-7 has its own weight', () => {
    const near = x1.map((value, i) => value + 1e-7 * (x2[i] as number));
    const targets = x1.map((value, i) => 2 * value - 3 * (near[i] as number) + 0.5);
    const { weights, bias, conditionNumber } = leastSquares(createDataset({ columns: { x1, near }, targets }));
    const because = 'a condition number of 1e7 takes 7 digits, and 2 are left to chance';
    expectClose([...weights, bias], [2, -3, 0.5], { relative: 1e-7, because });
    expect(conditionNumber).toBeGreaterThan(1e7);
    expect(conditionNumber).toBeLessThan(1e8);
  });

  it('are told from a feature that varies by a millionth of its offset', () => {
    const shifted = x1.map((value) => 1e6 + value);
    const dataset = createDataset({ columns: { shifted, x2 }, targets: base.targets });
    const because = 'an offset of 1e6 takes 6 of 16 digits';
    expectClose(leastSquares(dataset).weights, alone.weights, { relative: 1e-8, because });
  });
});

describe('the condition number', () => {
  it('is √(λmax/λmin) of the correlations, by Jacobi', () => {
    for (const [m, d] of [
      [20, 1],
      [40, 2],
      [40, 5],
      [120, 12],
    ] as const) {
      // prettier-ignore
      const dataset = examples(d, m, d);
      const scores = dataset.columns.map((column) => zScores(column).values);
      const correlations = curvatureMatrix(scores).slice(0, d).map((row) => row.slice(0, d)); // prettier-ignore
      const eigenvalues = symmetricEigenvalues(correlations);
      const expected = Math.sqrt((eigenvalues.at(-1) as number) / (eigenvalues[0] as number));
      const because = 'Lanczos ends at a residual of 1e-3, and an eigenvalue is off by about its square';
      expectClose([leastSquares(dataset).conditionNumber], [expected], { relative: 1e-5, because });
    }
  });

  it('is √((1 + ρ)/(1 − ρ)) for two features of correlation ρ, blind to offsets and units', () => {
    // (1, 1, −1, −1) and (1, −1, 1, −1) are at right angles; their mix has correlation 0.6 with the first.
    const [a, b] = [[1, 1, -1, -1], [1, -1, 1, -1]] as const; // prettier-ignore
    const mixed = a.map((value, i) => 1000 * (0.6 * value + 0.8 * (b[i] as number)) - 300);
    const dataset = createDataset({ columns: { a: [...a], mixed }, targets: uniforms(1, 4) });
    expectClose([leastSquares(dataset).conditionNumber], [2], { relative: 1e-12, because: 'rounding' });
  });
});

it('QR leaves the dataset as it is', () => {
  const dataset = examples(8, 12, 3);
  const before = [...dataset.columns, dataset.targets].map((values) => values.slice());
  leastSquares(dataset);
  expect([...dataset.columns, dataset.targets]).toEqual(before);
});
