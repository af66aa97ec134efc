// Whole fits on the GPU by mini-batches, against the same in f64 on the CPU, epoch by epoch.

import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../src/model/checkpoint.js';
import { createDataset, Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { fitSteps } from '../src/fit-steps.js';
import { contextFromDevice } from '../src/gpu/device/device.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import { leastSquares } from '../src/reference/qr.js';
import { resume } from '../src/resume.js';
import { syntheticClassification, syntheticRegression } from '../src/data/synthetic.js';
import { expectClose } from './support/close.js';
import { examples } from './support/examples.js';
import { withErrorScopes } from './support/gpu.js';
import { withContextPerTest } from './support/kernel.js';
import { expectRefusal } from './support/refusal.js';
import { parametersOf } from './support/models.js';
import { expectSettled } from './support/steps.js';

const gpu = withContextPerTest();

const OPTIONS: { name: string; options: FitOptions }[] = [
  { name: 'descent', options: {} },
  { name: 'descent in the order of the examples', options: { shuffle: false } },
  { name: 'descent with penalties', options: { l1: 0.05, l2: 0.1 } },
  { name: 'momentum', options: { optimizer: 'momentum' } },
  { name: 'nesterov with penalties', options: { optimizer: 'nesterov', momentum: 0.8, l1: 0.05, l2: 0.1 } },
  { name: 'adam', options: { optimizer: 'adam', learningRate: 0.02 } },
  { name: 'steps and an average', options: { schedule: 'step', decayEvery: 2, average: true, averageFrom: 1 } },
  { name: 'adam with an average', options: { optimizer: 'adam', schedule: 'inverseScaling', average: true } },
];

/** Sizes that divide the examples and that do not, that begin within quads, and single examples. */
const FAMILIES = [
  { kernels: 'short-batches', shape: [503, 3], sizes: [1, 7, 32, 502] },
  { kernels: 'short-batches', shape: [301, 20], sizes: [1, 8, 33] },
  { kernels: 'fused-narrow', shape: [20_001, 3], sizes: [4097, 10_000] },
  { kernels: 'fused-wide', shape: [5001, 20], sizes: [2051, 2500] },
  { kernels: 'textbook', shape: [301, 3], sizes: [1, 9, 100] },
] as const;

const because =
  'f32 rounds each of some ten operations of an update by 2^-24 of its size, and later updates forget the older ones';

describe.each(FAMILIES)('fit by batches on $kernels kernels', ({ kernels, shape, sizes }) => {
  const data = examples(31, shape[0], shape[1]);
  const way = { tolerance: 0, kernels: kernels === 'textbook' ? 'textbook' : 'auto' } as const;

  it.each(OPTIONS)('equals the reference by $name', async ({ options }) => {
    for (const batchSize of sizes) {
      const asked = { ...way, ...options, batchSize, epochs: 5 };
      const model = await withErrorScopes(gpu.context.device, () => fit(data, { ...asked, context: gpu.context }));
      const expected = await fit(data, { ...asked, backend: 'cpu' });
      expect(model.report.kernels).toBe(kernels);
      expect(model.report.strategy).toBe('streaming');
      const largest = Math.max(1, ...parametersOf(expected).map(Math.abs));
      expectClose(parametersOf(model), parametersOf(expected), { absolute: 2e-5 * largest, because });
      expectClose(model.report.lossHistory, expected.report.lossHistory, { relative: 2e-5, because });
      expect(model.report.stopReason).toBe('epochs');
      const rates = [model, expected].map(({ report }) => report.settings.learningRate);
      expectClose([rates[0] as number], [rates[1] as number], { relative: 1e-12, because: 'both in f64' });
    }
  });
});

/** Kernels that take batches of these sizes of 603 × 3 or 603 × 20. */
const WAYS = [
  { way: 'in one workgroup', features: 3, batchSize: 10, options: {} },
  { way: 'in one workgroup', features: 20, batchSize: 1, options: {} },
  { way: 'by dispatches', features: 3, batchSize: 10, options: { kernels: 'textbook' } },
  { way: 'by dispatches', features: 20, batchSize: 101, options: { kernels: 'textbook' } },
] as const;

describe.each(WAYS)('batches $way of $features features', ({ features, batchSize, options }) => {
  const data = examples(32, 603, features);
  const exampleWeights = Float64Array.from(data.targets, (_, i) => (i % 5) / 2);
  const weighted = new Dataset(data.columns, data.targets, data.featureNames, data.targetName, exampleWeights);
  const common = { ...options, batchSize, strategy: 'streaming', tolerance: 0, epochs: 6 } as const;

  const compare = async (examples: Dataset, its: FitOptions, absolute = 2e-5) => {
    const model = await withErrorScopes(gpu.context.device, () =>
      fit(examples, { ...common, ...its, context: gpu.context }),
    );
    const expected = await fit(examples, { ...common, ...its, backend: 'cpu' });
    const largest = Math.max(1, ...parametersOf(expected).map(Math.abs));
    expectClose(parametersOf(model), parametersOf(expected), { absolute: absolute * largest, because });
    expectClose(model.report.lossHistory, expected.report.lossHistory, {
      relative: 5 * absolute,
      because,
    });
    expect(model.report.path?.map(({ epoch }) => epoch)).toEqual(expected.report.path?.map(({ epoch }) => epoch));
    return model;
  };

  it('are those of every loss, with weights and without, with a bias and without', async () => {
    const { dataset: labels } = syntheticClassification({ rows: 603, features, seed: 3 });
    await compare(weighted, {});
    await compare(data, { loss: 'huber', huberDelta: 0.2 });
    await compare(weighted, { loss: 'huber', huberDelta: 0.2, optimizer: 'adam' });
    await compare(labels, { loss: 'logistic' });
    await compare(weighted, { fitIntercept: false });
    await compare(data, { standardize: false });
    // Halves are right to 2^-11 of their size, and so is all that is made of them.
    await compare(data, { storage: 'f16' }, 4e-3);
  });

  it('give every example the same say, whatever the size of its batch', async () => {
    const { weights, bias } = leastSquares(data);
    const model = await fit(data, {
      ...{ ...common, context: gpu.context, epochs: 300, learningRate: { 1: 0.01, 10: 0.07, 101: 0.3 }[batchSize] },
      ...{ schedule: 'inverseScaling', decay: 0.6 },
    });
    const largest = Math.max(...weights.map(Math.abs));
    const why = 'the last steps are some thirtieth of the first, which are small';
    expectClose(parametersOf(model), [...weights, bias], { absolute: 5e-3 * largest, because: why });
  });

  it('keep a path, and go on from a checkpoint and in steps with the same bits', async () => {
    for (const its of [{}, { optimizer: 'adam', average: true, averageFrom: 2 }, { loss: 'huber' }] as FitOptions[]) {
      const all = { ...common, ...its, pathEvery: 2, epochs: 11 };
      const whole = await compare(weighted, all);
      const part = await fit(weighted, { ...all, context: gpu.context, epochs: 5 });
      const resumed = await resume(JSON.parse(JSON.stringify(part.checkpoint())) as Checkpoint, weighted, {
        context: gpu.context,
        epochs: 11,
      });
      expect(parametersOf(resumed)).toEqual(parametersOf(whole));
      // δ is a number in a checkpoint, and one that was chosen is not warned of: the other warnings are alike.
      const compared = ({ report }: typeof whole) => ({
        ...{ ...report, timings: 0 },
        warnings: report.warnings.filter(({ code }) => code !== 'HUBER_DELTA'),
      });
      expect(compared(resumed)).toEqual(compared(whole));
      const steps = fitSteps(weighted, { ...all, context: gpu.context, epochsPerStep: 3 });
      const losses: number[] = [];
      for await (const step of steps) losses.push(...step.losses);
      expect(losses).toEqual(whole.report.lossHistory);
      expect(parametersOf(await steps.model())).toEqual(parametersOf(whole));
    }
  });

  it('diverge within an epoch, and keep the last parameters whose loss was finite', async () => {
    for (const learningRate of [40, 1e6]) {
      const its = { ...common, learningRate, epochs: 300 };
      const model = await fit(data, { ...its, context: gpu.context });
      const expected = await fit(data, { ...its, backend: 'cpu' });
      expect([model.report.stopReason, expected.report.stopReason]).toEqual(['diverged', 'diverged']);
      expect(parametersOf(model).every(Number.isFinite)).toBe(true);
      expect(model.report.lossHistory.every(Number.isFinite)).toBe(true);
    }
  });

  it('end at a plateau when their losses stand still', async () => {
    const model = await fit(data, { ...common, context: gpu.context, tolerance: 1e-3, epochs: 500 });
    expectSettled(model);
    const expected = await fit(data, { ...common, backend: 'cpu', tolerance: 1e-3, epochs: 500 });
    expect(model.report.epochsRun).toBe(expected.report.epochsRun);
  });

  it('end with an epoch where they are aborted, from which they go on', async () => {
    for (const validationFraction of [0, 0.2]) {
      const controller = new AbortController();
      const all = { ...common, context: gpu.context, epochs: 4000, validationFraction };
      const told: number[][] = [[], []];
      const part = await fit(data, {
        ...all,
        signal: controller.signal,
        onProgress({ losses, validationLosses }) {
          told[0]?.push(...losses);
          told[1]?.push(...validationLosses);
          controller.abort();
        },
      });
      const epochs = part.report.epochsRun;
      expect(part.report.stopReason).toBe('aborted');
      expect(told).toEqual([part.report.lossHistory, part.report.validationHistory ?? []]);
      const whole = await fit(data, { ...all, epochs });
      expect(parametersOf(part)).toEqual(parametersOf(whole));
      expect(part.report.validationHistory).toEqual(whole.report.validationHistory);
    }
  });
});

describe('batches', () => {
  it('lie whole in one of several buffers when no single buffer holds the data', async () => {
    const { device } = gpu.context;
    const small = contextFromDevice(device, { limits: { maxStorageBufferBindingSize: 16_384 } });
    for (const [rows, features, batchSize] of [
      [5003, 3, 10],
      [5003, 3, 1001],
      [1203, 20, 7],
      [1203, 20, 120],
    ] as const) {
      const data = examples(33, rows, features);
      const asked = { batchSize, tolerance: 0, epochs: 3, optimizer: 'momentum', momentum: 0.5 } as const;
      const model = await withErrorScopes(device, () => fit(data, { ...asked, context: small }));
      expect(model.report.kernels).toBe(features === 3 ? 'fused-narrow' : 'fused-wide');
      const expected = await fit(data, { ...asked, backend: 'cpu' });
      expectClose(parametersOf(model), parametersOf(expected), { absolute: 2e-5, because });
      expectClose(model.report.lossHistory, expected.report.lossHistory, { relative: 2e-5, because });
      expectClose([model.report.learningRateLimit ?? 0], [expected.report.learningRateLimit ?? 0], {
        relative: 1e-5,
        because: 'sums in f32 over all examples, whatever the batches',
      });
    }
  });

  it('are refused when one buffer does not hold them, with the size that it does', async () => {
    const small = contextFromDevice(gpu.context.device, { limits: { maxStorageBufferBindingSize: 16_384 } });
    const data = examples(33, 5003, 3);
    await expectRefusal(() => fit(data, { batchSize: 2000, context: small }), 'TOO_LARGE', 'batches of 2000', '1364');
  });

  it('are refused when there are millions of them and each takes a dispatch', async () => {
    const data = createDataset({
      columns: { x: new Float32Array(600_000).map((_, i) => i % 7) },
      targets: new Float32Array(600_000),
    });
    const options = { batchSize: 1, kernels: 'textbook', context: gpu.context } as const;
    await expectRefusal(() => fit(data, options), 'TOO_LARGE', '600000 batches of 1');
  });

  it('are refused for buffers on the device', async () => {
    const [features, targets] = [32, 16].map((size) =>
      gpu.context.device.createBuffer({ size, usage: GPUBufferUsage.STORAGE }),
    ) as [GPUBuffer, GPUBuffer];
    const data = { features, targets, featureCount: 2 };
    await expectRefusal(() => fit(data, { batchSize: 2, context: gpu.context }), 'INVALID_OPTION', 'batchSize 2');
  });

  it('are the same for synthetic data as for the same examples on the host', async () => {
    const made = syntheticRegression({ rows: 5000, features: 2, seed: 7 });
    const options = { batchSize: 64, epochs: 3, context: gpu.context } as const;
    const [here, there] = [await fit(made, options), await fit(made.dataset, options)];
    expect(parametersOf(here)).toEqual(parametersOf(there));
  });

  it('begin at a model', async () => {
    const data = examples(34, 500, 3);
    const first = await fit(data, { context: gpu.context });
    const options = { batchSize: 50, epochs: 2, warmStart: first, tolerance: 0 } as const;
    const [model, expected] = [
      await fit(data, { ...options, context: gpu.context }),
      await fit(data, { ...options, backend: 'cpu' }),
    ];
    expectClose(parametersOf(model), parametersOf(expected), { absolute: 2e-5, because });
  });

  it('come in another order with another seed, and in the same with the same', async () => {
    const data = examples(35, 500, 3);
    const initialParameters = { weights: [0, 0, 0], bias: 0 };
    const of = async (seed: number) =>
      parametersOf(await fit(data, { batchSize: 20, epochs: 2, initialParameters, seed, context: gpu.context }));
    expect(await of(1)).toEqual(await of(1));
    expect(await of(1)).not.toEqual(await of(2));
  });
});
