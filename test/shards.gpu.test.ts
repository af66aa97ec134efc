import { describe, expect, it } from 'vitest';
import type { Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import type { GpuContext } from '../src/gpu/device/device.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import { expectClose } from './support/close.js';
import { examples } from './support/examples.js';
import { withErrorScopes } from './support/gpu.js';
import { withContextKinds } from './support/kernel.js';
import { describeWholeDevice } from './support/whole-device.js';

const gpu = withContextKinds();

const EPOCHS = 20;

async function fitted(dataset: Dataset, context: GpuContext, options: FitOptions = {}) {
  const settings = { epochs: EPOCHS, tolerance: 0, strategy: 'streaming', ...options } as const;
  return withErrorScopes(context.device, () => fit(dataset, { ...settings, context }));
}

const because = `f32 rounds each of ${EPOCHS} epochs, and the shards add up in another order`;

describe('a fit in bindings of 64 KiB', () => {
  // Each takes several shards, the last of them ragged.
  it.each([
    { rows: 40_003, features: 1, kernels: 'fused-narrow' },
    { rows: 20_011, features: 3, kernels: 'fused-narrow' },
    { rows: 5_007, features: 16, kernels: 'fused-narrow' },
    { rows: 3_001, features: 20, kernels: 'fused-wide' },
    { rows: 1_001, features: 70, kernels: 'fused-wide' },
  ])('trains as in one binding: $rows × $features', async ({ rows, features, kernels }) => {
    const dataset = examples(3, rows, features);
    const reference = await fit(dataset, { epochs: EPOCHS, tolerance: 0, strategy: 'streaming', backend: 'cpu' });
    const inOne = await fitted(dataset, gpu.whole);
    const inMany = await fitted(dataset, gpu.tiny);
    const textbook = await fitted(dataset, gpu.tiny, { kernels: 'textbook' });
    const twoPasses = await fitted(dataset, gpu.portable);
    expect(inMany.report.kernels).toBe(kernels);
    expect(twoPasses.report.kernels).toBe(features <= 16 ? 'fused-narrow' : 'wide');
    for (const model of [inOne, inMany, textbook, twoPasses]) {
      const size = Math.max(...reference.weights.map(Math.abs));
      expectClose([...model.weights, model.bias], [...reference.weights, reference.bias], {
        absolute: 2e-5 * size,
        because,
      });
      const losses = reference.report.lossHistory;
      expectClose(model.report.lossHistory, losses, { absolute: 2e-6 * (losses[0] as number), because });
      expect(model.report.learningRateLimit).toBeCloseTo(reference.report.learningRateLimit ?? 0, 4);
    }
  });

  it('does not treat little data that one binding does not hold as little', async () => {
    const dataset = examples(6, 9_001, 3);
    const inMany = await fitted(dataset, gpu.tiny);
    const inOne = await fitted(dataset, gpu.whole);
    expect([inMany.report.kernels, inOne.report.kernels]).toEqual([
      'fused-narrow',
      gpu.whole.adapter.isSoftware ? 'short' : 'fused-narrow',
    ]);
    expectClose(inMany.weights, inOne.weights, { absolute: 2e-5, because });
  });

  it('gives the same bits every time', async () => {
    const dataset = examples(4, 20_011, 3);
    const first = await fitted(dataset, gpu.tiny);
    for (let run = 0; run < 3; run++)
      expect([...(await fitted(dataset, gpu.tiny)).weights]).toEqual([...first.weights]);
  });

  it('stores halves, with the accuracy of halves', async () => {
    for (const features of [3, 20]) {
      const dataset = examples(5, 9_001, features);
      const exact = await fitted(dataset, gpu.tiny);
      const halved = await fitted(dataset, gpu.tiny, { storage: 'f16' });
      expect(halved.report.settings.storage).toBe('f16');
      const difference = Math.max(
        ...halved.weights.map((weight, j) => Math.abs(weight - (exact.weights[j] as number))),
      );
      expect(difference).toBeGreaterThan(0);
      expectClose(halved.weights, exact.weights, {
        absolute: 2e-3,
        because: 'a number of X is off by up to 2^-11 of itself, at random, and 9,001 of them average that out',
      });
    }
  });
});

describeWholeDevice([129]);
