// Training on buffers of the caller with every loss and with weights of examples: as on typed arrays of the same numbers.

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { fitSteps } from '../src/fit-steps.js';
import type { BufferInput } from '../src/data/inputs.js';
import type { GpuContext } from '../src/gpu/device/device.js';
import { LOSSES, type Loss } from '../src/options/names.js';
import type { LinearModel } from '../src/model/linear-model.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import { resume } from '../src/resume.js';
import { countBuffers, failMemoryScope } from './support/buffers.js';
import { expectClose } from './support/close.js';
import { contentsOf, examplesOnDevice, onDevice, rowMajor } from './support/device-data.js';
import { examples, normals, uniforms } from './support/examples.js';
import { withErrorScopes } from './support/gpu.js';
import { openKinds, openShared } from './support/kernel.js';
import { expectRefusal } from './support/refusal.js';

let whole: GpuContext;
let tiny: GpuContext;
let portable: GpuContext;
let close: () => void;
beforeAll(async () => {
  ({ whole, tiny, portable, close } = await openKinds());
});
afterAll(() => close());
afterEach(() => vi.restoreAllMocks());

const OPTIONS = { epochs: 20, tolerance: 0, strategy: 'streaming' } as const;

/** The loss, and a δ of its own where it is the Huber loss: other losses refuse one. */
const withDelta = (loss?: Loss): FitOptions => ({
  ...(loss && { loss }),
  ...(loss === 'huber' && { huberDelta: 2.5 }),
});

/** Data that the loss learns, all of it f32, with weights in eighths, whose sums are exact. */
function problem(loss: Loss, rows: number, features: number, weighted = false): Dataset {
  const { columns, targets, featureNames, targetName } = examples(3, rows, features);
  const noise = normals(17, rows);
  const learned = Float32Array.from(targets, (y, i) => {
    if (loss === 'logistic') return y + (noise[i] as number) > 0 ? 1 : 0;
    return y + (i % 7 === 0 ? 20 : 0);
  });
  const weights = Float32Array.from(uniforms(23, rows), (u) => Math.max(0, Math.round(10 * u + 5)) / 8);
  if (rows > 1 && loss === 'logistic') learned.set([0, 1]);
  weights.fill(1, 0, 2);
  const x = columns.map((column) => Float32Array.from(column));
  return new Dataset(x, learned, featureNames, targetName, weighted ? weights : undefined);
}

async function onBuffers(dataset: Dataset, context: GpuContext, options: FitOptions): Promise<LinearModel> {
  const input = examplesOnDevice(context, dataset);
  try {
    return await withErrorScopes(context.device, () =>
      fit(input, { ...OPTIONS, ...options, ...withDelta(options.loss), context }),
    );
  } finally {
    input.destroy();
  }
}

const numbersOf = ({ weights, bias, report }: LinearModel) => [
  ...[...weights, bias],
  ...(report?.lossHistory ?? []),
  report?.learningRateLimit ?? Number.NaN,
];

const FORMS = LOSSES.flatMap((loss) => [false, true].map((weighted) => ({ loss, weighted })));
const SHAPES = [
  { rows: 2, features: 1 },
  { rows: 257, features: 2 },
  { rows: 20_011, features: 3 },
  { rows: 3_001, features: 20 },
];

describe.each(FORMS)('the $loss loss, weighted: $weighted', ({ loss, weighted }) => {
  it.each(SHAPES)('$rows × $features as they are: the bits of typed arrays', async ({ rows, features }) => {
    const dataset = problem(loss, rows, features, weighted);
    for (const [context, kernels] of [
      ...(rows < 300 ? ([[whole, 'auto']] as const) : []), // more rows differ by their shards, which only `tiny` has
      [tiny, 'auto'],
      [tiny, 'textbook'],
      ...(features > 16 ? ([[portable, 'auto']] as const) : []), // up to 16 the kernels need no subgroups
    ] as const) {
      const options = { loss, kernels, standardize: false, learningRate: 0.01 } as const;
      const model = await onBuffers(dataset, context, options);
      const expected = await fit(dataset, { ...OPTIONS, ...options, ...withDelta(options.loss), context });
      expect(numbersOf(model)).toEqual(numbersOf(expected));
      expect(model.report?.kernels).toBe(expected.report?.kernels);
      expect(model.report?.warnings).toEqual(expected.report?.warnings);
    }
  });

  it.each(SHAPES)('$rows × $features standardised', async ({ rows, features }) => {
    const dataset = problem(loss, rows, features, weighted);
    for (const [context, fitIntercept] of [
      [whole, true],
      [tiny, false],
    ] as const) {
      const options = { loss, fitIntercept };
      const expected = await fit(dataset, { ...OPTIONS, ...options, ...withDelta(options.loss), backend: 'cpu' });
      const model = await onBuffers(dataset, context, options);
      expectClose(numbersOf(model), numbersOf(expected), {
        absolute: 4e-5,
        relative: 4e-5,
        because: 'f32 rounds each of 20 epochs, and mean and spread are found in f32',
      });
      if (!fitIntercept) expect(model.bias).toBe(0);
      expect(model.report?.warnings).toEqual(expected.report?.warnings);
    }
  });

  it('as halves, with the accuracy of halves', async () => {
    for (const features of weighted ? [20] : [3]) {
      const dataset = problem(loss, 9_001, features, weighted);
      const exact = await onBuffers(dataset, tiny, { loss });
      const halved = await onBuffers(dataset, tiny, { loss, storage: 'f16' });
      expect([...halved.weights]).not.toEqual([...exact.weights]);
      expectClose(halved.weights, exact.weights, {
        absolute: 4e-3,
        because: 'a number of X is off by up to 2^-10 of itself, and 9,001 of them average that out',
      });
    }
  });

  it('step by step, and resumed: the bits of a fit that was never interrupted', async () => {
    const input = examplesOnDevice(tiny, problem(loss, 5_003, 3, weighted));
    const options = { ...OPTIONS, ...withDelta(loss), context: tiny };
    const expected = await fit(input, options);
    const buffers = countBuffers(tiny.device);
    const losses: number[] = [];
    const steps = fitSteps(input, { ...options, epochsPerStep: 7 });
    for await (const step of steps) losses.push(...step.losses);
    const model = await steps.model();
    expect(numbersOf(model)).toEqual(numbersOf(expected));
    expect(losses).toEqual(expected.report?.lossHistory);
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
    const model = await onBuffers(withWeights(weights.map((weight) => weight * unit)), tiny, {});
    const expected = await onBuffers(dataset, tiny, {});
    expectClose(numbersOf(model), numbersOf(expected), {
      relative: 1e-5,
      absolute: 1e-6,
      because: 'each weight is rounded once more by its unit, and the epochs round differently from there',
    });
  });

  it('that are no multiples of anything', async () => {
    const given = withWeights(Float32Array.from(uniforms(5, 4_001), (u) => 0.7 + 0.6 * u));
    const model = await onBuffers(given, tiny, { standardize: false, learningRate: 0.1 });
    const expected = await fit(given, { ...OPTIONS, standardize: false, learningRate: 0.1, context: tiny });
    expectClose(numbersOf(model), numbersOf(expected), {
      relative: 1e-5,
      because: 'the sum of the weights is right to some roundings of f32, and it divides loss and gradient',
    });
  });

  it('of 0 leave out whatever the example is', async () => {
    const far = dataset.columns.map((column) => Float32Array.from(column, (x, i) => (weights[i] === 0 ? 1e38 : x)));
    expect(far.some((column, j) => column.some((x, i) => x !== dataset.columns[j]?.[i]))).toBe(true);
    const constant = new Float32Array(4_001).map((_, i) => (weights[i] === 0 ? i : 0.25));
    const names = [...dataset.featureNames, 'constant'];
    const strange = new Dataset([...far, constant], dataset.targets, names, 'y', weights);
    const plain = new Dataset([...dataset.columns, constant], dataset.targets, names, 'y', weights);
    const [model, expected] = [await onBuffers(strange, tiny, {}), await onBuffers(plain, tiny, {})];
    expect(numbersOf(model)).toEqual(numbersOf(expected));
    expect(model.weights[3]).toBe(0);
    expect(model.report?.warnings).toMatchObject([{ code: 'CONSTANT_FEATURE' }]);
  });

  it('are left as they were, and nothing else stays', async () => {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
    const contents = { features: rowMajor(dataset), targets: dataset.targets, exampleWeights: weights };
    const input = Object.fromEntries(
      Object.entries(contents).map(([name, numbers]) => [name, onDevice(whole, numbers, usage)]),
    ) as unknown as BufferInput;
    const buffers = countBuffers(whole.device);
    for (const kernels of ['auto', 'textbook'] as const) {
      await fit({ ...input, featureCount: 3 }, { ...OPTIONS, kernels, context: whole });
    }
    expect(buffers.made()).toBeGreaterThan(10);
    expect(buffers.live()).toBe(0);
    for (const [name, numbers] of Object.entries(contents)) {
      const buffer = input[name as keyof typeof contents] as GPUBuffer;
      expect([...(await contentsOf(whole, buffer))]).toEqual([...numbers]);
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

describe('bad labels and weights are refused before training, with nothing left behind', () => {
  const rows = 50_000;
  const features = 2;
  const plain = problem('logistic', rows, features, true);

  /** Refused by a context of many pieces, after something was done to targets or weights. */
  async function expectRefused(
    code: Parameters<typeof expectRefusal>[1],
    texts: string[],
    spoil: (targets: Float32Array, weights: Float32Array) => void,
    loss: Loss = 'logistic',
  ): Promise<void> {
    const [targets, weights] = [Float32Array.from(plain.targets), Float32Array.from(plain.exampleWeights ?? [])];
    spoil(targets, weights);
    const input = {
      features: onDevice(tiny, rowMajor(plain)),
      targets: onDevice(tiny, targets),
      exampleWeights: onDevice(tiny, weights),
      featureCount: features,
    };
    vi.restoreAllMocks();
    const buffers = countBuffers(tiny.device);
    const dispatched = vi.spyOn(tiny.device.queue, 'writeBuffer');
    await expectRefusal(() => fit(input, { ...OPTIONS, ...withDelta(loss), context: tiny }), code, ...texts);
    const settings = dispatched.mock.calls.filter(([buffer]) => buffer.label === 'settings');
    expect(settings, 'no epoch').toHaveLength(0);
    expect(buffers.live()).toBe(0);
    for (const buffer of [input.features, input.targets, input.exampleWeights]) buffer.destroy();
  }

  it('a label that is none: the first row is named', async () => {
    for (const row of [49_999, 31_234, 7]) {
      await expectRefused('INVALID_LABEL', [`0.5 in row ${row} of 'y'`], (y) => y.fill(0.5, row));
    }
    await expectRefused('INVALID_LABEL', ["-1 in row 9 of 'y'"], (y) => y.set([-1], 9));
    await expectRefused('NON_FINITE_VALUE', ["NaN in row 9 of 'y'"], (y) => y.set([Number.NaN], 9));
  });

  it('labels of one class, of all or of those that count', async () => {
    await expectRefused('INVALID_LABEL', ["only label 0 in 'y'"], (y) => y.fill(0));
    await expectRefused('INVALID_LABEL', ["only label 1 in 'y'"], (y, weights) => {
      y.forEach((label, i) => label === 0 && (weights[i] = 0));
    });
  });

  it('a weight that is none: the first row is named, whatever the loss', async () => {
    for (const [row, weight, words] of [
      [49_999, Number.NaN, 'NaN'],
      [31_234, -0.5, '-0.5'],
      [7, Infinity, 'Infinity'],
    ] as const) {
      for (const loss of LOSSES) {
        const texts = [`${words} as the weight of example ${row}`];
        await expectRefused('INVALID_OPTION', texts, (_, weights) => weights.fill(weight, row), loss);
      }
    }
  });

  it('weights that are all 0', async () => {
    await expectRefused('EMPTY_DATA', ['weight 0 for all of 50000'], (_, weights) => weights.fill(0), 'huber');
  });

  it('weights that are in no buffer, in a small one, or in one that kernels may not read', async () => {
    const input = examplesOnDevice(tiny, plain);
    const buffers = countBuffers(tiny.device);
    const refused = async (exampleWeights: unknown, code: Parameters<typeof expectRefusal>[1], ...texts: string[]) => {
      const data = { ...input, exampleWeights } as BufferInput; // callers without types hand in anything
      await expectRefusal(() => fit(data, { ...OPTIONS, context: tiny }), code, ...texts);
    };
    await refused(plain.exampleWeights, 'SHAPE_MISMATCH', 'exampleWeights that are in no GPUBuffer');
    const small = onDevice(tiny, [1, 2]);
    await refused(small, 'BUFFER_TOO_SMALL', 'exampleWeights', '200000');
    const unread = onDevice(tiny, plain.targets, GPUBufferUsage.COPY_SRC);
    await refused(unread, 'BUFFER_USAGE', 'exampleWeights');
    const foreign = onDevice(portable, plain.targets);
    await refused(foreign, 'BUFFER_OF_ANOTHER_DEVICE', 'exampleWeights');
    for (const buffer of [small, unread, foreign]) buffer.destroy();
    expect(buffers.live()).toBe(0);
    input.destroy();
  });

  it('a column that the storage cannot hold, in a row that counts nothing too', async () => {
    const { columns, targets } = problem('squared', 300, 1);
    const weights = new Float32Array(300).fill(1);
    weights[120] = 0;
    const [x] = columns as [Float32Array];
    for (const [storage, value, size, words] of [
      ['f16', 1e6, 1, 'f16 cannot hold'],
      ['f32', 3e38, 1e-5, 'f32 cannot hold'],
    ] as const) {
      const far = Float32Array.from(x, (given, i) => (i === 120 ? value : size * given));
      const input = examplesOnDevice(whole, new Dataset([far], targets, ['x1'], 'y', weights));
      await expectRefusal(() => fit(input, { ...OPTIONS, storage, context: whole }), 'NON_FINITE_VALUE', "'x1'", words);
      input.destroy();
    }
  });
});
