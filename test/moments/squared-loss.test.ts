// The loss on moments near the optimum, where it is hardest, and the curvature: against those over the examples.

import { describe, expect, it } from 'vitest';
import { createDataset } from '../../src/data/dataset.js';
import { leastSquares } from '../../src/reference/qr.js';
import { expectClose } from '../support/close.js';
import { covariance, examples, mean, normals, uniforms } from '../support/examples.js';
import { kelvin, onMoments, reference, SETTINGS, table } from '../support/moments-descent.js';

describe('the loss', () => {
  const noise = normals(10, 400);

  // Offsets of some 10 and 1000 spreads, in features and targets, and less and less noise.
  it.each([
    { name: 'kelvin', offset: 285, sigma: 1 },
    { name: 'kelvin', offset: 285, sigma: 1e-4 },
    { name: 'years', offset: 20_000, sigma: 1 },
    { name: 'years', offset: 20_000, sigma: 1e-6 },
  ])('loses at most 2e-15 of the variance at the optimum: $name, noise $sigma', async ({ offset, sigma }) => {
    const columns = {
      a: uniforms(11, 400).map((v) => offset + 35 * v),
      b: uniforms(12, 400).map((v) => 20 * v - offset),
    };
    const targets = noise.map((e, i) => 2 * (columns.a[i] as number) - (columns.b[i] as number) + sigma * e);
    const dataset = createDataset({ columns, targets });
    const { weights, bias } = leastSquares(dataset);
    const variance = covariance(targets, targets);
    const deviations = Object.values(columns).map((column) => Math.sqrt(covariance(column, column)));
    const centredBias = weights.reduce((sum, w, j) => sum + w * mean(dataset.columns[j] as Float64Array), bias - mean(targets)); // prettier-ignore
    for (const standardize of [true, false]) {
      const at = standardize
        ? Float64Array.from([...weights.map((w, j) => w * (deviations[j] as number)), centredBias])
        : Float64Array.from([...weights, bias]);
      const settings = { ...SETTINGS, epochs: 1, learningRate: 1e-9 };
      const [expected] = (await (await reference(dataset, standardize)).run(at, settings)).losses;
      const [loss] = (await onMoments(dataset, standardize).run(at, settings)).losses;
      // The reference's residuals are rounded themselves, by 2^-53 of the largest prediction.
      const own = 4 * 2 ** -53 * 4 * offset * Math.sqrt(2 * (expected as number));
      const because = 'rounding of the variance, ten times 2^-53 of it, and that of the residuals of the reference';
      expectClose([loss as number], [expected as number], { absolute: 2e-15 * variance + own, because });
    }
  });

  it('is never under 0, and stays there where the fit is exact', async () => {
    const x = uniforms(13, 50);
    const dataset = createDataset({ columns: { x }, targets: x.map((value) => 3 * value + 100) });
    const settings = { ...SETTINGS, epochs: 3000, learningRate: 0.5, tolerance: 1e-6 };
    const { losses: lossHistory, stopReason } = await onMoments(dataset, true).run(uniforms(14, 2), settings);
    expect(lossHistory.every((loss) => loss >= 0)).toBe(true);
    expect(lossHistory.at(-1)).toBeLessThan(1e-14);
    expect(stopReason).toBe('plateau');
  });
});

describe('curvature', () => {
  it.each([true, false])('is that of the reference: standardize %s', async (standardize) => {
    const plain = [examples(1, 1, 1), examples(2, 30, 5), examples(3, 90, 18), kelvin()];
    for (const dataset of [...plain, table()]) {
      const [expected, actual] = [await reference(dataset, standardize), onMoments(dataset, standardize)];
      const direction = uniforms(15, dataset.featureCount + 1);
      const copy = direction.slice();
      const [a, e] = [await actual.curvature(direction), await expected.curvature(direction)];
      const largest = Math.max(...e.map(Math.abs));
      // z-scores of an offset of 1.7e9 with a spread of 2.3e4 are rounded by that over this, times 2^-53: 8e-12.
      const absolute = (standardize && dataset.featureCount === 7 ? 2e-11 : 1e-13) * largest;
      const because = 'sums over the examples, whose terms are as large as the largest';
      expectClose(a, e, { relative: 1e-12, absolute, because });
      expect(direction).toEqual(copy);
    }
  });
});
