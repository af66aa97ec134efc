// Descent on moments, epoch by epoch against the reference, which reads every example in every epoch.

import { describe, expect, it } from 'vitest';
import { largestEigenvalue } from '../../src/base/largest-eigenvalue.js';
import { createDataset, Dataset } from '../../src/data/dataset.js';
import { momentsOfColumns, momentsOfDataset } from '../../src/moments/columns.js';
import { mergeMoments } from '../../src/moments/merge.js';
import { Moments } from '../../src/moments/moments.js';
import { MomentsTrainer } from '../../src/moments/descent/trainer.js';
import { expectClose } from '../support/close.js';
import { describeTrainer } from '../support/describe-trainer.js';
import { covariance, examples, normals, uniforms } from '../support/examples.js';
import { partsOf } from '../support/moments.js';
import { kelvin, onMoments, reference, SETTINGS, table } from '../support/moments-descent.js';
import { published } from '../support/published.js';

/** 1/λmax: the rate that 'auto' takes. */
const autoRate = async (dataset: Dataset, standardize: boolean) => {
  const trainer = await reference(dataset, standardize);
  return 1 / (await largestEigenvalue((direction) => trainer.curvature(direction), dataset.featureCount + 1));
};

describe('descent on moments, compared with descent on examples,', () => {
  const cases = [
    { name: '1 × 1', dataset: examples(1, 1, 1), digits: 12 },
    { name: '3 × 2', dataset: examples(2, 3, 2), digits: 12 },
    { name: '65 × 3', dataset: examples(3, 65, 3), digits: 12 },
    { name: '40 × 17', dataset: examples(4, 40, 17), digits: 12 },
    { name: '20 × 33, more weights than examples', dataset: examples(5, 20, 33), digits: 12 },
    { name: 'temperatures in kelvin', dataset: kelvin(), digits: 11 },
    { name: 'a table of offsets and sizes', dataset: table(), digits: 10 },
  ];
  const runs = cases.flatMap((run) => [
    { ...run, standardize: true },
    { ...run, standardize: false },
  ]);

  it.each(runs)('follows it: $name, standardize $standardize', async ({ dataset, digits, standardize }) => {
    const initial = uniforms(2, dataset.featureCount + 1);
    const learningRate = await autoRate(dataset, standardize);
    const [expected, actual] = [await reference(dataset, standardize), onMoments(dataset, standardize)];
    const because = 'the same sums in another order; an offset of k spreads takes log₁₀ k digits, on either way';
    const spread = Math.sqrt(covariance(dataset.targets, dataset.targets)) || 1;
    for (const epochs of [1, 2, 3, 10, 200]) {
      const settings = { ...SETTINGS, epochs, learningRate };
      const [a, e] = [await actual.run(initial, settings), await expected.run(initial, settings)];
      const relative = 10 ** -digits;
      expectClose(a.parameters, e.parameters, { relative, absolute: relative, because });
      // What a loss loses is measured by the targets' variance (see SquaredLoss), or by itself while it is far larger.
      expectClose(a.losses, e.losses, { relative, absolute: 1e-15 * spread ** 2, because });
      expect([a.stopReason, a.losses.length]).toEqual([e.stopReason, epochs]);
      const [mine, theirs] = [actual.toCallerUnits(a.parameters), expected.toCallerUnits(e.parameters)];
      expectClose(mine.weights, theirs.weights, { relative, absolute: relative * spread, because });
      expectClose([mine.bias], [theirs.bias], { relative: 10 * relative, absolute: relative * spread, because });
    }
    expect(actual.constantFeatures).toEqual(expected.constantFeatures);
  });

  it('follows it on longley to the end of a long descent', async () => {
    const dataset = await published('longley', 'employed');
    const [expected, actual] = [await reference(dataset, true), onMoments(dataset, true)];
    const settings = { ...SETTINGS, epochs: 20_000, learningRate: await autoRate(dataset, true) };
    const initial = uniforms(4, 7);
    const [a, e] = [await actual.run(initial, settings), await expected.run(initial, settings)];
    const variance = covariance(dataset.targets, dataset.targets);
    const because = 'a condition of 110 squared: rounding of 2^-53 may grow to 1e-12';
    expectClose(a.parameters, e.parameters, { absolute: 1e-11 * Math.sqrt(variance), because });
    expectClose(a.losses, e.losses, { relative: 1e-11, absolute: 1e-15 * variance, because });
  });

  it('follows it on moments that were merged and saved', async () => {
    const dataset = examples(6, 100, 4);
    const part = (from: number, to: number) => {
      const columns = dataset.columns.map((column) => column.slice(from, to));
      return momentsOfDataset(new Dataset(columns, dataset.targets.slice(from, to), dataset.featureNames, 'y'));
    };
    const merged = mergeMoments(part(0, 13), part(13, 90), part(90, 100));
    const loaded = Moments.fromJSON(JSON.parse(JSON.stringify(merged)));
    const trainer = new MomentsTrainer(loaded, { standardize: true });
    const initial = uniforms(5, 5);
    const expected = await (await reference(dataset, true)).run(initial, SETTINGS);
    const { parameters } = await trainer.run(initial, SETTINGS);
    expectClose(parameters, expected.parameters, { relative: 1e-12, absolute: 1e-14, because: 'three merges' });
  });

  it('takes weights k as data that repeat each example k times', async () => {
    const dataset = examples(7, 60, 3);
    const weights = Array.from({ length: 60 }, (_, i) => (3 * i) % 4);
    const repeat = (column: ArrayLike<number>) =>
      Float64Array.from(weights.flatMap((weight, i) => new Array<number>(weight).fill(column[i] as number)));
    const { columns, targets, featureNames } = dataset;
    const repeated = new Dataset(columns.map(repeat), repeat(targets), featureNames, 'y');
    const initial = uniforms(6, 4);
    const because = 'the same sums in another order';
    for (const standardize of [true, false]) {
      const expected = await (await reference(repeated, standardize)).run(initial, SETTINGS);
      const trainer = new MomentsTrainer(momentsOfDataset(dataset, weights), { standardize });
      const { parameters, losses: lossHistory } = await trainer.run(initial, SETTINGS);
      expectClose(parameters, expected.parameters, { relative: 1e-12, absolute: 1e-14, because });
      expectClose(lossHistory, expected.losses, { relative: 1e-12, absolute: 1e-15, because });
    }
  });

  it('follows whichever target is asked for', async () => {
    const { columns, targets, featureNames } = examples(8, 50, 3);
    const other = normals(9, 50).map((value, i) => 40 + 3 * (columns[1]?.[i] as number) + value);
    const names = { featureNames, targetNames: ['y', 'other'] };
    const moments = momentsOfColumns({ features: columns, targets: [targets, other], ...names });
    const initial = uniforms(7, 4);
    for (const standardize of [true, false]) {
      for (const [target, values] of [targets, other].entries()) {
        const trainer = new MomentsTrainer(moments, { standardize, target });
        const expected = await reference(new Dataset(columns, values, featureNames, 'y'), standardize);
        const [a, e] = [await trainer.run(initial, SETTINGS), await expected.run(initial, SETTINGS)];
        const because = 'the same sums in another order';
        const [mine, theirs] = [trainer.toCallerUnits(a.parameters), expected.toCallerUnits(e.parameters)];
        expectClose([...mine.weights, mine.bias], [...theirs.weights, theirs.bias], { relative: 1e-12, because });
        expectClose(a.losses, e.losses, { relative: 1e-12, absolute: 1e-15, because });
      }
    }
  });
});

describe('tolerance and patience', () => {
  it.each([
    [0.1, 1],
    [1e-3, 1],
    [1e-3, 4],
    [1e-6, 5],
    [1e-8, 3],
  ])('end descent in the same epoch: %d and %i', async (tolerance, patience) => {
    for (const standardize of [true, false]) {
      for (const dataset of [examples(5, 60, 2), examples(6, 100, 6)]) {
        const learningRate = await autoRate(dataset, standardize);
        const settings = { ...SETTINGS, epochs: 5000, learningRate, tolerance, patience };
        const initial = uniforms(16, dataset.featureCount + 1);
        const expected = await (await reference(dataset, standardize)).run(initial, settings);
        const actual = await onMoments(dataset, standardize).run(initial, settings);
        expect(actual.stopReason).toBe('plateau');
        expect([actual.stopReason, actual.losses.length]).toEqual([expected.stopReason, expected.losses.length]);
        expectClose(actual.parameters, expected.parameters, {
          relative: 1e-11,
          absolute: 1e-14,
          because: 'the same epochs',
        });
      }
    }
  });

  it('end a perfect start: a loss of 0 that stays 0 is quiet', async () => {
    const dataset = createDataset({ features: [[1], [2], [4]], targets: [2, 4, 8] });
    const descent = await onMoments(dataset, false).run(Float64Array.of(2, 0), { ...SETTINGS, tolerance: 1e-6 });
    expect([descent.stopReason, descent.losses.length]).toEqual(['plateau', 6]);
  });
});

describe('divergence', () => {
  const dataset = createDataset({
    columns: { x: uniforms(6, 30).map((value) => 10 * value) },
    targets: uniforms(7, 30),
  });
  const initial = uniforms(8, 2);

  it.each([true, false])('keeps the last parameters whose loss is finite: standardize %s', async (standardize) => {
    const settings = { ...SETTINGS, epochs: 10_000, learningRate: 3 };
    const heard: [number, number][] = [];
    const onProgress = (epoch: number, loss: number) => heard.push([epoch, loss]);
    const expected = await (await reference(dataset, standardize)).run(initial, settings);
    const actual = await onMoments(dataset, standardize).run(initial, { ...settings, onProgress });
    expect([actual.stopReason, actual.losses.length]).toEqual(['diverged', expected.losses.length]);
    const because = 'the same steps, hundreds of them, each adding a rounding';
    expectClose(actual.parameters, expected.parameters, { relative: 1e-11, because });
    expectClose(actual.losses, expected.losses, { relative: 1e-11, because });
    expect(heard.at(-1)).toEqual([actual.losses.length, actual.losses.at(-1)]);
  });
});

describe('descent on moments', () => {
  it('leaves the parameters it starts from and the moments alone, and can start again', async () => {
    const [moments, copy] = [momentsOfDataset(table()), momentsOfDataset(table())];
    const initial = uniforms(17, 8);
    for (const standardize of [true, false]) {
      const trainer = new MomentsTrainer(moments, { standardize });
      const settings = { ...SETTINGS, learningRate: 1e-19 };
      const [first, second] = [await trainer.run(initial, settings), await trainer.run(initial, settings)];
      expect([second.parameters, second.losses]).toEqual([first.parameters, first.losses]);
    }
    expect([initial, partsOf(moments)]).toEqual([uniforms(17, 8), partsOf(copy)]);
  });

  it('says what ran', () => {
    const trainer = onMoments(examples(4, 20, 2), true);
    expect([trainer.kernels, trainer.warnings]).toEqual(['moments', []]);
  });
});

describeTrainer({
  open: (dataset) => onMoments(dataset, true),
  openPlain: (dataset) => onMoments(dataset, false),
  settings: SETTINGS,
  long: { features: 8, epochs: 600_000, slices: 2 },
});
