// `tune`, the contexts that take what it returns, and where it is named afterwards.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { resume } from '../src/resume.js';
import { syntheticRegression } from '../src/data/synthetic.js';
import { fit } from '../src/fit.js';
import { contextFromDevice, createContext } from '../src/gpu/device/device.js';
import { HARDWARE, SOFTWARE, type Tuning, tuningFor } from '../src/gpu/device/tuning.js';
import { fusedWideKernel } from '../src/gpu/kernels/epoch-kernels.js';
import { chooseTuning } from '../src/gpu/tune/tune-device.js';
import { tune } from '../src/tune.js';
import { countBuffers } from './support/buffers.js';
import { withContextPerTest } from './support/kernel.js';

const gpu = withContextPerTest();
afterEach(() => void vi.restoreAllMocks());

const { dataset } = syntheticRegression({ rows: 40_001, features: 3, seed: 1 });
const OPTIONS = { optimizer: 'gradientDescent', strategy: 'streaming', epochs: 7, tolerance: 0 } as const;

describe('tune', () => {
  it('returns plain data that a context takes, frees what it makes, and leaves the device usable', async () => {
    const buffers = countBuffers(gpu.context.device);
    const tuning = await tune(gpu.context, { budgetMs: 2000 });
    expect(buffers.made()).toBeGreaterThan(4); // it has measured something
    expect(buffers.live()).toBe(0);
    expect(Object.keys(tuning).sort()).toEqual(Object.keys(gpu.context.tuning).sort());
    const again = contextFromDevice(gpu.context.device, { tuning: JSON.parse(JSON.stringify(tuning)) as Tuning });
    expect(again.tuning).toEqual(tuning);
    expect((await fit(dataset, { ...OPTIONS, backend: 'webgpu', context: again })).weights).toHaveLength(3);
  });

  it('keeps the tuning of the context when it has no time', async () => {
    expect(await tune(gpu.context, { budgetMs: 0 })).toBe(gpu.context.tuning);
  });

  it('ends with the reason of the signal, with nothing left', async () => {
    const buffers = countBuffers(gpu.context.device);
    const stop = new AbortController();
    const reason = new Error('enough');
    const running = tune(gpu.context, { budgetMs: 60_000, signal: stop.signal });
    setTimeout(() => stop.abort(reason), 50);
    await expect(running).rejects.toBe(reason);
    expect(buffers.live()).toBe(0);
  });

  it.each([-1, Number.NaN, '100'])('refuses a budget of %s', async (budgetMs) => {
    await expect(tune(gpu.context, { budgetMs: budgetMs as number })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('changes the tuning only for one that is faster by 5 % or more', () => {
    const [usual, other] = [HARDWARE, { ...HARDWARE, sumsSize: 256 }];
    const measured = (ms: number) => [
      { tuning: usual, ms: 100 },
      { tuning: other, ms },
    ];
    expect(chooseTuning(usual, measured(96))).toBe(usual);
    expect(chooseTuning(usual, measured(94))).toBe(other);
    expect(chooseTuning(usual, [{ tuning: usual, ms: Infinity }])).toBe(usual); // nothing was measured
    expect(chooseTuning(usual, [])).toBe(usual);
  });
});

describe('a context with a tuning', () => {
  it('adds in another order, which report and checkpoint name, and another context of it goes on with the same bits', async () => {
    const { device } = gpu.context;
    const mostWorkgroups = gpu.context.tuning.mostWorkgroups * 2;
    const tuned = () => contextFromDevice(device, { tuning: { mostWorkgroups } });
    const on = { ...OPTIONS, backend: 'webgpu' } as const;
    const plain = await fit(dataset, { ...on, context: gpu.context });
    expect(plain.report.tuning).toBeNull();
    const whole = await fit(dataset, { ...on, context: tuned() });
    expect(whole.report.tuning).toEqual(tuned().tuning);
    expect(whole.report.lossHistory).not.toEqual(plain.report.lossHistory); // the test would say nothing of the order otherwise
    const half = await fit(dataset, { ...on, epochs: 3, context: tuned() });
    const saved = JSON.parse(JSON.stringify(half.checkpoint())) as ReturnType<typeof half.checkpoint>;
    const context = contextFromDevice(device, { tuning: saved.tuning as Partial<Tuning> });
    const resumed = await resume(saved, dataset, { epochs: 7, context });
    expect([...resumed.weights, resumed.bias]).toEqual([...whole.weights, whole.bias]);
    expect(plain.checkpoint()).not.toHaveProperty('tuning');
  });

  it.each([
    { mostWorkgroups: 0 },
    { mostWorkgroups: 65_536 },
    { sumsSize: 100 },
    { sumsSize: 512 },
    { sums: 'somehow' },
    { sums: 'together', sumsSize: 4 },
    { foldSize: 4, folders: 8 },
    { mostNarrowFeatures: 17 },
    { mostShardBytes: Number.NaN },
    { residualSize: '4' },
  ])('refuses %o', (tuning) => {
    expect(() => contextFromDevice(gpu.context.device, { tuning: tuning as Partial<Tuning> })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', where: { option: 'tuning' } }) as Error,
    );
  });

  it('refuses a number that no tuning has, and names the nearest', () => {
    const tuning = { mostWorkgroup: 8 } as Partial<Tuning>;
    expect(() => contextFromDevice(gpu.context.device, { tuning })).toThrow('mostWorkgroups');
  });

  it('has the usual one where it is null', () => {
    expect(contextFromDevice(gpu.context.device, { tuning: null })).toMatchObject({
      isTuned: false,
      tuning: gpu.context.tuning,
    });
  });
});

describe('a device', () => {
  it('keeps time only when it is asked to, and reports have gpuMs then', async () => {
    const plain = await createContext();
    expect(plain.device.features.has('timestamp-query')).toBe(false);
    plain.dispose();
    const clocked = await createContext({ timestamps: true });
    const offered = clocked.device.features.has('timestamp-query');
    const { report } = await fit(dataset, { ...OPTIONS, backend: 'webgpu', context: clocked });
    if (offered) expect(report.timings.gpuMs).toBeGreaterThan(0);
    else expect(report.timings.gpuMs).toBeNull();
    clocked.dispose();
  });
});

describe('subgroups of several sizes', () => {
  const deviceWith = (features: string[]) =>
    ({
      features: new Set(features),
      limits: { maxBufferSize: 1, maxStorageBufferBindingSize: 1 },
      lost: new Promise(() => undefined),
      adapterInfo: { vendor: 'intel', architecture: '', device: '', description: '', isFallbackAdapter: false, subgroupMinSize: 8, subgroupMaxSize: 32 }, // prettier-ignore
      queue: {},
    }) as unknown as GPUDevice;

  it('are pinned to 32 where the device lets kernels choose, and not used elsewhere', () => {
    const controlled = contextFromDevice(deviceWith(['subgroups', 'subgroup-size-control']));
    expect(controlled).toMatchObject({ subgroupSize: 32, isSubgroupPinned: true });
    expect(contextFromDevice(deviceWith(['subgroups']))).toMatchObject({ subgroupSize: null, isSubgroupPinned: false });
  });

  it('are asked for by the kernel, on the lines of the text without it', () => {
    const shape = { subgroup: 32, lanes: 4, segments: 1 };
    const [plain, pinned] = [fusedWideKernel(shape), fusedWideKernel(shape, 'f32', undefined, true)];
    expect(plain.wgsl).not.toContain('subgroup_size(');
    expect(pinned.wgsl).toContain('enable subgroups, subgroup_size_control;');
    expect(pinned.wgsl).toContain('@compute @workgroup_size(SUBGROUP) @subgroup_size(SUBGROUP)');
    expect(pinned.wgsl.split('\n')).toHaveLength(plain.wgsl.split('\n').length);
  });
});

it('GPUs of telephones hold fewer features in registers', () => {
  const adapter = { vendor: 'qualcomm', architecture: 'adreno-7xx', description: '', isSoftware: false };
  expect(tuningFor(adapter).mostNarrowFeatures).toBe(8);
  expect(tuningFor({ ...adapter, vendor: 'nvidia' })).toBe(HARDWARE);
  expect(tuningFor({ ...adapter, description: 'SwiftShader', isSoftware: true })).toBe(SOFTWARE);
});
