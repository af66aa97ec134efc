// Whole fits on the GPU by each optimizer, schedule and average, against the same in f64 on the CPU, epoch by epoch.

import { describe, expect, it } from 'vitest';
import { Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import type { ModelOptions } from '../src/fitting/many-options.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import { leastSquares } from '../src/reference/qr.js';
import { syntheticClassification } from '../src/data/synthetic.js';
import { expectClose } from './support/close.js';
import { examples } from './support/examples.js';
import { withErrorScopes } from './support/gpu.js';
import { withContextPerTest } from './support/kernel.js';
import { parametersOf } from './support/models.js';

const gpu = withContextPerTest();

const STREAMING = { strategy: 'streaming', tolerance: 0 } as const;

const OPTIONS: { name: string; options: FitOptions }[] = [
  { name: 'momentum', options: { optimizer: 'momentum' } },
  { name: 'momentum with penalties', options: { optimizer: 'momentum', momentum: 0.5, l1: 0.05, l2: 0.1 } },
  { name: 'nesterov', options: { optimizer: 'nesterov' } },
  { name: 'nesterov with penalties', options: { optimizer: 'nesterov', momentum: 0.8, l1: 0.05, l2: 0.1 } },
  { name: 'adam', options: { optimizer: 'adam' } },
  { name: 'adam with penalties', options: { optimizer: 'adam', learningRate: 0.1, l1: 0.05, l2: 0.1 } },
  { name: 'a cosine with warm-up', options: { schedule: 'cosine', warmupEpochs: 3 } },
  { name: 'steps and an average', options: { schedule: 'step', decayEvery: 5, average: true, averageFrom: 4 } },
  { name: 'a function of the epoch', options: { learningRate: (epoch) => 0.5 / (1 + epoch), optimizer: 'nesterov' } },
  { name: 'adam with an average', options: { optimizer: 'adam', schedule: 'inverseScaling', average: true } },
];

const FAMILIES = [
  { kernels: 'short', shape: [503, 3] },
  { kernels: 'fused-narrow', shape: [40_001, 3] },
  { kernels: 'wide', shape: [300, 20] },
  { kernels: 'textbook', shape: [301, 3] },
] as const;

// A rounding of 2^-24 of the largest weight in each of some ten operations of an epoch, which momentum keeps for up to ten.
const because =
  'f32 rounds each of some ten operations of an epoch by 2^-24 of its size, and momentum keeps ten epochs';

describe.each(FAMILIES)('fit on the GPU by $kernels kernels', ({ kernels, shape }) => {
  const data = examples(21, shape[0], shape[1]);
  const way = { ...STREAMING, kernels: kernels === 'textbook' ? 'textbook' : 'auto' } as const;

  it.each(OPTIONS)('equals the reference by $name', async ({ options }) => {
    for (const epochs of [1, 2, 3, 25, 70]) {
      const asked = { ...way, ...options, epochs };
      const model = await withErrorScopes(gpu.context.device, () => fit(data, { ...asked, context: gpu.context }));
      const expected = await fit(data, { ...asked, backend: 'cpu' });
      if (kernels !== 'wide') expect(model.report.kernels).toBe(kernels);
      const largest = Math.max(1, ...parametersOf(expected).map(Math.abs));
      expectClose(parametersOf(model), parametersOf(expected), { absolute: 1e-5 * largest, because });
      const first = expected.report.lossHistory[0] as number;
      expectClose(model.report.lossHistory, expected.report.lossHistory, {
        absolute: 1e-6 * first,
        relative: 2e-5,
        because,
      });
      expect(model.report.stopReason).toBe('epochs');
      const limits = [model, expected].map(({ report }) => report.learningRateLimit ?? 0);
      expectClose([limits[0] as number], [limits[1] as number], { relative: 1e-5, because: 'sums in f32' });
    }
  });

  it('follows the reference by conjugate gradient, step by step and to the exact solution', async () => {
    const features = shape[1];
    for (const l2 of [0, 0.25]) {
      // With more features f32 is at its end, which it takes for the solution, before d + 1 steps.
      for (const epochs of [1, 2, 3, Math.min(features + 2, 8)]) {
        const asked = { ...way, optimizer: 'conjugateGradient', epochs, l2 } as const;
        const model = await withErrorScopes(gpu.context.device, () => fit(data, { ...asked, context: gpu.context }));
        const expected = await fit(data, { ...asked, backend: 'cpu' });
        const largest = Math.max(1, ...parametersOf(expected).map(Math.abs));
        expectClose(parametersOf(model), parametersOf(expected), { absolute: 2e-5 * largest, because });
        expectClose(model.report.lossHistory, expected.report.lossHistory, {
          absolute: 1e-6 * (expected.report.lossHistory[0] as number),
          relative: 2e-5,
          because,
        });
      }
    }
    const model = await fit(data, {
      ...way,
      optimizer: 'conjugateGradient',
      tolerance: 1e-6,
      epochs: 500,
      context: gpu.context,
    });
    expect(model.report.stopReason).toBe('converged');
    expect(model.report.epochsRun).toBeLessThan(60);
    expect(model.report.kernels).toBe(
      { short: 'fused-narrow', wide: gpu.context.subgroupSize === null ? 'wide' : 'fused-wide' }[kernels as string] ??
        kernels,
    );
    const { weights, bias } = leastSquares(data);
    const largest = Math.max(...weights.map(Math.abs));
    expectClose(parametersOf(model), [...weights, bias], {
      absolute: 1e-5 * largest,
      because:
        'slopes in f32 are right to some 1e-7 of their terms, times a condition number of the curvature under 10',
    });
  });
});

describe('fit on the GPU', () => {
  it('goes on with conjugate gradient at the end of f32 without harm', async () => {
    const data = examples(22, 2000, 6);
    const options = { ...STREAMING, optimizer: 'conjugateGradient', epochs: 400, context: gpu.context } as const;
    const model = await fit(data, options);
    const { weights, bias } = leastSquares(data);
    const largest = Math.max(...weights.map(Math.abs));
    expectClose(parametersOf(model), [...weights, bias], { absolute: 1e-5 * largest, because: 'as after ten epochs' });
  });

  it('trains other losses by momentum, nesterov and adam', async () => {
    const { dataset } = syntheticClassification({ rows: 700, features: 3, seed: 3 });
    for (const optimizer of ['momentum', 'nesterov', 'adam'] as const) {
      const options = { ...STREAMING, loss: 'logistic', optimizer, epochs: 40 } as const;
      const model = await fit(dataset, { ...options, context: gpu.context });
      const expected = await fit(dataset, { ...options, backend: 'cpu' });
      expectClose(parametersOf(model), parametersOf(expected), { absolute: 2e-5, because });
    }
  });

  it.each(['momentum', 'nesterov'] as const)(
    'keeps the last finite parameters when it diverges by %s',
    async (optimizer) => {
      const data = examples(23, 300, 2);
      const options = { ...STREAMING, optimizer, learningRate: 9, epochs: 2000, average: true } as const;
      const model = await fit(data, { ...options, context: gpu.context });
      expect(model.report.stopReason).toBe('diverged');
      expect(model.report.warnings.map(({ code }) => code)).toContain('LEARNING_RATE_ABOVE_LIMIT');
      expect(parametersOf(model).every(Number.isFinite)).toBe(true);
      expect(model.report.lossHistory.every(Number.isFinite)).toBe(true);
    },
  );

  it('gives a feature of one value weight 0 by every optimizer', async () => {
    const { columns, targets } = examples(24, 90, 2);
    const same = new Float64Array(90).fill(0.1);
    const data = new Dataset([columns[0] as Float64Array, same], targets, ['x', 'same'], 'y');
    for (const optimizer of ['momentum', 'nesterov', 'adam', 'conjugateGradient'] as const) {
      const options = { ...STREAMING, optimizer, l2: 0.1, epochs: 20 } as const;
      const model = await fit(data, { ...options, context: gpu.context });
      expect(model.weights[1]).toBe(0);
      const expected = await fit(data, { ...options, backend: 'cpu' });
      expectClose(parametersOf(model), parametersOf(expected), { absolute: 1e-5, because });
    }
  });

  it('gives the same bits again', async () => {
    const data = examples(25, 503, 3);
    const options = { ...STREAMING, optimizer: 'adam', average: true, epochs: 100, context: gpu.context } as const;
    const [first, second] = [await fit(data, options), await fit(data, options)];
    expect(parametersOf(second)).toEqual(parametersOf(first));
    expect(second.report.lossHistory).toEqual(first.report.lossHistory);
  });
});

describe('fitMany on the GPU', () => {
  it.each([3, 20])('trains models of %i features by optimizers of their own', async (features) => {
    const data = examples(26, 603, features);
    const options: ModelOptions[] = [{}, ...OPTIONS.map(({ options: its }) => its), { epochs: 12 }];
    const shared = { ...STREAMING, epochs: 25 };
    const models = await withErrorScopes(gpu.context.device, () =>
      fitMany(data, options, { ...shared, context: gpu.context }),
    );
    for (const [k, model] of models.entries()) {
      const expected = await fit(data, { ...shared, ...options[k], backend: 'cpu' });
      const largest = Math.max(1, ...parametersOf(expected).map(Math.abs));
      expectClose(parametersOf(model), parametersOf(expected), { absolute: 1e-5 * largest, because });
      expectClose([model.report.lossHistory.at(-1) as number], [expected.report.lossHistory.at(-1) as number], {
        absolute: 1e-6 * (expected.report.lossHistory[0] as number),
        relative: 2e-5,
        because,
      });
    }
  });

  it('trains models by conjugate gradient side by side', async () => {
    const data = examples(27, 603, 3);
    const options = [0, 0.1, 1].map((l2) => ({ l2 }));
    const shared = { ...STREAMING, optimizer: 'conjugateGradient', epochs: 5 } as const;
    const models = await fitMany(data, options, { ...shared, context: gpu.context });
    for (const [k, model] of models.entries()) {
      const expected = await fit(data, { ...shared, ...options[k], backend: 'cpu' });
      expectClose(parametersOf(model), parametersOf(expected), { absolute: 2e-5, because });
    }
  });
});
