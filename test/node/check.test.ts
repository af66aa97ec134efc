import { describe, expect, test } from 'vitest';
import { LEAST_SQUARES } from '../../src/options/objective.js';
import { createDataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import {
  checkAgainstReference,
  compareWithOptimum,
  findOptimum,
  largestRelativeDifference,
  type CheckedParameters,
} from '../../src/node/cli/check.js';
import { epochsFor } from '../../src/node/cli/choose-epochs.js';
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

describe('the largest relative difference', () => {
  test('is 0 for equals, and that of the worst weight otherwise', () => {
    expect(compare([2, -0.5, 0.001], 4)).toBe(0);
    expectClose([compare([2.002, -0.5, 0.001], 4)], [1e-3], { relative: 1e-9, because: 'rounding in f64' });
    expectClose([compare([2, -0.51, 0.001], 4)], [0.02], { relative: 1e-9, because: 'rounding in f64' });
    expectClose([compare([2, -0.5, 0.002], 4)], [1], { relative: 1e-9, because: 'rounding in f64' });
    expectClose([compare([2, -0.5, 0.001], 4.4)], [0.1], { relative: 1e-9, because: 'rounding in f64' });
  });

  test('is infinite or NaN-proof, never passed over', () => {
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

  test('is infinite where anything differs from a model of zeros', () => {
    const zeros: CheckedParameters = { weights: [0, 0, 0], bias: 0 };
    expect(largestRelativeDifference(dataset, { weights: [0, 0, 1e-9], bias: 0 }, zeros)).toBe(Infinity);
    expect(largestRelativeDifference(dataset, zeros, zeros)).toBe(0);
  });
});

describe('the check against the reference', () => {
  const { dataset: examples } = syntheticRegression({ rows: 300, features: 3, seed: 5 });
  const train = async (learningRate = 1, epochs = 40) => {
    const settings = { epochs, learningRate, tolerance: 0, standardize: false } as const;
    const { weights, bias, report } = await fit(examples, { ...settings, strategy: 'streaming', backend: 'cpu' });
    if (!report) throw new TypeError('a fitted model has a report');
    return { weights: [...weights], bias, report };
  };

  test('passes what the reference would have found', async () => {
    const trained = await train();
    const { check } = await checkAgainstReference(examples, trained, trained.report, null);
    expect(check).toEqual({ reference: 'cpu-f64', maxRelativeDifference: 0, tolerance: 1e-4, passed: true });
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
    const checked = await checkAgainstReference(examples, trained, report as FitReport, null, { warmStart });
    expect(checked.check.maxRelativeDifference).toBeLessThan(1e-13); // sums in f64, in another order
    expect((await checkAgainstReference(examples, trained, report as FitReport, null)).check.passed).toBe(false);
  });

  test('follows a divergence to the last finite parameters', async () => {
    const trained = await train(4, 2000);
    expect(trained.report.stopReason).toBe('diverged');
    const { check } = await checkAgainstReference(examples, trained, trained.report, null);
    expect(check.passed).toBe(true);
  });

  test('follows a fit to the best epoch by held-out examples, which it does not see', async () => {
    const data = overfitted(1, 60, 12);
    const options = { backend: 'cpu', strategy: 'streaming', validationFraction: FRACTION, epochs: 40 } as const;
    for (const restoreBest of [true, false]) {
      const { weights, bias, report } = await fit(data, { ...options, restoreBest, tolerance: 0 });
      const trained = { weights: [...weights], bias };
      const checked = await checkAgainstReference(partsOf(data).training, trained, report as FitReport, null);
      expect(checked.check.maxRelativeDifference).toBeLessThan(1e-13); // sums in f64, in another order
      expect((await checkAgainstReference(data, trained, report as FitReport, null)).check.passed).toBe(false);
    }
  });
});

describe('the comparison with the optimum', () => {
  const { dataset: examples } = syntheticRegression({ rows: 300, features: 3, seed: 5 });
  const exact = findOptimum(examples, LEAST_SQUARES);
  if (!exact) throw new TypeError('300 examples are few');

  test('reaches what QR finds, and nothing a thousandth away', () => {
    expect(compareWithOptimum(examples, exact, exact)).toMatchObject({ reached: true, maxRelativeDifference: 0 });
    const near = { weights: exact.weights.map((weight) => weight * 1.0005), bias: exact.bias };
    expect(compareWithOptimum(examples, near, exact).reached).toBe(true);
    const off = { weights: exact.weights.map((weight, j) => (j === 1 ? weight * 1.002 : weight)), bias: exact.bias };
    expect(compareWithOptimum(examples, off, exact).reached).toBe(false);
    expect(compareWithOptimum(examples, { weights: [NaN, 0, 0], bias: 0 }, exact).reached).toBe(false);
  });

  test('has no condition number for dependent features, and no epochs to choose', () => {
    const columns = { a: [1, 2, 3, 5], b: [2, 4, 6, 10] };
    const dependent = createDataset({ columns, targets: [1, 2, 3, 4] });
    const found = findOptimum(dependent, LEAST_SQUARES);
    if (!found) throw new TypeError('four examples are few');
    expect(compareWithOptimum(dependent, found, found).conditionNumber).toBeNull();
    expect(epochsFor(dependent, found)).toBeNull();
  });

  test('is left out where it would take long', () => {
    const { dataset: wide } = syntheticRegression({ rows: 64, features: 4000 });
    expect(findOptimum(wide, LEAST_SQUARES)).toBeNull();
  });

  test('more epochs for features that are nearly dependent, within bounds', () => {
    const almost = (distance: number) => {
      const columns = { a: [1, -1, 1, -1], b: [1, -1, 1 - distance, distance - 1] };
      const data = createDataset({ columns, targets: [1, 2, 3, 4] });
      return epochsFor(data, findOptimum(data, LEAST_SQUARES) ?? exact);
    };
    expect(almost(2)).toBe(100);
    expect(almost(0.2)).toBeGreaterThan(1000);
    expect(almost(1e-4)).toBe(20_000);
  });
});
