// Synthetic examples in a caller's buffers: the numbers of the CPU twin, in one binding and in many.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { fit } from '../src/fit.js';
import { fitSteps } from '../src/fit-steps.js';
import { contextFromDevice, type GpuContext } from '../src/gpu/device/device.js';
import { generateExamples, type GenerateOptions } from '../src/gpu/examples/generate-examples.js';
import { type SyntheticData, syntheticClassification, syntheticRegression } from '../src/data/synthetic.js';
import { countBuffers, failMemoryScope } from './support/buffers.js';
import { expectClose } from './support/close.js';
import { contentsOf, rowMajor } from './support/device-data.js';
import { withErrorScopes } from './support/gpu.js';
import { openContext, withContext } from './support/kernel.js';
import { expectRefusal } from './support/refusal.js';

const whole = withContext();
const tiny = withContext(() => openContext({ maxStorageBufferBindingSize: 65_536, maxBufferSize: 2 ** 20 }));
afterEach(() => vi.restoreAllMocks());

/** The examples as they lie in the buffers. */
async function madeOn(context: GpuContext, data: SyntheticData) {
  const made = await withErrorScopes(context.device, () => generateExamples(data, { context }));
  const features = await contentsOf(context, made.features);
  const targets = await contentsOf(context, made.targets);
  made.destroy();
  return { features, targets };
}

describe('examples on the device', () => {
  it.each([
    { rows: 1, features: 1 },
    { rows: 3, features: 2 },
    { rows: 257, features: 1 },
    { rows: 16_390, features: 1 }, // six in the second binding of 64 KiB
    { rows: 5_003, features: 5 },
    { rows: 1_021, features: 40 },
  ])('are those of the twin: $rows × $features', async (shape) => {
    const data = syntheticRegression({ ...shape, seed: 5 + 2 ** 33, noise: 0.2 });
    const { dataset } = data;
    for (const context of [whole.context, tiny.context]) {
      const { features, targets } = await madeOn(context, data);
      expectClose(features, rowMajor(dataset), { because: 'uniform numbers have 24 bits, and nothing is rounded' });
      expectClose(targets, dataset.targets, {
        absolute: 2 ** -20 * (shape.features + 2),
        because: 'each product and the noise are rounded either way, and none is over 1.2',
      });
    }
  });

  it('are normal, correlated, or have labels, as they were asked for', async () => {
    const shape = { rows: 2_002, features: 3, distribution: 'normal', correlation: 0.5, seed: 4 } as const;
    const normal = syntheticRegression(shape);
    const { features } = await madeOn(tiny.context, normal);
    const because = 'two normal numbers to eight ulp, together up to √2·5.77';
    expectClose(features, rowMajor(normal.dataset), { absolute: 2 ** -20 * 8.2, because });
    const labels = await madeOn(tiny.context, syntheticClassification(shape));
    expect(new Set(labels.targets)).toEqual(new Set([0, 1]));
  });

  it('train as the same data on the host do, many times, on a device of the caller’s', async () => {
    const data = syntheticRegression({ rows: 20_003, features: 2, seed: 9 });
    const { device } = await openContext();
    const context = contextFromDevice(device);
    const examples = await generateExamples(data, { context });
    expect(examples).toMatchObject({
      exampleCount: 20_003,
      featureCount: 2,
      featureNames: ['x1', 'x2'],
      targetName: 'y',
    });
    const options = { epochs: 20, tolerance: 0, standardize: false, learningRate: 1, strategy: 'streaming' } as const;
    const expected = await fit(data.dataset, { ...options, backend: 'cpu' });
    const because = 'f32 rounds each of 20 epochs, and targets differ in their last bits';
    const close = (weights: ArrayLike<number>, bias: number) =>
      expectClose([...Array.from(weights), bias], [...expected.weights, expected.bias], { absolute: 2e-5, because });
    for (let run = 0; run < 2; run++) {
      const { weights, bias } = await fit(examples, { ...options, context });
      close(weights, bias);
    }
    const buffers = countBuffers(device);
    let last;
    for await (const step of fitSteps(examples, { ...options, epochsPerStep: 7, context })) last = step;
    expect(last?.epoch).toBe(20);
    close(last?.weights ?? [], last?.bias ?? Number.NaN);
    expect(buffers.live(), 'of the steps').toBe(0);
    examples.destroy();
    device.destroy();
  });
});

describe('generateExamples', () => {
  const data = syntheticRegression({ rows: 20_003, features: 3 });

  it('leaves nothing but two buffers allocated, until they are destroyed', async () => {
    const buffers = countBuffers(tiny.context.device);
    const examples = await generateExamples(data, { context: tiny.context });
    expect(buffers.live()).toBe(2);
    expect(buffers.liveBytes()).toBe(4 * 20_003 * 4);
    examples.destroy();
    expect(buffers.live()).toBe(0);
  });

  it('leaves nothing allocated after an abort, or when memory runs out at whichever step', async () => {
    const buffers = countBuffers(tiny.context.device);
    const controller = new AbortController();
    const making = generateExamples(data, { context: tiny.context, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(making).rejects.toThrow('enough');
    await expect(generateExamples(data, { context: tiny.context, signal: controller.signal })).rejects.toThrow(
      'enough',
    );
    expect(buffers.live()).toBe(0);
    let step = 0;
    for (let code = ''; code !== 'none'; step++) {
      const own = await openContext({ maxStorageBufferBindingSize: 65_536 });
      const counted = countBuffers(own.device);
      failMemoryScope(own.device, step);
      code = await generateExamples(data, { context: own }).then(
        () => 'none',
        (error: unknown) => (error as { code: string }).code,
      );
      if (code !== 'none') {
        expect(code, `step ${step}`).toBe('OUT_OF_MEMORY');
        expect(counted.live()).toBe(0);
      }
      own.dispose();
    }
    expect(step, 'room, and four bindings of 5,461 rows or fewer').toBeGreaterThanOrEqual(5);
  });
});

describe('generateExamples', () => {
  const data = syntheticRegression({ rows: 100, features: 2 });

  it('refuses to run without a context, with an unknown option, or on other data', async () => {
    const options = (given: object) => given as unknown as GenerateOptions; // callers without types hand in anything
    await expectRefusal(() => generateExamples(data, options({})), 'INVALID_OPTION', 'no context', 'createContext');
    const misspelt = options({ context: tiny.context, sinal: null });
    await expectRefusal(() => generateExamples(data, misspelt), 'UNKNOWN_OPTION', "'sinal'", "'signal'");
    const other = data.dataset as unknown as SyntheticData;
    await expectRefusal(() => generateExamples(other, { context: tiny.context }), 'SHAPE_MISMATCH', 'not synthetic');
  });

  it('refuses examples larger than a buffer of the device', async () => {
    const buffers = countBuffers(tiny.context.device);
    const large = syntheticRegression({ rows: 2 ** 17 + 1, features: 2 });
    const make = () => generateExamples(large, { context: tiny.context });
    await expectRefusal(make, 'TOO_LARGE', '131073 × 2', '1048584 bytes', '1048576', 'maxBufferSize');
    expect(buffers.made()).toBe(0);
  });

  it('refuses more features than a binding holds 64 rows of', async () => {
    const wide = syntheticRegression({ rows: 64, features: 300 });
    await expectRefusal(() => generateExamples(wide, { context: tiny.context }), 'TOO_LARGE', '300 columns', '65536');
  });

  it('refuses a closed context and a lost device', async () => {
    const closed = await openContext();
    closed.dispose();
    await expectRefusal(() => generateExamples(data, { context: closed }), 'DISPOSED');
    const lost = await openContext();
    const making = generateExamples(data, { context: lost });
    lost.device.destroy();
    await expectRefusal(() => making, 'DEVICE_LOST');
  });
});
