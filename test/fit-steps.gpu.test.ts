// Live training on the GPU, once for each family of kernels: what holds on the CPU, and that no buffer is left behind.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { fit } from '../src/fit.js';
import { fitSteps } from '../src/fit-steps.js';
import { contextFromDevice } from '../src/gpu/device/device.js';
import { resume } from '../src/resume.js';
import { countBuffers } from './support/buffers.js';
import { expectSameModel } from './support/checkpoints.js';
import { examples } from './support/examples.js';
import { FAMILIES } from './support/families.js';
import { requireAdapter } from './support/gpu.js';
import { openContext, withContextPerTest } from './support/kernel.js';
import { describeSteps } from './support/steps.js';

const gpu = withContextPerTest();
afterEach(() => void vi.restoreAllMocks());

describe.each(FAMILIES)('steps of the kernels $name', ({ name, features, kernels }) => {
  const data = examples(3, 203, features);
  const where = () => ({ context: gpu.context, strategy: 'streaming', kernels }) as const;

  it('are of these kernels', async () => {
    const steps = fitSteps(data, where());
    const expected = name === 'fused-wide' && gpu.context.subgroupSize === null ? 'wide' : name;
    expect((await steps.model()).report.kernels).toBe(expected);
    await steps.return();
  });

  describeSteps(data, where, { stable: 1 / features, wild: 40 });
});

describe('steps of several shards', () => {
  const small = () => contextFromDevice(gpu.context.device, { limits: { maxStorageBufferBindingSize: 16_384 } });
  describeSteps(examples(4, 3001, 3), () => ({ context: small(), strategy: 'streaming' }), { stable: 0.3, wild: 40 });
});

describe('steps without subgroups', () => {
  it('are of the kernels wide', async () => {
    const device = await (await requireAdapter()).requestDevice();
    const steps = fitSteps(examples(3, 203, 40), { context: contextFromDevice(device), strategy: 'streaming' });
    expect((await steps.model()).report.kernels).toBe('wide');
    await steps.return();
    device.destroy();
  });
});

it('steps of examples in buffers of the device are those of the same examples', async () => {
  const data = examples(3, 203, 3);
  const { device } = gpu.context;
  const filled = (values: ArrayLike<number>) => {
    const buffer = device.createBuffer({
      size: 4 * values.length,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(buffer, 0, Float32Array.from(values));
    return buffer;
  };
  const rows = Array.from(data.targets, (_, i) => data.columns.map((column) => column[i] as number)).flat();
  const input = { features: filled(rows), targets: filled(data.targets), featureCount: 3, exampleCount: 203 };
  const options = { context: gpu.context, strategy: 'streaming', epochs: 30, tolerance: 0, learningRate: 0.3 } as const;
  const steps = fitSteps(input, { ...options, epochsPerStep: 7 });
  const losses: number[] = [];
  for await (const step of steps) losses.push(...step.losses);
  expect(losses).toEqual((await fit(input, options)).report.lossHistory);
  expect(losses).toHaveLength(30);
});

describe('buffers', () => {
  const data = examples(3, 4001, 3);
  const options = () =>
    ({ context: gpu.context, strategy: 'streaming', epochs: 20, learningRate: 0.3, tolerance: 0 }) as const;

  it('are all freed when the steps end by themselves', async () => {
    const buffers = countBuffers(gpu.context.device);
    const seen: number[] = [];
    for await (const { epoch } of fitSteps(data, options())) {
      seen.push(epoch);
      expect(buffers.live()).toBeGreaterThan(5);
    }
    expect(seen).toHaveLength(20);
    expect(buffers.live()).toBe(0);
  });

  it('are all freed by `break`', async () => {
    const buffers = countBuffers(gpu.context.device);
    for await (const { epoch } of fitSteps(data, options())) if (epoch === 3) break;
    expect(buffers.made()).toBeGreaterThan(5);
    expect(buffers.live()).toBe(0);
  });

  it('are all freed by an error in the body of the loop', async () => {
    const buffers = countBuffers(gpu.context.device);
    const body = async () => {
      for await (const { epoch } of fitSteps(data, options())) if (epoch === 2) throw new Error('of the body');
    };
    await expect(body()).rejects.toThrow('of the body');
    expect(buffers.live()).toBe(0);
  });

  it('are all freed by `return` and `throw`', async () => {
    const buffers = countBuffers(gpu.context.device);
    const returned = fitSteps(data, options());
    await returned.next();
    await returned.return();
    expect(buffers.live()).toBe(0);
    const thrown = fitSteps(data, options());
    await thrown.next();
    expect(buffers.live()).toBeGreaterThan(5);
    await expect(thrown.throw(new Error('of the caller'))).rejects.toThrow('of the caller');
    expect(buffers.live()).toBe(0);
  });

  it('grow in number neither with the steps nor with starting over', async () => {
    const buffers = countBuffers(gpu.context.device);
    const steps = fitSteps(data, options());
    await steps.next();
    const live = buffers.live();
    for (let k = 0; k < 5; k++) {
      await steps.next();
      await steps.reset({ seed: k });
      await steps.next();
    }
    expect(buffers.live()).toBe(live);
    await steps.return();
    expect(buffers.live()).toBe(0);
  });

  it('are all freed when the device is lost between two steps, which says so', async () => {
    const own = await openContext();
    const buffers = countBuffers(own.device);
    const steps = fitSteps(data, { ...options(), context: own });
    await steps.next();
    own.device.destroy();
    await own.device.lost;
    await expect(steps.next()).rejects.toMatchObject({ code: 'DEVICE_LOST' });
    expect(buffers.live()).toBe(0);
    expect((await steps.next()).done).toBe(true);
    expect((await steps.model()).report, 'what was learned before stays').toMatchObject({ epochsRun: 1 });
  });
});

it('a fit whose device is lost goes on on another one, with the bits of one that was never interrupted', async () => {
  const data = examples(3, 203, 3);
  const options = { strategy: 'streaming', epochs: 30, optimizer: 'momentum', tolerance: 0 } as const;
  const own = await openContext();
  const steps = fitSteps(data, { ...options, context: own, epochsPerStep: 7 });
  await steps.next();
  own.device.destroy();
  await own.device.lost;
  const between = await steps.checkpoint(); // of the state on the host: how near it is to the optimum nobody can say now
  expect((await steps.model()).report).toMatchObject({ converged: false, relativeGradient: null });
  await expect(steps.next()).rejects.toMatchObject({ code: 'DEVICE_LOST' });
  expect(await steps.checkpoint()).toEqual(between);
  const resumed = await resume(between, data, { context: gpu.context });
  expectSameModel(resumed, await fit(data, { ...options, context: gpu.context }));
});
