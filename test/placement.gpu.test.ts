// The place where `fit` trains beside an adapter, which here runs its shaders on the CPU, and the device that is kept.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDataset } from '../src/data/dataset.js';
import { syntheticRegression } from '../src/data/synthetic.js';
import type { FitReport } from '../src/descent/report.js';
import { fit, type FitOptions } from '../src/index.js';
import { forgetGpu } from '../src/fitting/open-backend.js';
import { closeIdleDevice, isDeviceKept, MOST_IDLE_MS } from '../src/gpu/device/kept-device.js';
import { requireAdapter } from './support/gpu.js';
import { openContext, withContextPerTest } from './support/kernel.js';

const gpu = withContextPerTest(openContext);
const SMALL = syntheticRegression({ rows: 200, features: 3, seed: 1 }).dataset;
const LARGE = syntheticRegression({ rows: 100_000, features: 8, seed: 1 }).dataset;
const DESCENT = { epochs: 3, tolerance: 0, strategy: 'streaming' } as const;
/** Work of many seconds, of which only the beginning is asked for. */
const LONG = { epochs: 1_000_000, tolerance: 0, strategy: 'streaming' } as const;

beforeEach(() => {
  closeIdleDevice();
  forgetGpu();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function reportOf(data: Parameters<typeof fit>[0], options: FitOptions): Promise<FitReport> {
  return (await fit(data, options)).report;
}

/** The report of a fit that is aborted after its first slice of epochs. */
function beginningOf(data: Parameters<typeof fit>[0], options: FitOptions): Promise<FitReport> {
  const controller = new AbortController();
  return reportOf(data, { ...options, signal: controller.signal, onProgress: () => controller.abort() });
}

/** Adapters that name themselves a GPU's. */
async function asHardware(): Promise<void> {
  const info = { vendor: 'acme', architecture: 'one', description: 'Acme One', device: '', isFallbackAdapter: false };
  const adapter = await requireAdapter();
  vi.spyOn(Object.getPrototypeOf(adapter) as GPUAdapter, 'info', 'get').mockReturnValue(info as GPUAdapterInfo);
}

describe("backend 'auto'", () => {
  it('never asks for an adapter for a small fit', async () => {
    const request = vi.spyOn(navigator.gpu, 'requestAdapter');
    const labels = createDataset({ features: [[1], [2], [3], [4]], targets: [0, 1, 0, 1] });
    const reports = [
      await reportOf(SMALL, DESCENT),
      await reportOf(SMALL, {}),
      await reportOf(labels, { loss: 'logistic' }),
    ];
    expect(reports.map(({ backend }) => backend)).toEqual(['cpu', 'cpu', 'cpu']);
    expect(request).not.toHaveBeenCalled();
  });

  it('prefers the CPU engine to an adapter that runs on the CPU, and asks once', async () => {
    const request = vi.spyOn(navigator.gpu, 'requestAdapter');
    const open = vi.spyOn(GPUAdapter.prototype, 'requestDevice');
    for (let k = 0; k < 2; k++) {
      const { backend, kernels, placement } = await beginningOf(LARGE, LONG);
      expect([backend, kernels]).toEqual(['cpu', 'wasm']);
      expect(placement).toMatch(/^The adapter \(.+\) would run its shaders on the CPU, which has faster kernels\.$/);
    }
    expect(request).toHaveBeenCalledTimes(1);
    expect(open).not.toHaveBeenCalled();
  });

  it('takes a GPU for large fits', async () => {
    await asHardware();
    const { backend, placement } = await beginningOf(LARGE, LONG);
    expect(backend).toBe('webgpu');
    expect(placement).toMatch(/^Predicted to take \d+ s on the CPU, \d+ s on a GPU and \d+ ms to open it\.$/);
  });

  it.each([
    ['a context', { context: true }, /^A context was passed/],
    ['kernels', { kernels: 'textbook' }, /^Kernels 'textbook' were requested/],
    ['a storage', { storage: 'f16' }, /^Storage 'f16' was requested/],
    ['its name', { backend: 'webgpu' }, /^Backend 'webgpu' was requested\.$/],
  ] as const)('is WebGPU where %s asks for it', async (_, asked, words) => {
    const options = 'context' in asked ? { context: gpu.context } : asked;
    const { backend, placement } = await reportOf(SMALL, { ...DESCENT, ...options });
    expect(backend).toBe('webgpu');
    expect(placement).toMatch(words);
  });
});

describe('the device of fits without a context', () => {
  const ON_GPU = { ...DESCENT, backend: 'webgpu' } as const;

  it('is opened once, and closed when it has been idle', async () => {
    const open = vi.spyOn(GPUAdapter.prototype, 'requestDevice');
    await reportOf(SMALL, ON_GPU);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await reportOf(SMALL, ON_GPU);
    expect(open).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(MOST_IDLE_MS - 1);
    expect(isDeviceKept()).toBe(true);
    vi.advanceTimersByTime(1);
    expect(isDeviceKept()).toBe(false);
    const device = (await open.mock.results[0]?.value) as GPUDevice;
    expect((await device.lost).reason).toBe('destroyed');
  });

  it('is shared by fits at the same time, and stays open until the last has ended', async () => {
    const open = vi.spyOn(GPUAdapter.prototype, 'requestDevice');
    const reports = await Promise.all([reportOf(SMALL, ON_GPU), reportOf(LARGE, ON_GPU), reportOf(SMALL, ON_GPU)]);
    expect(reports.map(({ backend }) => backend)).toEqual(['webgpu', 'webgpu', 'webgpu']);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('is opened anew after it was lost', async () => {
    const open = vi.spyOn(GPUAdapter.prototype, 'requestDevice');
    await fit(SMALL, ON_GPU);
    const device = (await open.mock.results[0]?.value) as GPUDevice;
    device.destroy();
    await device.lost;
    expect((await reportOf(SMALL, ON_GPU)).backend).toBe('webgpu');
    expect(open).toHaveBeenCalledTimes(2);
  });
});
