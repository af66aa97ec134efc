// The answer of a fit held against the optimum, in sizes of effects.

import { describe, expect, test } from 'vitest';
import { createDataset, type Dataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import { checkOptimum } from '../../src/node/cli/check-optimum.js';
import { type CheckedParameters, spread } from '../../src/node/cli/check.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import { leastSquares } from '../../src/reference/qr.js';
import { syntheticRegression } from '../../src/data/synthetic.js';
import type { FitReport } from '../../src/descent/report.js';
import { expectClose } from '../support/close.js';
import { DEFAULTS } from '../support/defaults.js';

describe('the comparison with the optimum', () => {
  const { dataset: examples } = syntheticRegression({ rows: 300, features: 3, seed: 5 });
  const ended = (options: Partial<FitReport['settings']> = {}) => ({
    settings: { ...(DEFAULTS as FitReport['settings']), ...options },
    stopReason: 'converged' as const,
  });
  const compareAt = async (data: Dataset, trained: CheckedParameters, options: Partial<FitReport['settings']> = {}) => {
    const found = await checkOptimum(data, trained, ended(options));
    if (!found) throw new TypeError('few examples take little time');
    return found;
  };
  const fitted = (data: Dataset, options: FitOptions) => fit(data, { backend: 'cpu', ...options });

  test('reaches what QR finds, and nothing that is a thousandth of the spread of the targets away', async () => {
    const { targets } = examples;
    const exact = leastSquares(examples);
    const there = await compareAt(examples, exact);
    expect(there).toMatchObject({ solver: 'qr-f64', maxDifference: 0, tolerance: 1e-3, reached: true });
    expect(there).toMatchObject({ weights: [...exact.weights], bias: exact.bias, isDeficient: false });
    expect(there.conditionNumber).toBeCloseTo(exact.conditionNumber, 9);
    const unit = spread(targets) / spread(examples.columns[1] as Float64Array);
    const moved = (by: number) => ({
      weights: exact.weights.map((weight, j) => (j === 1 ? weight + by * unit : weight)),
      bias: exact.bias,
    });
    expect((await compareAt(examples, moved(0.5e-3))).reached).toBe(true);
    const off = await compareAt(examples, moved(2e-3));
    expect(off.reached).toBe(false);
    expectClose([off.maxDifference], [2e-3], { relative: 1e-3, because: 'the means of the features are nearly 0' });
  });

  test.each<[string, FitOptions]>([
    ['l2', { l2: 0.1 }],
    ['l1, with weights at 0', { l1: 0.2 }],
    ['both penalties, on features as they are', { l1: 0.05, l2: 0.1, standardize: false }],
    ["Huber's loss", { loss: 'huber', huberDelta: 0.1 }],
    ['no intercept', { fitIntercept: false }],
  ])('confirms a fit with %s, and no other', async (_, options) => {
    const model = await fitted(examples, options);
    const settings = model.report.settings;
    const found = await compareAt(examples, model, settings);
    expect(found).toMatchObject({ solver: 'newton-f64', conditionNumber: null, isDeficient: false, reached: true });
    expect(found.maxDifference).toBeLessThan(1e-9);
    const without = await fitted(examples, {});
    expect(await compareAt(examples, without, settings)).toMatchObject({ reached: false });
    const other = { weights: Float64Array.of(...model.weights).reverse(), bias: model.bias };
    expect(await compareAt(examples, other, settings)).toMatchObject({ reached: false });
  });

  test('of labels is in log-odds', async () => {
    const columns = { x: [1, 2, 3, 4, 5, 6, 7, 8] };
    const labels = createDataset({ columns, targets: [0, 0, 1, 0, 1, 0, 1, 1] });
    const { weights, bias } = await fitted(labels, { loss: 'logistic' });
    const near = await compareAt(labels, { weights, bias }, { loss: 'logistic' });
    expect(near.maxDifference).toBeLessThan(1e-9);
    const off = await compareAt(labels, { weights, bias: bias + 0.01 }, { loss: 'logistic' });
    // A step of Newton's method is right to the square of its length.
    expectClose([off.maxDifference], [0.01], { relative: 1e-2, because: 'the step leads back' });
    expect(off.reached).toBe(false);
  });

  test('takes any optimum of dependent features', async () => {
    const columns = { a: [1, 2, 3, 5], b: [2, 4, 6, 10] };
    const dependent = createDataset({ columns, targets: [1, 2, 3, 4] });
    const { weights, bias } = await fitted(dependent, {});
    for (const weight of [0, 7]) {
      const other = { weights: [weight, (weights[1] as number) + ((weights[0] as number) - weight) / 2], bias };
      expect(await compareAt(dependent, other)).toMatchObject({
        conditionNumber: null,
        isDeficient: true,
        reached: true,
      });
    }
    expect(await compareAt(dependent, { weights: [1, 1], bias })).toMatchObject({ reached: false });
  });

  test('measures a slope of 0 and a constant target by the size of the targets', async () => {
    const x = [-3, -2, -1, 0, 1, 2, 3];
    const parabola = createDataset({ columns: { x }, targets: x.map((value) => value ** 2) });
    expect(await compareAt(parabola, { weights: [1e-15], bias: 4 })).toMatchObject({ reached: true });
    expect(await compareAt(parabola, { weights: [0.1], bias: 4 })).toMatchObject({ reached: false });
    const flat = createDataset({ columns: { x }, targets: x.map(() => 0.1) });
    expect(await compareAt(flat, { weights: [0], bias: 0.1 })).toMatchObject({ maxDifference: 0, reached: true });
    expect(await compareAt(flat, { weights: [0], bias: 0.101 })).toMatchObject({ reached: false });
  });

  test('is left out where it would take long, and where there is no optimum', async () => {
    const { dataset: wide } = syntheticRegression({ rows: 64, features: 4000 });
    expect(await checkOptimum(wide, { weights: new Float64Array(4000), bias: 0 }, ended())).toBeNull();
    const exact = leastSquares(examples);
    expect(await checkOptimum(examples, exact, ended(), 1e6)).toBeNull();
    expect(await checkOptimum(examples, { weights: [NaN, 0, 0], bias: 0 }, ended())).toBeNull();
    expect(await checkOptimum(examples, exact, { ...ended(), stopReason: 'separable' })).toBeNull();
  });
});
