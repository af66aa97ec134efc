import { afterEach, describe, expect, it, vi } from 'vitest';
import { atOnce } from '../src/base/turns.js';
import { crossValidate } from '../src/cross-validate.js';
import { fit } from '../src/fit.js';
import { foldRows } from '../src/data/folds.js';
import type { LinearModel } from '../src/model/linear-model.js';
import { countBuffers } from './support/buffers.js';
import { expectClose } from './support/close.js';
import { examples, normals, rowsOf, withTargets } from './support/examples.js';
import { withErrorScopes } from './support/gpu.js';
import { openShared, withContextPerTest } from './support/kernel.js';
import { parametersOf } from './support/models.js';
import { lossOf } from './support/warm-start.js';

const gpu = withContextPerTest();
afterEach(() => void vi.restoreAllMocks());

const because = 'f32 rounds each of some ten operations of 25 epochs by 2^-24 of its size';

// Not standardised, so that a model on fewer examples is what a fit to those alone gives.
const PLAIN = { epochs: 25, learningRate: 0.2, tolerance: 0, standardize: false, strategy: 'streaming' } as const;

describe('crossValidate on the GPU', () => {
  it.each([
    { rows: 1003, features: 2, folds: 5, kernels: 'auto' },
    { rows: 257, features: 5, folds: 3, kernels: 'auto' },
    { rows: 200, features: 18, folds: 4, kernels: 'auto' },
    { rows: 101, features: 2, folds: 2, kernels: 'textbook' },
    { rows: 7, features: 1, folds: 7, kernels: 'auto' },
  ] as const)(
    'trains outside each fold and measures inside: $rows × $features in $folds folds, kernels $kernels',
    async ({ rows, features, folds, kernels }) => {
      const data = examples(1, rows, features);
      const options = [{ l2: 0 }, { l2: 0.5, learningRate: 0.05 }, { l1: 0.1, epochs: 9 }];
      const shared = { ...PLAIN, learningRate: 0.05, seed: 4 };
      const found = await withErrorScopes(gpu.context.device, () =>
        crossValidate(data, options, { ...shared, folds, kernels, context: gpu.context }),
      );
      expect(found).toHaveLength(options.length);
      const dealt = atOnce(foldRows(rows, folds, 4)).map((fold) => [...fold]);
      for (const [k, { models, validationLosses, meanLoss, lossDeviation }] of found.entries()) {
        expect(models).toHaveLength(folds);
        for (const [fold, model] of models.entries()) {
          const seen = dealt.filter((_, other) => other !== fold).flat();
          const expected = await fit(rowsOf(data, seen), { ...shared, ...options[k], backend: 'cpu' });
          expectClose(parametersOf(model), parametersOf(expected), { absolute: 1e-5, relative: 1e-5, because });
          expectClose(model.report.lossHistory, expected.report.lossHistory, { relative: 2e-5, because });
          expect(model.report.exampleCount).toBe(seen.length);
          const [limit, expectedLimit] = [model.report.learningRateLimit, expected.report.learningRateLimit];
          expectClose([limit ?? 0], [expectedLimit ?? 0], { relative: 1e-4, because: 'six digits of λmax' });
          expectClose(
            [validationLosses[fold] as number],
            [await lossOf(expected, rowsOf(data, dealt[fold] as number[]))],
            { relative: 1e-4, because },
          );
        }
        const mean = validationLosses.reduce((sum, loss) => sum + loss, 0) / folds;
        const variance = validationLosses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / folds;
        expectClose([meanLoss, lossDeviation], [mean, Math.sqrt(variance)], {
          relative: 1e-12,
          because: 'the same sums',
        });
      }
    },
  );

  it('takes several columns of targets', async () => {
    const data = examples(2, 300, 2);
    const other = data.targets.map((y, i) => 3 - y + (data.columns[0]?.[i] as number));
    const options = [{}, { target: 'other' }, { target: 'other', l2: 1 }];
    const shared = { ...PLAIN, folds: 3, targets: { other }, context: gpu.context };
    const found = await crossValidate(data, options, shared);
    const dealt = atOnce(foldRows(300, 3, 0)).map((fold) => [...fold]);
    for (const [k, { models, validationLosses }] of found.entries()) {
      const values = k === 0 ? data.targets : other;
      for (const [fold, model] of models.entries()) {
        const seen = dealt.filter((_, another) => another !== fold).flat();
        const expected = await fit(rowsOf(data, seen, values), { ...PLAIN, l2: options[k]?.l2 ?? 0, backend: 'cpu' });
        expectClose(parametersOf(model), parametersOf(expected), { absolute: 1e-5, because });
        const unseen = rowsOf(data, dealt[fold] as number[], values);
        const loss = validationLosses[fold] as number;
        expectClose([loss], [await lossOf(expected, unseen)], { relative: 1e-4, because });
      }
    }
  });

  it('standardizes as the CPU does', async () => {
    const data = examples(3, 400, 3);
    const options = [{ l2: 0.1 }, { learningRate: 0.3 }];
    const onGpu = await crossValidate(data, options, { epochs: 40, tolerance: 0, folds: 4, context: gpu.context });
    const onCpu = await crossValidate(data, options, { epochs: 40, tolerance: 0, folds: 4, backend: 'cpu' });
    onGpu.forEach(({ validationLosses, models }, k) => {
      expectClose(validationLosses, onCpu[k]?.validationLosses ?? [], { relative: 1e-4, because });
      models.forEach((model, fold) => {
        expectClose(parametersOf(model), parametersOf(onCpu[k]?.models[fold] as LinearModel), {
          absolute: 1e-5,
          because,
        });
      });
    });
  });

  it('trains many models in shards and in several runs', async () => {
    const small = await openShared({ maxStorageBufferBindingSize: 8192 });
    const buffers = countBuffers(small.device);
    const data = examples(4, 1001, 3);
    const options = Array.from({ length: 12 }, (_, k) => ({ l2: 0.1 * k }));
    const shared = { ...PLAIN, folds: 5 };
    const found = await withErrorScopes(small.device, () =>
      crossValidate(data, options, { ...shared, context: small }),
    );
    const expected = await crossValidate(data, options, { ...shared, backend: 'cpu' });
    found.forEach(({ validationLosses }, k) => {
      expectClose(validationLosses, expected[k]?.validationLosses ?? [], { relative: 1e-4, because });
    });
    expect(buffers.largest()).toBeLessThanOrEqual(8192);
    small.dispose();
  });
});

describe('crossValidate', () => {
  it('finds that a penalty helps where there are few examples for many features', async () => {
    const data = withTargets(examples(5, 30, 20), normals(6, 30)); // nothing but noise
    const [plain, ridge] = await crossValidate(data, [{ l2: 0 }, { l2: 1 }], {
      epochs: 3000,
      folds: 5,
      context: gpu.context,
    });
    expect(ridge?.meanLoss).toBeLessThan(plain?.meanLoss ?? 0);
  });

  it('gives the same bits every time, and others for another seed', async () => {
    const data = examples(6, 500, 2);
    const run = (seed: number) => crossValidate(data, [{}], { ...PLAIN, seed, context: gpu.context });
    const first = await run(1);
    expect((await run(1))[0]?.validationLosses).toEqual(first[0]?.validationLosses);
    expect((await run(2))[0]?.validationLosses).not.toEqual(first[0]?.validationLosses);
  });

  it('frees all buffers, when it ends and when it is aborted', async () => {
    const data = examples(7, 200, 2);
    const buffers = countBuffers(gpu.context.device);
    await crossValidate(data, [{}, { l2: 1 }], { ...PLAIN, context: gpu.context });
    expect(buffers.made()).toBeGreaterThan(10);
    expect(buffers.live()).toBe(0);
    const controller = new AbortController();
    const [found] = await crossValidate(data, [{}], {
      ...PLAIN,
      epochs: 1_000_000,
      context: gpu.context,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(found?.models.map(({ report }) => report.stopReason)).toEqual(new Array(5).fill('aborted'));
    expect(found?.validationLosses.every(Number.isFinite)).toBe(true);
    expect(buffers.live()).toBe(0);
  });

  it('frees all buffers when memory runs out in the middle of the folds', async () => {
    const data = examples(8, 200, 2);
    const buffers = countBuffers(gpu.context.device);
    const create = gpu.context.device.createBuffer.bind(gpu.context.device);
    let uploads = 0;
    vi.spyOn(gpu.context.device, 'createBuffer').mockImplementation((descriptor) => {
      if (descriptor.label === 'features' && ++uploads === 3) throw new RangeError('Array buffer allocation failed');
      return create(descriptor);
    });
    await expect(crossValidate(data, [{}], { ...PLAIN, context: gpu.context })).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
    });
    expect(uploads).toBe(3);
    expect(buffers.live()).toBe(0);
  });

  it('names the row of a value that f32 cannot hold, whatever fold it is in', async () => {
    const features = Array.from({ length: 20 }, (_, i) => (i === 13 ? 1e39 : i));
    const data = { features, targets: features.map(() => 1), featureCount: 1, featureNames: ['mass'] };
    const error = await crossValidate(data, [{}], { ...PLAIN, context: gpu.context }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'NON_FINITE_VALUE' });
    expect((error as Error).message).toContain("1e+39 in row 13 of 'mass'");
  });

  it.each([1, 0, 2.5, 21, Number.NaN, '5'])('refuses %o folds of 20 examples', async (folds) => {
    const data = examples(9, 20, 1);
    const refused = crossValidate(data, [{}], { folds: folds as number, context: gpu.context });
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
