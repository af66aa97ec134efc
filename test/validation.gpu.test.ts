// Held-out examples on the GPU: bit for bit with itself, and against the same in f64 on the CPU.

import { describe, expect, it, vi } from 'vitest';
import type { Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import type { GpuContext } from '../src/gpu/device/device.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import { syntheticClassification, syntheticRegression } from '../src/data/synthetic.js';
import { expectClose } from './support/close.js';
import { examplesOnDevice } from './support/device-data.js';
import { examples } from './support/examples.js';
import { withErrorScopes } from './support/gpu.js';
import { openShared, withContext } from './support/kernel.js';
import { expectRefusal } from './support/refusal.js';
import { bestIn, describeValidation, FRACTION, overfitted, withLabels, withWeights } from './support/validation.js';
import { parametersOf, reportOf } from './support/models.js';

const gpu = withContext(openShared);
const tiny = withContext(() => openShared({ maxStorageBufferBindingSize: 16_384 }));

const NARROW = overfitted(1, 60, 12);
const WIDE = overfitted(2, 90, 40);
const SMALL = overfitted(5, 63, 3);

describe.each([
  { name: 'textbook', data: NARROW, options: { kernels: 'textbook' } },
  { name: 'fused-narrow', data: NARROW, options: {} },
  { name: 'fused-wide', data: WIDE, options: {} },
  { name: 'short-batches', data: NARROW, options: { batchSize: 8, learningRate: 0.05 } },
  { name: 'textbook by batches', data: NARROW, options: { kernels: 'textbook', batchSize: 8, learningRate: 0.05 } },
] as const)('validation by $name kernels:', ({ data, options }) => {
  describeValidation(data, () => ({ context: gpu.context, strategy: 'streaming', ...options }));
});

describe('validation on moments added up on the GPU:', () => {
  describeValidation(NARROW, () => ({ context: gpu.context, strategy: 'moments' }));
});

/** What f32 may lose of a loss in so few epochs. */
const LOSS = {
  relative: 2e-5,
  because: 'f32 rounds some ten operations of each of 40 epochs by 2^-24 of their sizes, ten times the weights at most',
};

/** The same on both backends: split, history, and the best epoch where it is clear of its neighbours. */
async function expectSameAsReference(data: Dataset, options: FitOptions, place: () => GpuContext = () => gpu.context) {
  const asked = { strategy: 'streaming', validationFraction: FRACTION, epochs: 40, tolerance: 0, ...options } as const;
  const model = await withErrorScopes(gpu.context.device, () => fit(data, { ...asked, context: place() }));
  const expected = await fit(data, { ...asked, backend: 'cpu' });
  const [history, reference] = [model, expected].map((its) => reportOf(its).validationHistory ?? []) as [
    number[],
    number[],
  ];
  // Residuals are right to some 2^-24 of the targets, however small they are.
  expectClose(history, reference, { ...LOSS, absolute: 1e-7 * (expected.report.lossHistory[0] as number) });
  const sorted = reference.slice().sort((a, b) => a - b);
  const isClear = (sorted[1] as number) - (sorted[0] as number) > 2 * LOSS.relative * (sorted[0] as number);
  if (isClear) expect(reportOf(model).bestEpoch).toBe(reportOf(expected).bestEpoch);
  expect(reportOf(model).bestEpoch).toBe(bestIn(history));
  if (isClear) {
    const largest = Math.max(1, ...parametersOf(expected).map(Math.abs));
    expectClose(parametersOf(model), parametersOf(expected), { absolute: 5e-5 * largest, because: LOSS.because });
  }
  expect(expected.report.backend).toBe('cpu');
  expect(model.report.backend).toBe('webgpu');
  return { model, isClear };
}

const OPTIONS: FitOptions[] = [
  {},
  { standardize: false, learningRate: 0.01 },
  { l1: 0.1, l2: 0.3 },
  { fitIntercept: false },
  { optimizer: 'momentum', momentum: 0.5 },
  { optimizer: 'nesterov', momentum: 0.5, average: true, averageFrom: 2 },
  { optimizer: 'adam', learningRate: 0.1, schedule: 'inverseScaling' },
  { optimizer: 'conjugateGradient', l2: 0.2, epochs: 8 },
  { average: true },
  { loss: 'huber', huberDelta: 0.7 },
  { kernels: 'textbook' },
  { seed: 9 },
  { batchSize: 1, l2: 0.3 },
  { batchSize: 8, optimizer: 'momentum', momentum: 0.5, average: true, averageFrom: 2 },
  { batchSize: 10, kernels: 'textbook', optimizer: 'adam', learningRate: 0.1, l1: 0.1 },
  { batchSize: 10, shuffle: false, loss: 'huber', huberDelta: 0.7 },
];

describe.each([
  { shape: '60 × 12', data: NARROW, forms: [NARROW, withWeights(NARROW)] },
  { shape: '90 × 40', data: WIDE, forms: [withWeights(WIDE)] },
  { shape: '63 × 3', data: SMALL, forms: [SMALL] },
])('validation of $shape', ({ data, forms }) => {
  it.each(OPTIONS)('has the history and the best epoch of the reference with %o', async (options) => {
    for (const form of forms) await expectSameAsReference(form, options);
  });

  it('has the history and the best epoch of the reference with the logistic loss', async () => {
    await expectSameAsReference(withLabels(data), { loss: 'logistic' });
    await expectSameAsReference(withWeights(withLabels(data)), { loss: 'logistic' });
    await expectSameAsReference(withWeights(withLabels(data)), { loss: 'logistic', batchSize: 8 });
  });
});

describe('validation examples on the GPU', () => {
  it('find the best epoch of the reference where it is clear', async () => {
    let clear = 0;
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { model, isClear } = await expectSameAsReference(overfitted(seed, 60, 12), { learningRate: 0.3 });
      if (isClear) clear += 1;
      expect(reportOf(model).kernels).toBe('fused-narrow'); // short_epochs ends no epoch with a judge
    }
    expect(clear).toBeGreaterThan(3);
  });

  it('stop a fit where the reference stops', async () => {
    const options = { validationFraction: FRACTION, tolerance: 0.01, patience: 3, epochs: 500, learningRate: 0.3 };
    const ways = [
      { strategy: 'streaming' },
      { strategy: 'moments' },
      { batchSize: 5, learningRate: 0.05 },
      { batchSize: 5, learningRate: 0.05, kernels: 'textbook' },
    ] as const;
    for (const its of ways) {
      const model = await fit(NARROW, { ...options, ...its, context: gpu.context });
      const expected = await fit(NARROW, { ...options, ...its, backend: 'cpu' });
      expect(model.report).toMatchObject({
        stopReason: 'earlyStopping',
        epochsRun: expected.report.epochsRun,
        bestEpoch: expected.report.bestEpoch,
      });
      expectClose(model.report.validationHistory ?? [], expected.report.validationHistory ?? [], LOSS);
    }
  });

  it('may lie in several shards, or in part of one', async () => {
    const data = examples(3, 20_011, 3);
    for (const validationFraction of [0.3, 0.0001, 0.9]) {
      await expectSameAsReference(data, { validationFraction, epochs: 12 }, () => tiny.context);
      await expectSameAsReference(data, { validationFraction, epochs: 12 });
    }
  });

  const LAID_OUT = [
    { kernels: 'fused-narrow', rows: 5003, features: 3, batchSize: 1001, fraction: 0.3, shards: 'several shards' },
    { kernels: 'fused-wide', rows: 1203, features: 20, batchSize: 120, fraction: 0.3, shards: 'several shards' },
    { kernels: 'short-batches', rows: 5003, features: 3, batchSize: 50, fraction: 0.9, shards: 'several held out' },
    {
      kernels: 'short-batches',
      rows: 1300,
      features: 3,
      batchSize: 1,
      fraction: 0.001,
      shards: 'one example held out',
    },
  ];
  it.each(LAID_OUT)(
    'validate batches of $batchSize by $kernels kernels, $shards',
    async ({ kernels, rows, features, batchSize, fraction }) => {
      const options = { batchSize, validationFraction: fraction, epochs: 6 };
      const { model } = await expectSameAsReference(examples(3, rows, features), options, () => tiny.context);
      expect(reportOf(model).kernels).toBe(kernels);
    },
  );

  it('may be halves', async () => {
    const asked = {
      strategy: 'streaming',
      validationFraction: FRACTION,
      epochs: 20,
      tolerance: 0,
      context: gpu.context,
    } as const;
    const [halves, whole] = [await fit(NARROW, { ...asked, storage: 'f16' }), await fit(NARROW, asked)];
    expectClose(halves.report.validationHistory ?? [], whole.report.validationHistory ?? [], {
      relative: 2e-2,
      because: 'halves keep three digits of features, and the loss is their difference from the targets squared',
    });
    expect(halves.report.validationHistory).not.toEqual(whole.report.validationHistory);
  });

  it('are generated where they are read for synthetic data', async () => {
    const cases = [
      { made: () => syntheticRegression({ rows: 30_003, features: 5, distribution: 'normal', seed: 7, noise: 0.5 }) },
      { made: () => syntheticRegression({ rows: 5_001, features: 40, seed: 3, correlation: 0.5 }) },
      { made: () => syntheticClassification({ rows: 9_001, features: 3, seed: 5 }), loss: 'logistic' },
    ] as const;
    for (const { made, ...loss } of cases) {
      for (const place of [gpu.context, tiny.context]) {
        const options = {
          ...loss,
          validationFraction: FRACTION,
          epochs: 20,
          tolerance: 0,
          standardize: false,
        } as const;
        const data = made();
        const onHost = vi.spyOn(data, 'dataset', 'get');
        const here = await withErrorScopes(gpu.context.device, () =>
          fit(data, { ...options, strategy: 'streaming', context: place }),
        );
        expect(onHost, 'the host makes no example').not.toHaveBeenCalled();
        const there = await fit(made(), { ...options, strategy: 'streaming', backend: 'cpu' });
        expectClose(here.report.validationHistory ?? [], there.report.validationHistory ?? [], {
          relative: 1e-4,
          because: 'targets differ in their last bits, and a label in some thousand',
        });
        expect(here.report.exampleCount).toBe(there.report.exampleCount);
      }
    }
  });

  it('are refused in buffers', async () => {
    const { destroy, ...given } = examplesOnDevice(gpu.context, NARROW);
    await expectRefusal(
      () => fit(given, { context: gpu.context, validationFraction: 0.2 }),
      'INVALID_OPTION',
      'validationFraction',
    );
    destroy();
  });
});
