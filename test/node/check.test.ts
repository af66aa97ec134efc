import { describe, expect, test } from 'vitest';
import { createDataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import { checkOptimum } from '../../src/node/cli/check-optimum.js';
import {
  checkAgainstReference,
  type CheckedParameters,
  largestRelativeDifference,
  relativePredictionDifference,
  sizeOfTargets,
} from '../../src/node/cli/check.js';
import { LinearModel } from '../../src/model/linear-model.js';
import { syntheticRegression } from '../../src/data/synthetic.js';
import type { FitReport } from '../../src/descent/report.js';
import { FRACTION, overfitted, partsOf } from '../support/validation.js';
import { expectClose } from '../support/close.js';

/** Two features of spread 1, so that effects are weights, and one of spread 1000. */
const dataset = createDataset({
  columns: { a: [1, -1, 1, -1], b: [1, 1, -1, -1], c: [1000, -1000, -1000, 1000] },
  targets: [1, 2, 3, 4],
});
const expected: CheckedParameters = { weights: [2, -0.5, 0.001], bias: 4 };
const compare = (weights: number[], bias: number) => largestRelativeDifference(dataset, { weights, bias }, expected);

describe('the relative difference of predictions', () => {
  const of = (weights: number[], bias: number) => relativePredictionDifference(dataset, { weights, bias }, expected);
  const sd = Math.sqrt(1.25); // of the targets

  test('is the root of the mean square, in standard deviations of the targets', () => {
    expect(of([2, -0.5, 0.001], 4)).toBe(0);
    expect(of([2, -0.5, 0.001], 4 + sd)).toBeCloseTo(1, 12);
    expect(of([2, -0.5, 0.001 + 3e-6 * sd], 4)).toBeCloseTo(3e-3, 12);
    expect(of([-0.5, 2, 0.001], 4)).toBeGreaterThan(1);
    expect(of([2, -0.5, NaN], 4)).toBe(Infinity);
    expect(of([2, -0.5], 4)).toBe(Infinity);
  });

  test('is small for weights that make up for one another', () => {
    const near = createDataset({
      columns: { a: [1, 2, 3, 5], b: [1, 2, 3, 5.0001] },
      targets: [1, 2, 3, 5],
    });
    const difference = relativePredictionDifference(
      near,
      { weights: [11, -10], bias: 0 },
      { weights: [1, 0], bias: 0 },
    );
    expect(difference).toBeLessThan(1e-3);
    expect(difference).toBeGreaterThan(1e-4);
  });
});

describe('the largest relative difference', () => {
  test('is 0 for equals, and that of the worst weight otherwise', () => {
    expect(compare([2, -0.5, 0.001], 4)).toBe(0);
    expectClose([compare([2.002, -0.5, 0.001], 4)], [1e-3], { relative: 1e-9, because: 'rounding in f64' });
    expectClose([compare([2, -0.51, 0.001], 4)], [0.02], { relative: 1e-9, because: 'rounding in f64' });
    expectClose([compare([2, -0.5, 0.002], 4)], [1], { relative: 1e-9, because: 'rounding in f64' });
    expectClose([compare([2, -0.5, 0.001], 4.4)], [0.1], { relative: 1e-9, because: 'rounding in f64' });
  });

  test('is infinite for a NaN, and never passes one over', () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      expect(compare([bad, -0.5, 0.001], 4)).toBe(Infinity);
      expect(compare([2, -0.5, bad], 4)).toBe(Infinity);
      expect(compare([2, -0.5, 0.001], bad)).toBe(Infinity);
    }
    expect(compare([2, -0.5], 4)).toBe(Infinity); // a weight is missing
  });

  test('shows swapped weights and a wrong sign', () => {
    expect(compare([-0.5, 2, 0.001], 4)).toBeGreaterThan(1);
    expect(compare([2, 0.5, 0.001], 4)).toBe(2);
  });

  test('measures what is practically zero on a hundredth of the largest effect', () => {
    const nearZero: CheckedParameters = { weights: [2, 1e-9, 0], bias: 0 };
    const difference = largestRelativeDifference(dataset, { weights: [2, 2e-9, 1e-8], bias: 2e-9 }, nearZero);
    // 1e-8 on the feature of spread 1000 is an effect of 1e-5, on a hundredth of 2.
    expectClose([difference], [1e-5 / 0.02], { relative: 1e-9, because: 'rounding in f64' });
  });

  test('measures on a hundredth of the spread of the targets where no effect is larger, and is infinite where there is none', () => {
    const zeros: CheckedParameters = { weights: [0, 0, 0], bias: 0 };
    const trained: CheckedParameters = { weights: [0, 0, 1e-9], bias: 0 };
    const difference = largestRelativeDifference(dataset, trained, zeros);
    // 1e-9 on the feature of spread 1000 is an effect of 1e-6; the targets have a spread of √1.25.
    expectClose([difference], [1e-6 / (0.01 * Math.sqrt(1.25))], { relative: 1e-9, because: 'rounding in f64' });
    expect(largestRelativeDifference(dataset, zeros, zeros)).toBe(0);
    const none = createDataset({
      columns: { a: [1, 2, 3, 4], b: [4, 3, 1, 2], c: [2, 1, 4, 3] },
      targets: [0, 0, 0, 0],
    });
    expect(largestRelativeDifference(none, trained, zeros)).toBe(Infinity);
  });
});

describe('the size that differences are compared with', () => {
  const { columns } = dataset;
  const of = (targets: number[], options: { loss?: 'squared' | 'logistic'; fitIntercept?: boolean } = {}) =>
    sizeOfTargets(createDataset({ columns: { a: columns[0] as Float64Array }, targets }), { loss: 'squared', fitIntercept: true, ...options }); // prettier-ignore

  test('is what the model explains: the spread of the targets, or without an intercept their size', () => {
    expect(of([1, 2, 3, 4])).toBeCloseTo(Math.sqrt(1.25), 14);
    expect(of([1001, 1002, 1003, 1004], { fitIntercept: false })).toBeCloseTo(1002.5, 2);
    expect(of([0, 1, 1, 1], { loss: 'logistic' })).toBe(1);
  });

  test('is the size of the targets where their spread is nothing but rounding', () => {
    expect(of([7.1, 7.1, 7.1, 7.1])).toBeCloseTo(7.1, 14);
    expect(of([7.1, 7.1, 7.1, 7.1 + 2 ** -50])).toBeCloseTo(7.1, 12);
    expect(of([0, 0, 0, 0])).toBe(0);
  });

  test.each([true, false])(
    'lets an exact answer for constant targets pass, with an intercept: %s',
    async (fitIntercept) => {
      const { columns: drawn } = syntheticRegression({ rows: 60, features: 2, seed: 9 }).dataset;
      const data = createDataset({ columns: { a: drawn[0] as Float64Array, b: drawn[1] as Float64Array }, targets: new Float64Array(60).fill(7.1) }); // prettier-ignore
      const options = { backend: 'cpu', fitIntercept, optimizer: 'conjugateGradient' } as const;
      const { weights, bias, report } = await fit(data, options);
      const { check } = await checkAgainstReference(data, { weights, bias }, report, null);
      expect(check.passed).toBe(true);
      const solved = await fit(data, { backend: 'cpu', fitIntercept });
      const found = await checkOptimum(data, solved, solved.report);
      expect(found?.reached).toBe(true);
    },
  );

  test('judges features that depend on one another by predictions', async () => {
    const a = [1, -1, 2, 0.5, -0.5];
    const data = createDataset({ columns: { a, b: a.map((x) => 20 * x) }, targets: [0, 1, 1, 0, 1] });
    const options = { backend: 'cpu', loss: 'logistic', optimizer: 'momentum', epochs: 20 } as const;
    const { weights, bias, report } = await fit(data, options);
    const off = { weights: weights.map((weight, j) => weight + (j === 0 ? 20e-3 : -1e-3)), bias };
    const checked = async (isDeficient: boolean) =>
      (await checkAgainstReference(data, off, report, null, { isDeficient })).check;
    expect(await checked(true)).toMatchObject({ compared: 'predictions', passed: true });
    expect(await checked(false)).toMatchObject({ compared: 'parameters', passed: false });
    off.weights[0] = 2 * (off.weights[0] as number) + 0.1;
    expect((await checked(true)).passed).toBe(false);
  });
});

describe('the check against the reference', () => {
  const { dataset: examples } = syntheticRegression({ rows: 300, features: 3, seed: 5 });
  const train = async (learningRate = 1, epochs = 40) => {
    const settings = { epochs, learningRate, tolerance: 0, standardize: false } as const;
    const { weights, bias, report } = await fit(examples, { ...settings, strategy: 'streaming', backend: 'cpu' });
    return { weights: [...weights], bias, report };
  };

  test('passes what the reference would have found', async () => {
    const trained = await train();
    const { check } = await checkAgainstReference(examples, trained, trained.report, null);
    expect(check).toEqual({
      reference: 'cpu-f64',
      compared: 'parameters',
      maxRelativeDifference: 0,
      tolerance: 1e-4,
      passed: true,
    });
  });

  test('fails weights that are swapped, off, or not numbers', async () => {
    const { weights, bias, report } = await train();
    const [a, b, c] = weights as [number, number, number];
    const wrong: CheckedParameters[] = [
      { weights: [b, a, c], bias },
      { weights: [a, b * 1.001, c], bias },
      { weights: [a, b, NaN], bias },
      { weights: [a, b], bias },
      { weights: [a, b, c], bias: -bias },
    ];
    for (const trained of wrong) {
      const { check } = await checkAgainstReference(examples, trained, report, null);
      expect(check.passed).toBe(false);
    }
  });

  test('fails a fit that made one epoch fewer than it says', async () => {
    const trained = await train(0.1, 10);
    const report = { ...trained.report, epochsRun: 11 };
    expect((await checkAgainstReference(examples, trained, report, null)).check.passed).toBe(false);
  });

  test('allows for roundings: of the slowest direction, of averages, of halves, and never more than a hundredth', async () => {
    const trained = await train(1, 100);
    const toleranceOf = async (settings: Partial<FitReport['settings']>, conditionNumber: number | null = null) => {
      const report = { ...trained.report, settings: { ...trained.report.settings, ...settings } };
      return (await checkAgainstReference(examples, trained, report, conditionNumber)).check.tolerance;
    };
    const rounding = 4 * 2 ** -24;
    expect(await toleranceOf({})).toBe(1e-4);
    expect(await toleranceOf({ batchSize: 32, average: true })).toBeCloseTo(rounding * 100 * 10, 12); // 300 / 32 batches
    expect(await toleranceOf({ batchSize: 32 })).toBe(1e-4);
    expect(await toleranceOf({ epochs: 100, standardize: true }, 2)).toBe(1e-4);
    expect(await toleranceOf({ optimizer: 'conjugateGradient', learningRate: 1, standardize: true }, 50)).toBeCloseTo(
      rounding * 50 ** 2,
      12,
    );
    expect(await toleranceOf({ storage: 'f16' })).toBeCloseTo(2 ** -11 * (1 + 100 / Math.sqrt(300)), 12);
    expect(await toleranceOf({ storage: 'f16' }, Infinity)).toBe(1e-2);
  });

  test('begins where the fit began', async () => {
    const { featureNames, targetName } = examples;
    const warmStart = new LinearModel({
      featureNames,
      targetName,
      weights: Float64Array.of(3, 2, 1),
      bias: 9,
      report: null,
    });
    const options = { epochs: 3, tolerance: 0, strategy: 'streaming', backend: 'cpu', warmStart } as const;
    const { weights, bias, report } = await fit(examples, options);
    const trained = { weights: [...weights], bias };
    const checked = await checkAgainstReference(examples, trained, report, null, { warmStart });
    expect(checked.check.maxRelativeDifference).toBeLessThan(1e-13); // sums in f64, in another order
    expect((await checkAgainstReference(examples, trained, report, null)).check.passed).toBe(false);
  });

  test('follows a divergence to the last finite parameters', async () => {
    const trained = await train(4, 2000);
    expect(trained.report.stopReason).toBe('diverged');
    const { check } = await checkAgainstReference(examples, trained, trained.report, null);
    expect(check.passed).toBe(true);
  });

  test('follows a fit to the best epoch by validation examples, which it does not see', async () => {
    const data = overfitted(1, 60, 12);
    const options = { backend: 'cpu', strategy: 'streaming', validationFraction: FRACTION, epochs: 40 } as const;
    for (const restoreBest of [true, false]) {
      const { weights, bias, report } = await fit(data, { ...options, restoreBest, tolerance: 0 });
      const trained = { weights: [...weights], bias };
      const checked = await checkAgainstReference(partsOf(data).training, trained, report, null);
      expect(checked.check.maxRelativeDifference).toBeLessThan(1e-13); // sums in f64, in another order
      expect((await checkAgainstReference(data, trained, report, null)).check.passed).toBe(false);
    }
  });
});
