// Who owns what, what is freed when, and what happens when the device refuses, runs out or goes away.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { DescentError } from '../src/base/errors.js';
import { fit } from '../src/fit.js';
import { compileKernel } from '../src/gpu/device/compile.js';
import { contextFromDevice, createContext } from '../src/gpu/device/device.js';
import { residualKernel } from '../src/gpu/kernels/epoch-kernels.js';
import { closeIdleDevice } from '../src/gpu/device/kept-device.js';
import { SOFTWARE } from '../src/gpu/device/tuning.js';
import type { LinearModel } from '../src/model/linear-model.js';
import { syntheticRegression } from '../src/data/synthetic.js';
import { countBuffers, failMemoryScope } from './support/buffers.js';
import { expectClose } from './support/close.js';
import { requireAdapter } from './support/gpu.js';
import { IS_FIREFOX, openContext, openShared, withContextPerTest } from './support/kernel.js';

const { dataset } = syntheticRegression({ rows: 4001, features: 3, seed: 1 });
const SHORT = { epochs: 20, learningRate: 0.5, strategy: 'streaming' } as const;
const LONG = { epochs: 1_000_000, learningRate: 0.1, tolerance: 0, strategy: 'streaming' } as const;

const gpu = withContextPerTest(openContext);
afterEach(() => void vi.restoreAllMocks());

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => 'no error',
    (thrown: unknown) => thrown,
  );
  return error instanceof DescentError ? error.code : String(error);
}

describe('buffers', () => {
  it('are all freed after a fit', async () => {
    const buffers = countBuffers(gpu.context.device);
    await fit(dataset, { ...SHORT, context: gpu.context });
    expect(buffers.made()).toBeGreaterThan(5);
    expect(buffers.live()).toBe(0);
  });

  it('do not grow in number with the epochs', async () => {
    const buffers = countBuffers(gpu.context.device);
    await fit(dataset, { ...SHORT, context: gpu.context });
    const forTwenty = buffers.made();
    await fit(dataset, { ...SHORT, epochs: 10_000, tolerance: 0, context: gpu.context });
    // One more, to read what the second of two submits under way has done: twenty epochs are one submit.
    expect(buffers.made() - forTwenty).toBeLessThanOrEqual(forTwenty + 1);
    expect(buffers.live()).toBe(0);
  });

  it('double in size, at most, for the losses that are told of', async () => {
    const buffers = countBuffers(gpu.context.device);
    await fit(dataset, { ...SHORT, context: gpu.context });
    const forTwenty = buffers.made();
    let calls = 0;
    const onProgress = () => (calls += 1);
    await fit(dataset, { ...SHORT, epochs: 40_000, tolerance: 0, context: gpu.context, onProgress });
    // From a loss for each of the first 64 epochs to 8192 times as many, by doubling.
    expect(buffers.made() - forTwenty).toBeLessThanOrEqual(forTwenty + 13);
    expect(calls).toBeGreaterThan(1);
    expect(buffers.live()).toBe(0);
  });

  it('are all freed after an abort, which ends the fit with what was learned', async () => {
    const buffers = countBuffers(gpu.context.device);
    const controller = new AbortController();
    const model = await fit(dataset, {
      ...LONG,
      context: gpu.context,
      signal: controller.signal,
      onProgress: ({ epoch }) => epoch > 3 && controller.abort(),
    });
    const { stopReason, epochsRun, lossHistory } = model.report;
    expect(stopReason).toBe('aborted');
    expect(epochsRun).toBeGreaterThan(3);
    expect(epochsRun).toBeLessThan(LONG.epochs);
    expect(lossHistory).toHaveLength(epochsRun);
    expect(buffers.live()).toBe(0);
  });

  it('are all freed when the device runs out of memory, at whichever step', async () => {
    let code = '';
    let step = 0;
    for (; code !== 'no error'; step++) {
      const own = await openShared();
      const buffers = countBuffers(own.device);
      failMemoryScope(own.device, step);
      code = await codeOf(fit(dataset, { ...SHORT, context: own }));
      expect(['OUT_OF_MEMORY', 'no error'], `step ${step}`).toContain(code);
      expect(buffers.live()).toBe(0);
      vi.restoreAllMocks();
      own.dispose();
    }
    // Upload, the limit's epochs and their results, the fit's epochs and their results.
    expect(step).toBeGreaterThanOrEqual(5);
  });

  it('are all freed when memory runs out in the middle of the shards, and the error says how much was asked for', async () => {
    const own = await openContext({ maxStorageBufferBindingSize: 16_384 });
    const buffers = countBuffers(own.device);
    failMemoryScope(own.device, 2); // the third shard
    const error = await fit(dataset, { ...SHORT, strategy: 'streaming', context: own }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'OUT_OF_MEMORY' });
    expect((error as DescentError).message).toMatch(/upload 4001 × 3 features \(\d+ bytes at a time\)/);
    expect(buffers.made()).toBeGreaterThanOrEqual(6);
    expect(buffers.live()).toBe(0);
    own.dispose();
  });

  it('are all freed when the host runs out of memory', async () => {
    const buffers = countBuffers(gpu.context.device, { refused: 'targets' });
    expect(await codeOf(fit(dataset, { ...SHORT, context: gpu.context }))).toBe('OUT_OF_MEMORY');
    expect(buffers.live()).toBe(0);
  });
});

describe('a context', () => {
  it('leaves a device of the caller open and its handlers alone', async () => {
    const adapter = await requireAdapter();
    const device = await adapter.requestDevice();
    const handler = () => undefined;
    device.onuncapturederror = handler;
    const own = contextFromDevice(device);
    await fit(dataset, { ...SHORT, context: own });
    own.dispose();
    expect(device.onuncapturederror).toBe(handler);
    const alive = device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    await alive.mapAsync(GPUMapMode.READ); // rejects on a device that was destroyed
    device.destroy();
  });

  it('says which adapter it is on', async () => {
    const own = await createContext();
    if (!IS_FIREFOX) expect(own.adapter.vendor).not.toBe(''); // Firefox does not tell
    expect(own.adapter.isSoftware).toBe(true); // the tests' browser has no other
    own.dispose();
  });

  it('serves several fits at a time, each with the bits it has alone', async () => {
    const alone = await Promise.all([1, 2, 3].map((seed) => fit(dataset, { ...SHORT, seed, backend: 'cpu' })));
    const serial: LinearModel[] = [];
    for (const seed of [1, 2, 3]) serial.push(await fit(dataset, { ...SHORT, seed, context: gpu.context }));
    const together = await Promise.all([1, 2, 3].map((seed) => fit(dataset, { ...SHORT, seed, context: gpu.context })));
    together.forEach((model, i) => {
      expect([...model.weights, model.bias]).toEqual([...(serial[i]?.weights ?? []), serial[i]?.bias]);
      expect(model.weights[0]).not.toBe(alone[(i + 1) % 3]?.weights[0]);
    });
  });

  it('refuses after it was disposed of', async () => {
    gpu.context.dispose();
    gpu.context.dispose();
    expect(await codeOf(fit(dataset, { ...SHORT, context: gpu.context }))).toBe('DISPOSED');
  });

  it('refuses when its device is lost before the fit', async () => {
    gpu.context.device.destroy();
    await gpu.context.device.lost;
    expect(await codeOf(fit(dataset, { ...SHORT, context: gpu.context }))).toBe('DEVICE_LOST');
  });

  it('refuses, and frees everything, when its device is lost while training', async () => {
    const buffers = countBuffers(gpu.context.device);
    const fitting = fit(dataset, {
      ...LONG,
      context: gpu.context,
      onProgress: ({ epoch }) => epoch > 3 && gpu.context.device.destroy(),
    });
    expect(await codeOf(fitting)).toBe('DEVICE_LOST');
    expect(buffers.live()).toBe(0);
  });

  it('trains on after its device refused a command of other code', async () => {
    gpu.context.device.createBuffer({ size: 4, usage: 0 });
    await gpu.context.device.queue.onSubmittedWorkDone();
    const { report } = await fit(dataset, { ...SHORT, context: gpu.context });
    expect(report.epochsRun).toBe(SHORT.epochs);
  });

  it('says so, and frees everything, when its device refuses a command of the fit', async () => {
    const buffers = countBuffers(gpu.context.device);
    const submit = gpu.context.device.queue.submit.bind(gpu.context.device.queue);
    let submits = 0;
    vi.spyOn(gpu.context.device.queue, 'submit').mockImplementation((commands) => {
      if ([...commands].length > 0 && submits++ === 2)
        gpu.context.device.createQuerySet({ type: 'occlusion', count: 5000 }); // 4096 at most
      submit(commands);
    });
    expect(await codeOf(fit(dataset, { ...SHORT, context: gpu.context }))).toBe('GPU_VALIDATION');
    expect(buffers.live()).toBe(0);
  });
});

describe('a fit that cannot be', () => {
  it('falls back to the textbook kernels when the planned ones fail, and says so', async () => {
    const create = gpu.context.device.createComputePipelineAsync.bind(gpu.context.device);
    vi.spyOn(gpu.context.device, 'createComputePipelineAsync').mockImplementation((descriptor) =>
      /^(short_epochs|fused_narrow)$/.test(descriptor.label ?? '')
        ? Promise.reject(new Error('not on this adapter'))
        : create(descriptor),
    );
    const { report } = await fit(dataset, { ...SHORT, context: gpu.context });
    expect(report.kernels).toBe('textbook');
    expect(report.warnings).toContainEqual(expect.objectContaining({ code: 'KERNELS_FALLBACK' }));
  });

  it('lays many features out anew for the textbook kernels, row by row having failed', async () => {
    const wide = syntheticRegression({ rows: 333, features: 40, seed: 1 }).dataset;
    const buffers = countBuffers(gpu.context.device);
    const create = gpu.context.device.createComputePipelineAsync.bind(gpu.context.device);
    vi.spyOn(gpu.context.device, 'createComputePipelineAsync').mockImplementation((descriptor) =>
      descriptor.label?.includes('wide') ? Promise.reject(new Error('not on this adapter')) : create(descriptor),
    );
    const options = { ...SHORT, tolerance: 0, strategy: 'streaming', learningRate: 0.1 } as const;
    const { weights, report } = await fit(wide, { ...options, context: gpu.context });
    expect(report.kernels).toBe('textbook');
    expect(report.warnings).toContainEqual(expect.objectContaining({ code: 'KERNELS_FALLBACK' }));
    const reference = await fit(wide, { ...options, backend: 'cpu' });
    expectClose(weights, reference.weights, { absolute: 1e-5, because: 'f32 rounds each of 20 epochs' });
    expect(buffers.live()).toBe(0);
  });

  it('names file, line and column of a kernel that does not compile', async () => {
    const kernel = residualKernel(SOFTWARE);
    const broken = { ...kernel, wgsl: kernel.wgsl.replace('var prediction', 'var var prediction') };
    const error = await compileKernel(gpu.context, broken).catch((thrown: unknown) => thrown as DescentError);
    expect(error).toMatchObject({ code: 'SHADER_COMPILATION' });
    const line = kernel.wgsl.split('\n').findIndex((text) => text.includes('var prediction')) + 1;
    expect((error as DescentError).message).toContain(`residual.wgsl:${line}:`);
  });

  it('names the limit that the data exceeds', async () => {
    const small = await openContext({ maxStorageBufferBindingSize: 256 });
    const columns = Object.fromEntries(Array.from({ length: 20 }, (_, j) => [`x${j}`, new Float32Array(8).fill(j)]));
    const error = await fit({ columns, targets: new Float32Array(8) }, { context: small, kernels: 'textbook' }).catch(
      (thrown: unknown) => thrown as DescentError,
    );
    expect(error).toMatchObject({ code: 'TOO_LARGE' });
    expect((error as DescentError).message).toMatch(/20 features, 320 bytes .* at most 256 bytes, .*maxStorageBuffer/);
    small.dispose();
  });

  it('names a value that f32 cannot hold', async () => {
    const data = { features: [1, 2, 1e39], targets: [1, 2, 3], featureCount: 1, featureNames: ['mass'] };
    const error = await fit(data, { context: gpu.context, standardize: false, strategy: 'streaming' }).catch(
      (thrown: unknown) => thrown as DescentError,
    );
    expect(error).toMatchObject({ code: 'NON_FINITE_VALUE' });
    expect((error as DescentError).message).toMatch(/1e\+39 in row 2 of 'mass'/);
  });

  it('says that there is no adapter, or trains on the CPU and says so', async () => {
    closeIdleDevice();
    vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(null);
    expect(await codeOf(fit(dataset, { ...SHORT, backend: 'webgpu' }))).toBe('WEBGPU_UNAVAILABLE');
    const { report } = await fit(dataset, { ...SHORT, kernels: 'textbook' });
    expect(report).toMatchObject({ backend: 'cpu', placement: 'WebGPU is unavailable.', adapter: null });
    expect(report.warnings).toContainEqual(expect.objectContaining({ code: 'BACKEND_FALLBACK' }));
  });
});
