// The learning rate: its limit, what 'auto' finds, and schedules.

import { describe, expect, it } from 'vitest';
import { largestEigenvalue } from '../src/base/largest-eigenvalue.js';
import type { Dataset } from '../src/data/dataset.js';
import { chooseRate, limitOf } from '../src/descent/learning-rate.js';
import { stabilityLimit } from '../src/descent/optimizers.js';
import { ratesOf, scheduleFactors } from '../src/descent/schedules.js';
import { fit } from '../src/fit.js';
import { type FitOptions, resolveOptions } from '../src/fitting/fit-options.js';
import { expectClose } from './support/close.js';
import { examples } from './support/examples.js';
import { fitCpu, neverRises } from './support/fit-cpu.js';
import { expectSettled } from './support/steps.js';
import { WAYS } from './support/ways.js';
import { curvatureMatrix, symmetricEigenvalues } from './support/jacobi.js';
import { reference } from './support/moments-descent.js';
import { expectRefusal } from './support/refusal.js';
import { codes, reportOf } from './support/models.js';

/** λmax of the curvature of plain features. */
const largestCurvature = ({ columns }: Dataset) => symmetricEigenvalues(curvatureMatrix(columns)).at(-1) as number;

describe('the limit of the learning rate', () => {
  it.each([1, 2, 5])('is 2/λmax of the curvature: %i features', async (featureCount) => {
    const dataset = examples(featureCount, 40, featureCount);
    const { report } = await fitCpu(dataset, { standardize: false, epochs: 1 });
    const expected = 2 / largestCurvature(dataset);
    const because = 'six digits of the eigenvalue where it stands apart';
    expectClose([report.learningRateLimit as number], [expected], { relative: 2e-6, because });
    expect(report.settings.learningRate).toBe((report.learningRateLimit as number) / 2);
  });

  it('is 2 for one standardized feature', async () => {
    const { report } = await fitCpu(examples(1, 40, 1), { epochs: 1 });
    expectClose([report.learningRateLimit as number], [2], { relative: 1e-12, because: 'curvature is the identity' });
  });

  it.each([0, 1, 2, 3])("'auto' settles, and never lets the loss rise: seed %i", async (seed) => {
    for (const standardize of [true, false]) {
      const { model, report } = await fitCpu(examples(seed, 50, 3), { standardize, seed });
      expectSettled(model);
      expect(report.epochsRun).toBeLessThan(1000);
      expect(neverRises(report)).toBe(true);
      expect(codes(report).filter((code) => code !== 'NOT_CONVERGED')).toEqual([]);
    }
  });

  it('parts the rates that converge from those that diverge', async () => {
    const dataset = examples(4, 30, 2);
    const limit = 2 / largestCurvature(dataset);
    const options = { standardize: false, epochs: 20_000, tolerance: 0 };
    const under = await fitCpu(dataset, { ...options, learningRate: 0.98 * limit });
    expect([under.report.stopReason, codes(under.report)]).toEqual(['epochs', []]);
    expect(neverRises(under.report)).toBe(true);
    const over = await fitCpu(dataset, { ...options, learningRate: 1.02 * limit });
    expect([over.report.stopReason, codes(over.report)]).toEqual([
      'diverged',
      ['LEARNING_RATE_ABOVE_LIMIT', 'DIVERGED'],
    ]);
    expect(over.report.epochsRun).toBeLessThan(20_000);
    expect([...over.model.weights, over.model.bias, ...over.report.lossHistory].every(Number.isFinite)).toBe(true);
    expect(over.report.warnings[0]?.message).toContain(String(Number(limit.toPrecision(6))));
  });

  it.each([1.02, 1.5, 30])(
    'a rate %d times the limit never counts as converged, whatever the tolerance',
    async (factor) => {
      const dataset = examples(4, 30, 2);
      const learningRate = factor * (2 / largestCurvature(dataset));
      const { report } = await fitCpu(dataset, { standardize: false, epochs: 20_000, tolerance: 1e-3, learningRate });
      expect([report.stopReason, codes(report)]).toEqual(['diverged', ['LEARNING_RATE_ABOVE_LIMIT', 'DIVERGED']]);
    },
  );

  it('is unknown when squares overflow: a given rate is tried, and says so', async () => {
    const data = { features: [[1e200], [-2e200], [3e200]], targets: [1, 2, 3] };
    const initialParameters = { weights: [0], bias: 0 }; // others have no finite loss
    const { model, report } = await fitCpu(data, { standardize: false, learningRate: 1e-3, initialParameters });
    expect([report.learningRateLimit, codes(report)]).toEqual([null, ['LIMIT_UNKNOWN', 'DIVERGED']]);
    expect([...model.weights, model.bias].every(Number.isFinite)).toBe(true);
    await expectRefusal(
      () => fitCpu(data, { standardize: false }),
      'INVALID_OPTION',
      'leave the numbers',
      'Standardize',
    );
  });
});

describe('limits', () => {
  it.each([
    ['gradientDescent', 0.9],
    ['momentum', 0],
    ['momentum', 0.5],
    ['momentum', 0.9],
    ['nesterov', 0],
    ['nesterov', 0.5],
    ['nesterov', 0.9],
  ] as const)(
    'let the loss fall under them and rise without end over them: %s with μ %d',
    async (optimizer, momentum) => {
      const data = examples(9, 80, 3);
      const trainer = await reference(data, true);
      const largest = await largestEigenvalue((direction) => trainer.curvature(direction), 4);
      const limit = stabilityLimit({ optimizer, momentum }, largest);
      const own = optimizer === 'gradientDescent' ? {} : { momentum };
      for (const { options } of WAYS) {
        const run = async (learningRate: number) =>
          reportOf(await fit(data, { ...options, ...own, optimizer, learningRate, epochs: 3000, tolerance: 0 }));
        const [under, over] = [await run(0.99 * limit), await run(1.01 * limit)];
        expectClose([under.learningRateLimit as number], [limit], { relative: 1e-5, because: 'six digits of λmax' });
        const least = (await fit(data, { ...options, optimizer: 'conjugateGradient' })).report.lossHistory.at(-1);
        expectClose([under.lossHistory.at(-1) as number], [least as number], {
          relative: 1e-6,
          because: '3000 epochs',
        });
        expect(over.lossHistory.at(-1)).toBeGreaterThan(1e6 * (over.lossHistory[0] as number));
        expect(under.warnings).toEqual([]);
        const late = over.stopReason === 'diverged' ? 'DIVERGED' : 'NOT_CONVERGED';
        expect(codes(over)).toEqual(['LEARNING_RATE_ABOVE_LIMIT', late]);
      }
    },
  );

  it('are those of the closed forms', () => {
    const at = (optimizer: 'gradientDescent' | 'momentum' | 'nesterov', momentum: number) =>
      stabilityLimit({ optimizer, momentum }, 4);
    expect(at('gradientDescent', 0.9)).toBe(0.5);
    expect([at('momentum', 0), at('momentum', 0.5)]).toEqual([0.5, 0.75]);
    expect([at('nesterov', 0), at('nesterov', 0.5)]).toEqual([0.5, 0.375]);
  });

  it('cause a warning for a rate above them in only some epochs, which turns the tolerance off', () => {
    const settings = resolveOptions({ learningRate: 1, schedule: 'cosine', epochs: 10 });
    const limit = limitOf(4, settings);
    expect(limit).toBe(0.5);
    const { rate, warnings } = chooseRate({ ...settings, ...ratesOf(settings) }, { limit, largestSquare: null });
    expect(rate).toEqual({ learningRate: 1, tolerance: 0 });
    expect(warnings).toMatchObject([{ code: 'LEARNING_RATE_ABOVE_LIMIT' }]);
    expect(warnings[0]?.message).toContain('the loss may rise');
  });
});

describe('schedules', () => {
  const factors = (options: FitOptions) => [...scheduleFactors(resolveOptions(options))];
  const because = 'closed forms in f64';

  it('constant has no factors, or those of the warm-up alone', () => {
    expect(factors({ epochs: 10 })).toEqual([]);
    expect(factors({ epochs: 10, warmupEpochs: 4 })).toEqual([0.25, 0.5, 0.75, 1]);
    expect(factors({ epochs: 2, warmupEpochs: 4 })).toEqual([0.25, 0.5]);
  });

  it('inverseScaling falls as a power of the epochs', () => {
    expectClose(factors({ schedule: 'inverseScaling', epochs: 4 }), [1, 2 ** -0.5, 3 ** -0.5, 0.5], {
      relative: 1e-15,
      because,
    });
    expect(factors({ schedule: 'inverseScaling', decay: 1, epochs: 3, warmupEpochs: 1 })).toEqual([1, 1, 0.5]);
  });

  it('step and exponential come to decay in decayEvery epochs', () => {
    const options = { decay: 0.25, decayEvery: 2, epochs: 5 };
    expect(factors({ ...options, schedule: 'step' })).toEqual([1, 1, 0.25, 0.25, 0.0625]);
    expectClose(factors({ ...options, schedule: 'exponential' }), [1, 0.5, 0.25, 0.125, 0.0625], {
      relative: 1e-15,
      because,
    });
  });

  it('cosine falls from 1 to nearly 0 in the epochs after the warm-up', () => {
    const expected = [0.5, 1, 1, (2 + Math.SQRT2) / 4, 0.5, (2 - Math.SQRT2) / 4];
    expectClose(factors({ schedule: 'cosine', warmupEpochs: 2, epochs: 6 }), expected, { absolute: 1e-15, because });
  });

  it('a function is scaled to its largest rate', () => {
    const rates = ratesOf(resolveOptions({ epochs: 4, learningRate: (epoch) => 2 * epoch }));
    expect([rates.learningRate, [...rates.factors]]).toEqual([6, [0, 1 / 3, 2 / 3, 1]]);
  });

  it.each<[string, (epoch: number) => unknown, string]>([
    ['NaN', () => Number.NaN, 'NaN in epoch 0'],
    ['negative', (epoch) => 1 - epoch, '-1 in epoch 2'],
    ['no number', () => 'fast', 'fast in epoch 0'],
    ['0 throughout', () => 0, '0 in all epochs'],
  ])('a function whose rates are %s is refused', async (_, rateOf, text) => {
    const learningRate = rateOf as (epoch: number) => number;
    await expectRefusal(
      () => fit(examples(1, 9, 1), { learningRate, epochs: 5, backend: 'cpu' }),
      'INVALID_OPTION',
      text,
    );
  });
});
