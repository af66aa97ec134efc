import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ModelProgress } from '../src/descent/backend.js';
import { createDataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import type { ManyOptions, ModelOptions } from '../src/fitting/many-options.js';
import type { LinearModel } from '../src/model/linear-model.js';
import { countBuffers } from './support/buffers.js';
import { expectClose } from './support/close.js';
import { examples, normals, withTargets } from './support/examples.js';
import { withErrorScopes } from './support/gpu.js';
import { expectAlone, grid } from './support/models-alone.js';
import { openContext, openShared, withContextPerTest } from './support/kernel.js';
import { parametersOf } from './support/models.js';

const gpu = withContextPerTest();
afterEach(() => void vi.restoreAllMocks());

const COMMON = { epochs: 25, learningRate: 0.2, tolerance: 0, strategy: 'streaming' } as const;
const because = 'f32 rounds each of some ten operations of 25 epochs by 2^-24 of its size';

describe('fitMany on the GPU', () => {
  it.each([
    { features: 1, count: 3, kernels: 'auto' },
    { features: 2, count: 16, kernels: 'auto' },
    { features: 3, count: 17, kernels: 'auto' },
    { features: 8, count: 9, kernels: 'auto' },
    { features: 16, count: 6, kernels: 'auto' },
    { features: 20, count: 6, kernels: 'auto' },
    { features: 2, count: 5, kernels: 'textbook' },
  ] as const)(
    'trains each of $count models of $features features as if it were alone, kernels $kernels',
    async ({ features, count, kernels }) => {
      const data = examples(1, 1003, features);
      const options = grid(count);
      const shared = { tolerance: 0, kernels };
      const models = await withErrorScopes(gpu.context.device, () =>
        fitMany(data, options, { ...shared, context: gpu.context }),
      );
      expect(models[0]?.report.kernels).toBe(features <= 16 && kernels === 'auto' ? 'many-narrow' : 'many-wide');
      await expectAlone(data, options, shared, models);
    },
  );

  it.each([1, 2, 3, 5])('trains each as if it were alone on %i rows', async (rows) => {
    const data = examples(2, rows, 2);
    await expectAlone(data, grid(4), {}, await fitMany(data, grid(4), { context: gpu.context }));
  });

  it('trains each as if it were alone in f16', async () => {
    const data = examples(1, 503, 2);
    const models = await fitMany(data, grid(3), { ...COMMON, storage: 'f16', context: gpu.context });
    for (const [k, model] of models.entries()) {
      const alone = await fit(data, { ...COMMON, ...grid(3)[k], storage: 'f16', context: gpu.context });
      expectClose(parametersOf(model), parametersOf(alone), { absolute: 2e-6, because });
    }
  });

  it('trains each as if it were alone without standardizing', async () => {
    const data = examples(3, 257, 3);
    const options = { ...COMMON, learningRate: 0.1, standardize: false };
    await expectAlone(data, grid(5), options, await fitMany(data, grid(5), { ...options, context: gpu.context }));
  });

  it('trains each at its own rate, by the curvature and its penalty', async () => {
    const data = examples(4, 1000, 3);
    const options = [{ l2: 0 }, { l2: 2 }, { learningRate: 0.01 }];
    const models = await fitMany(data, options, { epochs: 50, tolerance: 0, context: gpu.context });
    await expectAlone(data, options, { epochs: 50, tolerance: 0 }, models);
    for (const [k, { report }] of models.entries()) {
      const alone = (await fit(data, { ...options[k], epochs: 1, backend: 'cpu' })).report;
      expectClose([report.learningRateLimit ?? 0], [alone.learningRateLimit ?? 0], { relative: 1e-5, because });
    }
  });

  it('trains one model as it trains many', async () => {
    const data = examples(5, 300, 2);
    await expectAlone(data, [COMMON], {}, await fitMany(data, [COMMON], { context: gpu.context }));
  });
});

describe('the end of each model is its own', () => {
  it('comes by divergence, at a plateau, after few epochs or after all', async () => {
    const data = examples(6, 2000, 2);
    const shared = { epochs: 300, standardize: false } as const;
    const options: ModelOptions[] = [
      { learningRate: 3.5, tolerance: 0 },
      { learningRate: 0.5, tolerance: 1e-4, patience: 3 },
      { learningRate: 0.1, tolerance: 0, epochs: 7 },
      { learningRate: 0.1, tolerance: 0 },
    ];
    const models = await fitMany(data, options, { ...shared, context: gpu.context });
    expect(models.map(({ report }) => report.stopReason)).toEqual(['diverged', 'plateau', 'epochs', 'epochs']);
    expect(models.map(({ report }) => report.epochsRun).slice(2)).toEqual([7, 300]);
    expect(models[0]?.report.warnings.map(({ code }) => code)).toContain('LEARNING_RATE_ABOVE_LIMIT');
    expect(models[3]?.report.warnings.map(({ code }) => code)).toEqual(['NOT_CONVERGED']);
    expect(parametersOf(models[0] as LinearModel).every(Number.isFinite)).toBe(true);
    await expectAlone(data, options.slice(1), shared, models.slice(1));
    // What a model learned before it stopped has not moved while the others went on.
    const alone = await fit(data, { ...shared, ...options[0], strategy: 'streaming', context: gpu.context });
    expect(models[0]?.report.epochsRun).toBe(alone.report.epochsRun);
    expectClose(parametersOf(models[0] as LinearModel), parametersOf(alone), {
      relative: 1e-3,
      because: 'growth of f32',
    });
  });

  it('leaves a model that diverges at once its first parameters', async () => {
    const data = createDataset({ columns: { x: normals(1, 20) }, targets: normals(2, 20) });
    const initialParameters = { weights: [1e30], bias: 0 };
    const options = { learningRate: 0.1, standardize: false } as const;
    const [first, second] = await fitMany(data, [{ initialParameters }, {}], {
      ...options,
      epochs: 5,
      context: gpu.context,
    });
    expect(first?.report).toMatchObject({ stopReason: 'diverged', epochsRun: 0 });
    expectClose(first?.weights ?? [], [1e30], { relative: 1e-7, because: 'f32' });
    expect(second?.report).toMatchObject({ epochsRun: 5 });
  });
});

describe('several columns of targets', () => {
  const data = examples(7, 1001, 2);
  const targets = {
    double: data.targets.map((y) => 2 * y + 30),
    noisy: data.targets.map((y, i) => y + (normals(8, 1001)[i] as number)),
  };
  const expectColumns = async (options: readonly ModelOptions[], shared: ManyOptions) => {
    const models = await fitMany(data, options, { ...COMMON, ...shared, targets, context: gpu.context });
    for (const [k, model] of models.entries()) {
      const { target = 'y', ...rest } = options[k] as ModelOptions;
      const values = target === 'y' ? data.targets : targets[target as keyof typeof targets];
      const expected = await fit(withTargets(data, values), { ...COMMON, ...rest, backend: 'cpu' });
      expect(model.targetName).toBe(target);
      expectClose(parametersOf(model), parametersOf(expected), { absolute: 1e-5, relative: 1e-5, because });
      const losses = expected.report.lossHistory;
      expectClose(model.report.lossHistory, losses, { relative: 1e-5, because });
    }
  };

  it.each(['auto', 'textbook'] as const)('are learned by one model each, kernels %s', (kernels) =>
    expectColumns([{ target: 'noisy' }, {}, { target: 'double', l2: 0.1 }], { kernels }),
  );

  it('are learned by several models each, so that a pass is for one of them', () =>
    expectColumns(
      [0, 0.1, 0.2].flatMap((l2) => [
        { target: 'noisy', l2 },
        { target: 'double', l2 },
      ]),
      {},
    ));

  it('are learned in shards', async () => {
    gpu.context = await openShared({ maxStorageBufferBindingSize: 4096 });
    await expectColumns([{ target: 'noisy' }, {}, { target: 'double' }], {});
  });
});

describe('limits', () => {
  it.each(['auto', 'textbook'] as const)(
    'split hundreds of models into several runs, over shards, kernels %s',
    async (kernels) => {
      const small = await openShared({ maxStorageBufferBindingSize: 8192 });
      const buffers = countBuffers(small.device);
      const data = examples(9, 700, 3); // 8400 bytes of X: two shards
      const options = grid(150); // 150 · 17 losses of 4 bytes: two runs for these alone
      const shared = { tolerance: 0, kernels };
      const models = await withErrorScopes(small.device, () => fitMany(data, options, { ...shared, context: small }));
      expect(buffers.largest()).toBeLessThanOrEqual(8192);
      expect(buffers.live()).toBe(0);
      await expectAlone(data, options, shared, models);
      small.dispose();
    },
  );

  it('do not change what comes out, but for rounding', async () => {
    const small = await openShared({ maxStorageBufferBindingSize: 65_536 });
    const data = examples(10, 20_011, 2);
    const inOne = await fitMany(data, grid(20), { context: gpu.context });
    const inMany = await fitMany(data, grid(20), { context: small });
    inOne.forEach((model, k) => {
      expectClose(parametersOf(model), parametersOf(inMany[k] as LinearModel), { absolute: 2e-6, because });
    });
    small.dispose();
  });
});

describe('fitMany', () => {
  it('gives the same bits every time', async () => {
    const data = examples(11, 10_007, 3);
    const first = await fitMany(data, grid(20), { context: gpu.context });
    for (let run = 0; run < 4; run++) {
      const again = await fitMany(data, grid(20), { context: gpu.context });
      again.forEach((model, k) => {
        expect(parametersOf(model)).toEqual(parametersOf(first[k] as LinearModel));
        expect(model.report.lossHistory).toEqual(first[k]?.report.lossHistory);
      });
    }
  });

  it('frees all buffers, whatever number of epochs', async () => {
    const data = examples(12, 500, 2);
    const buffers = countBuffers(gpu.context.device);
    const options = [{ l2: 0 }, { l2: 0.1 }, { seed: 3 }];
    const run = (epochs: number) => fitMany(data, options, { ...COMMON, epochs, context: gpu.context });
    await run(20);
    const forTwenty = buffers.made();
    expect(forTwenty).toBeGreaterThan(5);
    await run(4000);
    expect(buffers.made() - forTwenty).toBeLessThanOrEqual(forTwenty + 1); // the second of two submits under way
    expect(buffers.live()).toBe(0);
  });

  it('tells of all models, and ends all on an abort with what they learned', async () => {
    const data = examples(13, 500, 2);
    const buffers = countBuffers(gpu.context.device);
    const controller = new AbortController();
    const told: (readonly ModelProgress[])[] = [];
    const models = await fitMany(data, [{ epochs: 2 }, {}, {}], {
      learningRate: 0.1,
      epochs: 1_000_000,
      tolerance: 0,
      context: gpu.context,
      signal: controller.signal,
      onProgress(progress) {
        told.push(progress);
        if ((progress[1]?.epoch ?? 0) > 3) controller.abort();
      },
    });
    expect(models.map(({ report }) => report.stopReason)).toEqual(['epochs', 'aborted', 'aborted']);
    expect(told.at(-1)?.map(({ isRunning }) => isRunning)).toEqual([false, true, true]);
    for (const [k, { report }] of models.entries()) {
      expect(told.at(-1)?.[k]).toMatchObject({ epoch: report.epochsRun, loss: report.lossHistory.at(-1) });
    }
    expect(models[2]?.report.epochsRun).toBeLessThan(1_000_000);
    expect(buffers.live()).toBe(0);
  });

  it('rejects with the reason of a signal that is aborted before', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(fitMany(examples(1, 9, 1), [{}], { context: gpu.context, signal })).rejects.toThrow('enough');
  });

  it('falls back to two passes where a compiler refuses the fused kernel, and says so', async () => {
    gpu.context = await openContext(); // where nothing is compiled yet
    const create = gpu.context.device.createComputePipelineAsync.bind(gpu.context.device);
    vi.spyOn(gpu.context.device, 'createComputePipelineAsync').mockImplementation((descriptor) =>
      descriptor.label === 'many_narrow' ? Promise.reject(new Error('not on this adapter')) : create(descriptor),
    );
    const data = examples(14, 99, 2);
    const models = await fitMany(data, grid(3), { context: gpu.context });
    expect(models[0]?.report).toMatchObject({
      kernels: 'many-wide',
      warnings: [{ code: 'KERNELS_FALLBACK' }, { code: 'NOT_CONVERGED' }],
    });
    await expectAlone(data, grid(3), {}, models);
  });

  it('frees everything when the device runs out of memory in the middle', async () => {
    const buffers = countBuffers(gpu.context.device, { refused: 'history' });
    await expect(fitMany(examples(15, 99, 2), grid(3), { context: gpu.context })).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
    });
    expect(buffers.live()).toBe(0);
  });
});
