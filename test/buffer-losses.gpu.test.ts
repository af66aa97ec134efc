// Training on buffers of the caller with every loss and with weights of examples: as on typed arrays of the same numbers.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { Dataset } from '../src/data/dataset.js';
import { LOSSES } from '../src/options/names.js';
import { fitSteps } from '../src/fit-steps.js';
import type { BufferInput } from '../src/data/buffer-input.js';
import type { LinearModel } from '../src/model/linear-model.js';
import { resume } from '../src/resume.js';
import { fit } from '../src/fit.js';
import { fitted, OPTIONS, problem, withDelta } from './support/buffer-fits.js';
import { countBuffers, failMemoryScope } from './support/buffers.js';
import { expectClose } from './support/close.js';
import { contentsOf, examplesOnDevice, onDevice, rowMajor } from './support/device-data.js';
import { uniforms } from './support/examples.js';
import { openShared, withContextKinds } from './support/kernel.js';

const gpu = withContextKinds();
afterEach(() => vi.restoreAllMocks());

/** How far the optimum is, and how δ fits the errors, is known of examples on the host: the first is estimated for buffers. */
const codesOf = ({ report }: LinearModel) =>
  report?.warnings.map(({ code }) => code).filter((code) => code !== 'HUBER_DELTA');

const numbersOf = ({ weights, bias, report }: LinearModel) => [
  ...[...weights, bias],
  ...(report?.lossHistory ?? []),
  report?.learningRateLimit ?? Number.NaN,
];

const FORMS = LOSSES.flatMap((loss) => [false, true].map((weighted) => ({ loss, weighted })));
// Few numbers of features: for each the kernels are compiled anew.
const SHAPES = [
  { rows: 2, features: 1 },
  { rows: 257, features: 1 },
  { rows: 20_011, features: 2 },
  { rows: 3_001, features: 20 },
];

describe.each(FORMS)('the $loss loss, weighted: $weighted', ({ loss, weighted }) => {
  it.each(SHAPES)(
    'gives the bits of typed arrays without standardizing: $rows × $features',
    async ({ rows, features }) => {
      const dataset = problem(loss, rows, features, weighted);
      for (const [context, kernels] of [
        ...(rows < 300 ? ([[gpu.whole, 'auto']] as const) : []), // more rows differ by their shards, which only `tiny` has
        [gpu.tiny, 'auto'],
        [gpu.tiny, 'textbook'],
        ...(features > 16 ? ([[gpu.portable, 'auto']] as const) : []), // up to 16 the kernels need no subgroups
      ] as const) {
        const options = { loss, kernels, standardize: false, learningRate: 0.01 } as const;
        const model = await fitted(dataset, context, { ...options, ...withDelta(loss) });
        const expected = await fit(dataset, { ...OPTIONS, ...options, ...withDelta(options.loss), context });
        expect(numbersOf(model)).toEqual(numbersOf(expected));
        expect(model.report?.kernels).toBe(expected.report.kernels);
        expect(codesOf(model)).toEqual(codesOf(expected));
      }
    },
  );

  it.each(SHAPES)('equals that of typed arrays when standardizing: $rows × $features', async ({ rows, features }) => {
    const dataset = problem(loss, rows, features, weighted);
    for (const [context, fitIntercept] of [
      [gpu.whole, true],
      [gpu.tiny, false],
    ] as const) {
      const options = { loss, fitIntercept };
      const expected = await fit(dataset, { ...OPTIONS, ...options, ...withDelta(options.loss), backend: 'cpu' });
      const model = await fitted(dataset, context, { ...options, ...withDelta(loss) });
      expectClose(numbersOf(model), numbersOf(expected), {
        absolute: 4e-5,
        relative: 4e-5,
        because: 'f32 rounds each of 20 epochs, and mean and spread are found in f32',
      });
      if (!fitIntercept) expect(model.bias).toBe(0);
      expect(codesOf(model)).toEqual(codesOf(expected));
    }
  });

  it('trains halves with the accuracy of halves', async () => {
    for (const features of weighted ? [20] : [3]) {
      const dataset = problem(loss, 9_001, features, weighted);
      const exact = await fitted(dataset, gpu.tiny, withDelta(loss));
      const halved = await fitted(dataset, gpu.tiny, { ...withDelta(loss), storage: 'f16' });
      expect([...halved.weights]).not.toEqual([...exact.weights]);
      expectClose(halved.weights, exact.weights, {
        absolute: 4e-3,
        because: 'a number of X is off by up to 2^-10 of itself, and 9,001 of them average that out',
      });
    }
  });

  it('comes step by step, and resumed, to the bits of a fit that was never interrupted', async () => {
    const input = examplesOnDevice(gpu.tiny, problem(loss, 5_003, 3, weighted));
    const options = { ...OPTIONS, ...withDelta(loss), context: gpu.tiny };
    const expected = await fit(input, options);
    const buffers = countBuffers(gpu.tiny.device);
    const losses: number[] = [];
    const steps = fitSteps(input, { ...options, epochsPerStep: 7 });
    for await (const step of steps) losses.push(...step.losses);
    const model = await steps.model();
    expect(numbersOf(model)).toEqual(numbersOf(expected));
    expect(losses).toEqual(expected.report.lossHistory);
    const part = await fit(input, { ...options, epochs: 9 });
    const { context, epochs } = options;
    const resumed = await resume(part.checkpoint(), input, { context, epochs });
    expect(numbersOf(resumed)).toEqual(numbersOf(expected));
    expect(buffers.live()).toBe(0);
    input.destroy();
  });
});

describe('weights in buffers', () => {
  const dataset = problem('squared', 4_001, 3, true);
  const weights = dataset.exampleWeights as Float32Array;
  const withWeights = (given: Float32Array) =>
    new Dataset(dataset.columns, dataset.targets, dataset.featureNames, dataset.targetName, given);

  it.each([1e-30, 1e30])('count the same in units of %s', async (unit) => {
    const model = await fitted(withWeights(weights.map((weight) => weight * unit)), gpu.tiny);
    const expected = await fitted(dataset, gpu.tiny);
    expectClose(numbersOf(model), numbersOf(expected), {
      relative: 1e-5,
      absolute: 1e-6,
      because: 'each weight is rounded once more by its unit, and the epochs round differently from there',
    });
  });

  it('count when they are no multiples of anything', async () => {
    const given = withWeights(Float32Array.from(uniforms(5, 4_001), (u) => 0.7 + 0.6 * u));
    const model = await fitted(given, gpu.tiny, { standardize: false, learningRate: 0.1 });
    const expected = await fit(given, { ...OPTIONS, standardize: false, learningRate: 0.1, context: gpu.tiny });
    expectClose(numbersOf(model), numbersOf(expected), {
      relative: 1e-5,
      because: 'the sum of the weights is right to some roundings of f32, and it divides loss and gradient',
    });
  });

  it('leave out an example when they are 0, whatever it is', async () => {
    const far = dataset.columns.map((column) => Float32Array.from(column, (x, i) => (weights[i] === 0 ? 1e38 : x)));
    expect(far.some((column, j) => column.some((x, i) => x !== dataset.columns[j]?.[i]))).toBe(true);
    const constant = new Float32Array(4_001).map((_, i) => (weights[i] === 0 ? i : 0.25));
    const names = [...dataset.featureNames, 'constant'];
    const strange = new Dataset([...far, constant], dataset.targets, names, 'y', weights);
    const plain = new Dataset([...dataset.columns, constant], dataset.targets, names, 'y', weights);
    const [model, expected] = [await fitted(strange, gpu.tiny), await fitted(plain, gpu.tiny)];
    expect(numbersOf(model)).toEqual(numbersOf(expected));
    expect(model.weights[3]).toBe(0);
    expect(model.report?.warnings).toMatchObject([{ code: 'CONSTANT_FEATURE' }]);
  });

  it('are left as they were, and nothing else stays', async () => {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
    const contents = { features: rowMajor(dataset), targets: dataset.targets, exampleWeights: weights };
    const input = Object.fromEntries(
      Object.entries(contents).map(([name, numbers]) => [name, onDevice(gpu.whole, numbers, usage)]),
    ) as unknown as BufferInput;
    const buffers = countBuffers(gpu.whole.device);
    for (const kernels of ['auto', 'textbook'] as const) {
      await fit({ ...input, featureCount: 3 }, { ...OPTIONS, kernels, context: gpu.whole });
    }
    expect(buffers.made()).toBeGreaterThan(10);
    expect(buffers.live()).toBe(0);
    for (const [name, numbers] of Object.entries(contents)) {
      const buffer = input[name as keyof typeof contents] as GPUBuffer;
      expect([...(await contentsOf(gpu.whole, buffer))]).toEqual([...numbers]);
      buffer.destroy();
    }
  });

  it('are alone when the device runs out of memory at whichever step', async () => {
    let code = '';
    let step = 0;
    for (; code !== 'none'; step++) {
      const own = await openShared({ maxStorageBufferBindingSize: 32_768 });
      const input = examplesOnDevice(own, dataset);
      const buffers = countBuffers(own.device);
      failMemoryScope(own.device, step);
      code = await fit(input, { ...OPTIONS, epochs: 2, context: own }).then(
        () => 'none',
        (error: unknown) => (error as { code: string }).code,
      );
      expect(['OUT_OF_MEMORY', 'none'], `step ${step}`).toContain(code);
      expect(buffers.live()).toBe(0);
      vi.restoreAllMocks();
      own.dispose();
    }
    expect(step, 'looking, laying out, the limit and the epochs').toBeGreaterThanOrEqual(20);
  });
});
