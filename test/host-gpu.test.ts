// The entry to WebGPU where a host has one of its own, and where it has none.

import { afterEach, expect, it, vi } from 'vitest';
import { gpuHere } from '../src/gpu/device/host-gpu.js';

afterEach(() => void vi.unstubAllGlobals());

it('is that of the host, in Node too', async () => {
  const gpu = {} as GPU;
  vi.stubGlobal('navigator', { gpu });
  expect(await gpuHere()).toBe(gpu);
});
