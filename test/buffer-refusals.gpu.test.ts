// Buffers, labels and weights of the caller that training refuses.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { computeMoments } from '../src/compute-moments.js';
import { Dataset, type DatasetInput } from '../src/data/dataset.js';
import { syntheticRegression } from '../src/data/synthetic.js';
import { type Loss, LOSSES } from '../src/options/names.js';
import { fitMany } from '../src/fit-many.js';
import { fit } from '../src/fit.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import type { BufferInput } from '../src/data/buffer-input.js';
import { OPTIONS, problem, withDelta } from './support/buffer-fits.js';
import { countBuffers } from './support/buffers.js';
import { examplesOnDevice, onDevice, rowMajor } from './support/device-data.js';
import { withContextKinds } from './support/kernel.js';
import { expectRefusal } from './support/refusal.js';
import { onSubmit } from './support/submits.js';

const gpu = withContextKinds();
afterEach(() => vi.restoreAllMocks());

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
    const input = examplesOnDevice(gpu.whole, dataset);
    const buffers = countBuffers(gpu.whole.device);
    const submits = onSubmit(gpu.whole.device);
    const data = { ...input, ...given } as BufferInput; // callers without types hand in anything
    await expectRefusal(() => fit(data, { ...OPTIONS, context: gpu.whole, ...options }), code, ...texts);
    expect(submits(), 'a check and two looks at each table, and no epoch').toBeLessThanOrEqual(6);
    expect(buffers.live()).toBe(0);
    input.destroy();
    for (const buffer of [given.features, given.targets]) if (buffer instanceof GPUBuffer) buffer.destroy();
  }

  it('are refused without a context, on the CPU, and with moments', async () => {
    await expectRefused('INVALID_OPTION', ['without a context'], {}, { context: undefined });
    await expectRefused('INVALID_OPTION', ["backend 'cpu'"], {}, { backend: 'cpu' });
    await expectRefused('INVALID_OPTION', ["strategy 'moments'"], {}, { strategy: 'moments' });
  });

  it('are refused by fitMany and computeMoments, which do not take them', async () => {
    const input = examplesOnDevice(gpu.whole, dataset) as unknown as DatasetInput; // callers without types hand in anything
    const options = { context: gpu.whole };
    for (const refused of [() => fitMany(input, [{}], options), () => computeMoments(input, options)]) {
      await expectRefusal(refused, 'SHAPE_MISMATCH', 'examples in GPUBuffers', 'only fit');
    }
  });

  it('are refused with counts and names that do not fit', async () => {
    for (const count of [undefined, 1.5, -1, '2']) {
      await expectRefused('SHAPE_MISMATCH', [`featureCount ${String(count)}`], { featureCount: count });
    }
    await expectRefused('EMPTY_DATA', ['featureCount 0'], { featureCount: 0 });
    await expectRefused('EMPTY_DATA', ['exampleCount 0'], { exampleCount: 0 });
    await expectRefused('SHAPE_MISMATCH', ['3 feature names for 2'], { featureNames: ['a', 'b', 'c'] });
    await expectRefused('SHAPE_MISMATCH', ['targets that are in no GPUBuffer'], { targets: dataset.targets });
  });

  it('are refused when their usage is wrong', async () => {
    const usage = COPY_DST | COPY_SRC;
    await expectRefused('BUFFER_USAGE', ['features', '0xc', '0x80'], { features: onDevice(gpu.whole, rows, usage) });
    await expectRefused('BUFFER_USAGE', ['targets'], { targets: onDevice(gpu.whole, dataset.targets, usage) });
  });

  it('are refused when they have too few bytes', async () => {
    await expectRefused('BUFFER_TOO_SMALL', ['features', '320 bytes', '328: 41 rows of 2'], { exampleCount: 41 });
    await expectRefused('BUFFER_TOO_SMALL', ['targets', '156 bytes', '160: 40 rows of 1'], {
      targets: onDevice(gpu.whole, dataset.targets.subarray(1)),
    });
  });

  it('are refused when they are mapped or destroyed', async () => {
    const mapped = gpu.whole.device.createBuffer({ size: 320, usage: STORAGE, mappedAtCreation: true });
    await expectRefused('BUFFER_NOT_READY', ['features', 'mapState'], { features: mapped });
    const destroyed = onDevice(gpu.whole, dataset.targets);
    destroyed.destroy();
    await expectRefused('BUFFER_NOT_READY', ['targets', 'destroyed'], { targets: destroyed });
  });

  it('are refused when they are of another device, or the device refused to make them', async () => {
    await expectRefused('BUFFER_OF_ANOTHER_DEVICE', ['features'], { features: onDevice(gpu.portable, rows) });
    await expectRefused('BUFFER_OF_ANOTHER_DEVICE', ['targets'], { targets: onDevice(gpu.portable, dataset.targets) });
    gpu.whole.device.pushErrorScope('validation');
    const refused = gpu.whole.device.createBuffer({ size: 320, usage: STORAGE | GPUBufferUsage.MAP_READ });
    expect(await gpu.whole.device.popErrorScope()).not.toBeNull();
    await expectRefused('BUFFER_OF_ANOTHER_DEVICE', ['features'], { features: refused });
  });

  it('are refused with a number that is not finite: the first row and its first column are named', async () => {
    const spoilt = (numbers: ArrayLike<number>, ...places: [number, number][]) => {
      const copy = Float32Array.from(numbers);
      for (const [at, value] of places) copy[at] = value;
      return onDevice(gpu.whole, copy);
    };
    const features = spoilt(rows, [2 * 31 + 1, Number.NaN], [2 * 7 + 1, -Infinity], [2 * 31, Infinity]);
    await expectRefused('NON_FINITE_VALUE', ["-Infinity in row 7 of 'x2'"], { features });
    const targets = spoilt(dataset.targets, [39, Number.NaN]);
    await expectRefused('NON_FINITE_VALUE', ["NaN in row 39 of 'y'"], { targets });
  });

  it('are refused with such a number anywhere in many bindings', async () => {
    const long = new Float32Array(3 * 50_000).fill(1);
    for (const row of [49_999, 31_234, 5_500]) {
      long[3 * row + 2] = Number.NaN;
      const features = onDevice(gpu.tiny, long);
      const targets = onDevice(gpu.tiny, new Float32Array(50_000));
      const given = { features, targets, featureCount: 3 };
      const error = await fit(given, { ...OPTIONS, context: gpu.tiny }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'NON_FINITE_VALUE', where: { row, column: 'x3' } });
      for (const buffer of [features, targets]) buffer.destroy();
    }
  });

  it('are refused when halves cannot hold their numbers', async () => {
    const features = onDevice(gpu.whole, rows.map((x, i) => (i % 2 === 1 ? 1e6 * x : x))); // prettier-ignore
    const options = { storage: 'f16', standardize: false, learningRate: 1e-13 } as const;
    await expectRefused('NON_FINITE_VALUE', ["'x2', which f16 cannot hold"], { features }, options);
  });
});

describe('before training, and with nothing left behind, a fit', () => {
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
      features: onDevice(gpu.tiny, rowMajor(plain)),
      targets: onDevice(gpu.tiny, targets),
      exampleWeights: onDevice(gpu.tiny, weights),
      featureCount: features,
    };
    vi.restoreAllMocks();
    const buffers = countBuffers(gpu.tiny.device);
    const dispatched = vi.spyOn(gpu.tiny.device.queue, 'writeBuffer');
    await expectRefusal(() => fit(input, { ...OPTIONS, ...withDelta(loss), context: gpu.tiny }), code, ...texts);
    const settings = dispatched.mock.calls.filter(([buffer]) => buffer.label === 'settings');
    expect(settings, 'no epoch').toHaveLength(0);
    expect(buffers.live()).toBe(0);
    for (const buffer of [input.features, input.targets, input.exampleWeights]) buffer.destroy();
  }

  it('refuses a label other than 0 and 1, and names the first row', async () => {
    for (const row of [49_999, 31_234, 7]) {
      await expectRefused('INVALID_LABEL', [`0.5 in row ${row} of 'y'`], (y) => y.fill(0.5, row));
    }
    await expectRefused('INVALID_LABEL', ["-1 in row 9 of 'y'"], (y) => y.set([-1], 9));
    await expectRefused('NON_FINITE_VALUE', ["NaN in row 9 of 'y'"], (y) => y.set([Number.NaN], 9));
  });

  it('refuses labels of one class, of all or of those that count', async () => {
    await expectRefused('INVALID_LABEL', ["only label 0 in 'y'"], (y) => y.fill(0));
    await expectRefused('INVALID_LABEL', ["only label 1 in 'y'"], (y, weights) => {
      y.forEach((label, i) => label === 0 && (weights[i] = 0));
    });
  });

  it('refuses a weight that is none, and names the first row, whatever the loss', async () => {
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

  it('refuses weights that are all 0', async () => {
    await expectRefused('EMPTY_DATA', ['weight 0 for all of 50000'], (_, weights) => weights.fill(0), 'huber');
  });

  it('refuses weights in no buffer, in a small one, or in one that kernels may not read', async () => {
    const input = examplesOnDevice(gpu.tiny, plain);
    const buffers = countBuffers(gpu.tiny.device);
    const refused = async (exampleWeights: unknown, code: Parameters<typeof expectRefusal>[1], ...texts: string[]) => {
      const data = { ...input, exampleWeights } as BufferInput; // callers without types hand in anything
      await expectRefusal(() => fit(data, { ...OPTIONS, context: gpu.tiny }), code, ...texts);
    };
    await refused(plain.exampleWeights, 'SHAPE_MISMATCH', 'exampleWeights that are in no GPUBuffer');
    const small = onDevice(gpu.tiny, [1, 2]);
    await refused(small, 'BUFFER_TOO_SMALL', 'exampleWeights', '200000');
    const unread = onDevice(gpu.tiny, plain.targets, GPUBufferUsage.COPY_SRC);
    await refused(unread, 'BUFFER_USAGE', 'exampleWeights');
    const foreign = onDevice(gpu.portable, plain.targets);
    await refused(foreign, 'BUFFER_OF_ANOTHER_DEVICE', 'exampleWeights');
    for (const buffer of [small, unread, foreign]) buffer.destroy();
    expect(buffers.live()).toBe(0);
    input.destroy();
  });

  it('refuses a column that the storage cannot hold, also in a row of weight 0', async () => {
    const { columns, targets } = problem('squared', 300, 1);
    const weights = new Float32Array(300).fill(1);
    weights[120] = 0;
    const [x] = columns as [Float32Array];
    for (const [storage, value, size, words] of [
      ['f16', 1e6, 1, 'f16 cannot hold'],
      ['f32', 3e38, 1e-5, 'f32 cannot hold'],
    ] as const) {
      const far = Float32Array.from(x, (given, i) => (i === 120 ? value : size * given));
      const input = examplesOnDevice(gpu.whole, new Dataset([far], targets, ['x1'], 'y', weights));
      await expectRefusal(
        () => fit(input, { ...OPTIONS, storage, context: gpu.whole }),
        'NON_FINITE_VALUE',
        "'x1'",
        words,
      );
      input.destroy();
    }
  });
});
