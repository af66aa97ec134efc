import { describe, expect, it, vi } from 'vitest';
import { fit } from '../src/fit.js';
import { syntheticRegression } from '../src/data/synthetic.js';
import { expectClose } from './support/close.js';
import { withErrorScopes } from './support/gpu.js';
import { openShared, withContext } from './support/kernel.js';

const whole = withContext();
const tiny = withContext(() => openShared({ maxStorageBufferBindingSize: 65_536 }));

const OPTIONS = { epochs: 30, tolerance: 0, strategy: 'streaming', learningRate: 0.3 } as const;

describe('synthetic data on the device', () => {
  it.each([
    { rows: 1_001, features: 2, distribution: 'uniform' },
    { rows: 30_003, features: 5, distribution: 'normal' },
    { rows: 5_001, features: 40, distribution: 'uniform' },
  ] as const)('train as when they are uploaded: $rows × $features, $distribution', async (shape) => {
    const given = { ...shape, seed: 7, noise: 0.2 };
    for (const context of [whole.context, tiny.context]) {
      const made = syntheticRegression(given);
      const onHost = vi.spyOn(made, 'dataset', 'get');
      const options = { ...OPTIONS, standardize: false, context };
      const here = await withErrorScopes(context.device, () => fit(made, options));
      expect(onHost, 'the host makes no example').not.toHaveBeenCalled();
      const uploaded = await fit(syntheticRegression(given).dataset, options);
      expectClose([...here.weights, here.bias], [...uploaded.weights, uploaded.bias], {
        absolute: 1e-5,
        because: 'targets differ in their last bits',
      });
      expect(here.report.kernels).toBe(uploaded.report.kernels);
      expect(here.featureNames).toEqual(uploaded.featureNames);
    }
  });

  it('train the same when standardized, on the CPU, and with moments', async () => {
    const made = () => syntheticRegression({ rows: 20_011, features: 3, seed: 2, noise: 0.2 });
    const expected = await fit(made().dataset, { ...OPTIONS, epochs: 200, context: whole.context });
    for (const options of [
      { context: whole.context },
      { backend: 'cpu' },
      { context: whole.context, strategy: 'moments' },
      { context: whole.context, storage: 'f16' },
    ] as const) {
      const model = await fit(made(), { ...OPTIONS, epochs: 200, ...options });
      expectClose([...model.weights, model.bias], [...expected.weights, expected.bias], {
        absolute: 'storage' in options ? 1e-3 : 1e-5,
        because: 'all come to the optimum, of data that differ in their last bits (or in what halves keep)',
      });
    }
  });

  it('train at a size that the host never holds', { timeout: 120_000 }, async () => {
    const { weights, bias, report } = await fit(
      syntheticRegression({ rows: 10_000_000, features: 2, seed: 5, noise: 0.1, weights: [2, -3], bias: 0.5 }),
      { ...OPTIONS, epochs: 25, learningRate: 1, standardize: false, context: whole.context },
    );
    expect(report.exampleCount).toBe(10_000_000);
    expectClose([...weights, bias], [2, -3, 0.5], {
      absolute: 6 * (2 / 3) ** 25 + 5e-4,
      because: 'what 25 epochs leave of the way, and five standard errors of the noise',
    });
  });
});
