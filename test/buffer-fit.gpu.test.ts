// Training on buffers of the caller: as on typed arrays, without a copy through the host.

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { computeMoments } from '../src/compute-moments.js';
import { createDataset, Dataset, type DatasetInput } from '../src/data/dataset.js';
import { fitMany } from '../src/fit-many.js';
import { fit } from '../src/fit.js';
import type { BufferInput } from '../src/data/inputs.js';
import type { GpuContext } from '../src/gpu/device/device.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import { syntheticRegression } from '../src/data/synthetic.js';
import { countBuffers, failMemoryScope } from './support/buffers.js';
import { expectClose } from './support/close.js';
import { contentsOf, examplesOnDevice, onDevice, rowMajor } from './support/device-data.js';
import { examples } from './support/examples.js';
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

const EPOCHS = 20;
const OPTIONS = { epochs: EPOCHS, tolerance: 0, strategy: 'streaming' } as const;

/** The dataset as f32 holds it, which is what its buffers hold. */
function inF32({ columns, targets, featureNames, targetName }: Dataset): Dataset {
  const rounded = columns.map((column) => Float32Array.from(column));
  return new Dataset(rounded, Float32Array.from(targets), featureNames, targetName);
}

async function fitted(dataset: Dataset, context: GpuContext, options: FitOptions = {}) {
  const input = examplesOnDevice(context, dataset);
  try {
    return await withErrorScopes(context.device, () => fit(input, { ...OPTIONS, ...options, context }));
  } finally {
    input.destroy();
  }
}

const because = `f32 rounds each of ${EPOCHS} epochs, and mean and spread are found in f32`;

describe('buffers train as typed arrays do', () => {
  it.each([
    { rows: 1, features: 1 },
    { rows: 5, features: 3 },
    { rows: 257, features: 8 },
    { rows: 20_011, features: 3 },
    { rows: 5_007, features: 16 },
    { rows: 3_001, features: 20 },
    { rows: 1_001, features: 70 },
  ])('$rows × $features, in one binding and in many, whatever the kernels', async ({ rows, features }) => {
    const dataset = inF32(examples(3, rows, features));
    for (const standardize of [true, false]) {
      const shared = { standardize, ...(!standardize && { learningRate: 0.001 }) };
      const reference = await fit(dataset, { ...OPTIONS, ...shared, backend: 'cpu' });
      const size = Math.max(...reference.weights.map(Math.abs), Math.abs(reference.bias));
      for (const [context, kernels] of [
        [whole, 'auto'],
        [tiny, 'auto'],
        [tiny, 'textbook'],
        [portable, 'auto'],
      ] as const) {
        const { weights, bias, report } = await fitted(dataset, context, { ...shared, kernels });
        const expected = [...reference.weights, reference.bias];
        expectClose([...weights, bias], expected, { absolute: 4e-5 * size, because });
        const losses = reference.report?.lossHistory ?? [];
        expectClose(report?.lossHistory ?? [], losses, { absolute: 4e-6 * (losses[0] as number), because });
        expect(report).toMatchObject({ strategy: 'streaming', exampleCount: rows, featureCount: features });
        const uploaded = await fit(dataset, { ...OPTIONS, ...shared, kernels, context });
        expect(report?.kernels).toBe(uploaded.report?.kernels);
        expect(report?.warnings).toEqual(uploaded.report?.warnings);
      }
    }
  });

  it('columns far from 0, of any scale, and of one value', async () => {
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
    const input = examplesOnDevice(whole, dataset);
    const options = { ...OPTIONS, epochs: 100, context: whole };
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
    expect(report?.warnings).toEqual(reference.report?.warnings);
    expect(report?.warnings[0]?.message).toContain("'constant'");
  });

  it.each([true, false])('without a bias, standardize %s', async (standardize) => {
    const { columns, targets } = examples(9, 2_003, 3);
    // Far from 0, so that a mean taken off would show.
    const dataset = inF32(
      createDataset({ columns: { a: columns[0] ?? [], b: (columns[1] ?? targets).map((x) => 3 + x) }, targets }),
    );
    const options = { fitIntercept: false, standardize } as const;
    const reference = await fit(dataset, { ...OPTIONS, ...options, backend: 'cpu' });
    const { weights, bias, report } = await fitted(dataset, whole, options);
    expectClose(weights, reference.weights, { absolute: 4e-5 * Math.max(...reference.weights.map(Math.abs)), because });
    expect(bias).toBe(0);
    const losses = reference.report?.lossHistory ?? [];
    expectClose(report?.lossHistory ?? [], losses, { absolute: 4e-6 * (losses[0] as number), because });
  });

  it('as halves, with the accuracy of halves', async () => {
    for (const features of [3, 20]) {
      const dataset = inF32(examples(5, 9_001, features));
      const exact = await fitted(dataset, tiny);
      const halved = await fitted(dataset, tiny, { storage: 'f16' });
      expect([...halved.weights]).not.toEqual([...exact.weights]);
      expectClose(halved.weights, exact.weights, {
        absolute: 4e-3,
        because: 'a number of X is off by up to 2^-10 of itself, and 9,001 of them average that out',
      });
    }
  });

  it("with 'auto', to the optimum, named as the caller names them", async () => {
    const made = syntheticRegression({ rows: 4_001, features: 2, seed: 3 });
    const input = examplesOnDevice(whole, made.dataset);
    const model = await fit({ ...input, featureNames: ['a', 'b'], targetName: 'c' }, { context: whole });
    input.destroy();
    expect([model.featureNames, model.targetName]).toEqual([['a', 'b'], 'c']);
    expect(model.report).toMatchObject({ strategy: 'streaming', stopReason: 'converged' });
    expectClose([...model.weights, model.bias], [...made.weights, made.bias], {
      absolute: 0.02,
      because: 'noise of 0.1 leaves 0.1/√(4001/3) = 0.003 in a weight',
    });
  });

  it('of more rows than exampleCount says, only the first', async () => {
    const { dataset } = syntheticRegression({ rows: 700, features: 2, seed: 1 });
    const [x1, x2] = dataset.columns.map((column) => column.slice(0, 300)) as [Float32Array, Float32Array];
    const first = createDataset({ columns: { x1, x2 }, targets: dataset.targets.slice(0, 300) });
    const input = examplesOnDevice(whole, dataset);
    const { weights, bias } = await fit({ ...input, exampleCount: 300 }, { ...OPTIONS, context: whole });
    input.destroy();
    const expected = await fit(first, { ...OPTIONS, backend: 'cpu' });
    expectClose([...weights, bias], [...expected.weights, expected.bias], { absolute: 2e-5, because });
  });
});

describe("the caller's buffers", () => {
  const { dataset } = syntheticRegression({ rows: 4_001, features: 3, seed: 1 });

  it('are left as they were, and nothing else stays', async () => {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
    const features = onDevice(whole, rowMajor(dataset), usage);
    const targets = onDevice(whole, dataset.targets, usage);
    const buffers = countBuffers(whole.device);
    for (let run = 0; run < 2; run++) await fit({ features, targets, featureCount: 3 }, { ...OPTIONS, context: whole });
    expect(buffers.made()).toBeGreaterThan(10);
    expect(buffers.live()).toBe(0);
    expect(await contentsOf(whole, features)).toEqual(rowMajor(dataset));
    expect(await contentsOf(whole, targets)).toEqual(dataset.targets);
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

    const input = examplesOnDevice(whole, dataset);
    const buffers = countBuffers(whole.device);
    const controller = new AbortController();
    const fitting = fit(input, { ...OPTIONS, context: whole, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(fitting).rejects.toThrow('enough');
    expect(buffers.live()).toBe(0);
    input.destroy();
  });
});

describe('bad buffers are refused before training, with nothing left behind', () => {
  const { dataset } = syntheticRegression({ rows: 40, features: 2, seed: 1 });
  const rows = rowMajor(dataset);
  const { STORAGE, COPY_DST, COPY_SRC } = { STORAGE: 0x80, COPY_DST: 8, COPY_SRC: 4 };

  /** Refused, whatever is done to the input before. */
  async function expectRefused(
    code: Parameters<typeof expectRefusal>[1],
    texts: string[],
    given: Record<string, unknown>,
    options: FitOptions = {},
  ): Promise<void> {
    vi.restoreAllMocks();
    const input = examplesOnDevice(whole, dataset);
    const buffers = countBuffers(whole.device);
    const submit = vi.spyOn(whole.device.queue, 'submit');
    const data = { ...input, ...given } as BufferInput; // callers without types hand in anything
    await expectRefusal(() => fit(data, { ...OPTIONS, context: whole, ...options }), code, ...texts);
    expect(submit.mock.calls.length, 'a check and two looks at each table, and no epoch').toBeLessThanOrEqual(6);
    expect(buffers.live()).toBe(0);
    input.destroy();
    for (const buffer of [given.features, given.targets]) if (buffer instanceof GPUBuffer) buffer.destroy();
  }

  it('without a context, on the CPU, with moments', async () => {
    await expectRefused('INVALID_OPTION', ['without a context'], {}, { context: undefined } as object);
    await expectRefused('INVALID_OPTION', ["backend 'cpu'"], {}, { backend: 'cpu' });
    await expectRefused('INVALID_OPTION', ["strategy 'moments'"], {}, { strategy: 'moments' });
  });

  it('by what does not take them', async () => {
    const input = examplesOnDevice(whole, dataset) as unknown as DatasetInput; // callers without types hand in anything
    const options = { context: whole };
    for (const refused of [() => fitMany(input, [{}], options), () => computeMoments(input, options)]) {
      await expectRefusal(refused, 'SHAPE_MISMATCH', 'examples in GPUBuffers', 'only fit');
    }
  });

  it('of counts and names that do not fit', async () => {
    for (const count of [undefined, 1.5, -1, '2']) {
      await expectRefused('SHAPE_MISMATCH', [`featureCount ${String(count)}`], { featureCount: count });
    }
    await expectRefused('EMPTY_DATA', ['featureCount 0'], { featureCount: 0 });
    await expectRefused('EMPTY_DATA', ['exampleCount 0'], { exampleCount: 0 });
    await expectRefused('SHAPE_MISMATCH', ['3 feature names for 2'], { featureNames: ['a', 'b', 'c'] });
    await expectRefused('SHAPE_MISMATCH', ['targets that are in no GPUBuffer'], { targets: dataset.targets });
  });

  it('of the wrong usage', async () => {
    const usage = COPY_DST | COPY_SRC;
    await expectRefused('BUFFER_USAGE', ['features', '0xc', '0x80'], { features: onDevice(whole, rows, usage) });
    await expectRefused('BUFFER_USAGE', ['targets'], { targets: onDevice(whole, dataset.targets, usage) });
  });

  it('of too few bytes', async () => {
    await expectRefused('BUFFER_TOO_SMALL', ['features', '320 bytes', '328: 41 rows of 2'], { exampleCount: 41 });
    await expectRefused('BUFFER_TOO_SMALL', ['targets', '156 bytes', '160: 40 rows of 1'], {
      targets: onDevice(whole, dataset.targets.subarray(1)),
    });
  });

  it('that are mapped or destroyed', async () => {
    const mapped = whole.device.createBuffer({ size: 320, usage: STORAGE, mappedAtCreation: true });
    await expectRefused('BUFFER_NOT_READY', ['features', 'mapState'], { features: mapped });
    const destroyed = onDevice(whole, dataset.targets);
    destroyed.destroy();
    await expectRefused('BUFFER_NOT_READY', ['targets', 'destroyed'], { targets: destroyed });
  });

  it('of another device, or that the device refused to make', async () => {
    await expectRefused('BUFFER_OF_ANOTHER_DEVICE', ['features'], { features: onDevice(portable, rows) });
    await expectRefused('BUFFER_OF_ANOTHER_DEVICE', ['targets'], { targets: onDevice(portable, dataset.targets) });
    whole.device.pushErrorScope('validation');
    const refused = whole.device.createBuffer({ size: 320, usage: STORAGE | GPUBufferUsage.MAP_READ });
    expect(await whole.device.popErrorScope()).not.toBeNull();
    await expectRefused('BUFFER_OF_ANOTHER_DEVICE', ['features'], { features: refused });
  });

  it('with a number that is not finite: the first row and its first column are named', async () => {
    const spoilt = (numbers: ArrayLike<number>, ...places: [number, number][]) => {
      const copy = Float32Array.from(numbers);
      for (const [at, value] of places) copy[at] = value;
      return onDevice(whole, copy);
    };
    const features = spoilt(rows, [2 * 31 + 1, Number.NaN], [2 * 7 + 1, -Infinity], [2 * 31, Infinity]);
    await expectRefused('NON_FINITE_VALUE', ["-Infinity in row 7 of 'x2'"], { features });
    const targets = spoilt(dataset.targets, [39, Number.NaN]);
    await expectRefused('NON_FINITE_VALUE', ["NaN in row 39 of 'y'"], { targets });
  });

  it('with such a number anywhere in many bindings', async () => {
    const long = new Float32Array(3 * 50_000).fill(1);
    for (const row of [49_999, 31_234, 5_500]) {
      long[3 * row + 2] = Number.NaN;
      const features = onDevice(tiny, long);
      const targets = onDevice(tiny, new Float32Array(50_000));
      const given = { features, targets, featureCount: 3 };
      const error = await fit(given, { ...OPTIONS, context: tiny }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'NON_FINITE_VALUE', where: { row, column: 'x3' } });
      for (const buffer of [features, targets]) buffer.destroy();
    }
  });

  it('that halves cannot hold', async () => {
    const features = onDevice(whole, rows.map((x, i) => (i % 2 === 1 ? 1e6 * x : x))); // prettier-ignore
    const options = { storage: 'f16', standardize: false, learningRate: 1e-13 } as const;
    await expectRefused('NON_FINITE_VALUE', ["'x2', which f16 cannot hold"], { features }, options);
  });
});
