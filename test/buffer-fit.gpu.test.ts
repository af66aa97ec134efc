// Training on buffers of the caller: as on typed arrays, without a copy through the host.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDataset, Dataset } from '../src/data/dataset.js';
import { syntheticRegression } from '../src/data/synthetic.js';
import type { FitWarning } from '../src/descent/report.js';
import { fit } from '../src/fit.js';
import { fitted, OPTIONS } from './support/buffer-fits.js';
import { countBuffers, failMemoryScope } from './support/buffers.js';
import { expectClose } from './support/close.js';
import { contentsOf, examplesOnDevice, onDevice, rowMajor } from './support/device-data.js';
import { examples } from './support/examples.js';
import { openShared, withContextKinds } from './support/kernel.js';

const gpu = withContextKinds();
afterEach(() => vi.restoreAllMocks());

/** The dataset as f32 holds it, which is what its buffers hold. */
function inF32({ columns, targets, featureNames, targetName }: Dataset): Dataset {
  const rounded = columns.map((column) => Float32Array.from(column));
  return new Dataset(rounded, Float32Array.from(targets), featureNames, targetName);
}

const because = `f32 rounds each of ${OPTIONS.epochs} epochs, and mean and spread are found in f32`;

describe('buffers train as typed arrays do', () => {
  it.each([
    { rows: 1, features: 1 },
    { rows: 5, features: 3 },
    { rows: 257, features: 8 },
    { rows: 20_011, features: 3 },
    { rows: 5_007, features: 16 },
    { rows: 3_001, features: 20 },
    { rows: 1_001, features: 70 },
  ])('train $rows × $features alike in one binding and in many, whatever the kernels', async ({ rows, features }) => {
    const dataset = inF32(examples(3, rows, features));
    for (const standardize of [true, false]) {
      const shared = { standardize, ...(!standardize && { learningRate: 0.001 }) };
      const reference = await fit(dataset, { ...OPTIONS, ...shared, backend: 'cpu' });
      const size = Math.max(...reference.weights.map(Math.abs), Math.abs(reference.bias));
      for (const [context, kernels] of [
        [gpu.whole, 'auto'],
        [gpu.tiny, 'auto'],
        [gpu.tiny, 'textbook'],
        [gpu.portable, 'auto'],
      ] as const) {
        const { weights, bias, report } = await fitted(dataset, context, { ...shared, kernels });
        const expected = [...reference.weights, reference.bias];
        expectClose([...weights, bias], expected, { absolute: 4e-5 * size, because });
        const losses = reference.report.lossHistory;
        expectClose(report?.lossHistory ?? [], losses, { absolute: 4e-6 * (losses[0] as number), because });
        expect(report).toMatchObject({ strategy: 'streaming', exampleCount: rows, featureCount: features });
        const uploaded = await fit(dataset, { ...OPTIONS, ...shared, kernels, context });
        expect(report?.kernels).toBe(uploaded.report.kernels);
        // How far the optimum is, is known of examples on the host and estimated for buffers.
        const codes = (warnings: readonly FitWarning[] = []) => warnings.map(({ code }) => code);
        expect(codes(report?.warnings)).toEqual(codes(uploaded.report.warnings));
      }
    }
  });

  it('train on columns far from 0, of any scale, and of one value', async () => {
    const { columns, targets } = examples(8, 3_001, 4);
    const [years, tiny, huge, plain] = columns.map((column) => Float64Array.from(column)) as Float64Array[];
    const dataset = inF32(
      createDataset({
        columns: {
          years: (years as Float64Array).map((x) => 2000 + 20 * x),
          tiny: (tiny as Float64Array).map((x) => 1e-25 * x),
          huge: (huge as Float64Array).map((x) => 1e30 * x),
          constant: new Float64Array(3_001).fill(0.1),
          plain: plain as Float64Array,
        },
        targets: Float64Array.from(targets, (y) => 1e4 + y),
      }),
    );
    const input = examplesOnDevice(gpu.whole, dataset);
    const options = { ...OPTIONS, epochs: 100, context: gpu.whole };
    const { weights, bias, report } = await fit({ ...input, featureNames: dataset.featureNames }, options);
    input.destroy();
    const reference = await fit(dataset, { ...options, backend: 'cpu' });
    const spreads = [20, 1e-25, 1e30, 1, 1];
    expectClose(
      weights.map((w, j) => w * (spreads[j] as number)),
      reference.weights.map((w, j) => w * (spreads[j] as number)),
      { absolute: 1e-3, because: 'years and targets near 10,000 keep three digits of their spread in f32' },
    );
    expectClose([bias], [reference.bias], { relative: 1e-4, because: 'the same, times 2000 years' });
    expect(weights[3]).toBe(0);
    expect(report.warnings).toEqual(reference.report.warnings);
    expect(report.warnings[0]?.message).toContain("'constant'");
  });

  it.each([true, false])('train without a bias, standardize %s', async (standardize) => {
    const { columns, targets } = examples(9, 2_003, 3);
    // Far from 0, so that a mean taken off would show.
    const dataset = inF32(
      createDataset({ columns: { a: columns[0] ?? [], b: (columns[1] ?? targets).map((x) => 3 + x) }, targets }),
    );
    const options = { fitIntercept: false, standardize } as const;
    const reference = await fit(dataset, { ...OPTIONS, ...options, backend: 'cpu' });
    const { weights, bias, report } = await fitted(dataset, gpu.whole, options);
    expectClose(weights, reference.weights, { absolute: 4e-5 * Math.max(...reference.weights.map(Math.abs)), because });
    expect(bias).toBe(0);
    const losses = reference.report.lossHistory;
    expectClose(report?.lossHistory ?? [], losses, { absolute: 4e-6 * (losses[0] as number), because });
  });

  it('train as halves with the accuracy of halves', async () => {
    for (const features of [3, 20]) {
      const dataset = inF32(examples(5, 9_001, features));
      const exact = await fitted(dataset, gpu.tiny);
      const halved = await fitted(dataset, gpu.tiny, { storage: 'f16' });
      expect([...halved.weights]).not.toEqual([...exact.weights]);
      expectClose(halved.weights, exact.weights, {
        absolute: 4e-3,
        because: 'a number of X is off by up to 2^-10 of itself, and 9,001 of them average that out',
      });
    }
  });

  it("train with 'auto' to the optimum, named as the caller names them", async () => {
    const made = syntheticRegression({ rows: 4_001, features: 2, seed: 3 });
    const input = examplesOnDevice(gpu.whole, made.dataset);
    const model = await fit({ ...input, featureNames: ['a', 'b'], targetName: 'c' }, { context: gpu.whole });
    input.destroy();
    expect([model.featureNames, model.targetName]).toEqual([['a', 'b'], 'c']);
    expect(model.report).toMatchObject({ strategy: 'streaming', stopReason: 'converged' });
    expectClose([...model.weights, model.bias], [...made.weights, made.bias], {
      absolute: 0.02,
      because: 'noise of 0.1 leaves 0.1/√(4001/3) = 0.003 in a weight',
    });
  });

  it('train on the first rows alone when there are more than exampleCount says', async () => {
    const { dataset } = syntheticRegression({ rows: 700, features: 2, seed: 1 });
    const [x1, x2] = dataset.columns.map((column) => column.slice(0, 300)) as [Float32Array, Float32Array];
    const first = createDataset({ columns: { x1, x2 }, targets: dataset.targets.slice(0, 300) });
    const input = examplesOnDevice(gpu.whole, dataset);
    const { weights, bias } = await fit({ ...input, exampleCount: 300 }, { ...OPTIONS, context: gpu.whole });
    input.destroy();
    const expected = await fit(first, { ...OPTIONS, backend: 'cpu' });
    expectClose([...weights, bias], [...expected.weights, expected.bias], { absolute: 2e-5, because });
  });
});

describe("the caller's buffers", () => {
  const { dataset } = syntheticRegression({ rows: 4_001, features: 3, seed: 1 });

  it('are left as they were, and nothing else stays', async () => {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
    const features = onDevice(gpu.whole, rowMajor(dataset), usage);
    const targets = onDevice(gpu.whole, dataset.targets, usage);
    const buffers = countBuffers(gpu.whole.device);
    for (let run = 0; run < 2; run++)
      await fit({ features, targets, featureCount: 3 }, { ...OPTIONS, context: gpu.whole });
    expect(buffers.made()).toBeGreaterThan(10);
    expect(buffers.live()).toBe(0);
    expect(await contentsOf(gpu.whole, features)).toEqual(rowMajor(dataset));
    expect(await contentsOf(gpu.whole, targets)).toEqual(dataset.targets);
    for (const buffer of [features, targets]) buffer.destroy();
  });

  it('are alone after an abort, and when the device runs out of memory at whichever step', async () => {
    let code = '';
    let step = 0;
    for (; code !== 'none'; step++) {
      const own = await openShared({ maxStorageBufferBindingSize: 16_384 });
      const input = examplesOnDevice(own, dataset);
      const buffers = countBuffers(own.device);
      failMemoryScope(own.device, step);
      code = await fit(input, { ...OPTIONS, context: own }).then(
        () => 'none',
        (error: unknown) => (error as { code: string }).code,
      );
      expect(['OUT_OF_MEMORY', 'none'], `step ${step}`).toContain(code);
      expect(buffers.live()).toBe(0);
      vi.restoreAllMocks();
      own.dispose();
    }
    expect(step, 'looking, laying out, the limit and the epochs').toBeGreaterThanOrEqual(15);

    const input = examplesOnDevice(gpu.whole, dataset);
    const buffers = countBuffers(gpu.whole.device);
    const controller = new AbortController();
    const fitting = fit(input, { ...OPTIONS, context: gpu.whole, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(fitting).rejects.toThrow('enough');
    expect(buffers.live()).toBe(0);
    input.destroy();
  });
});
