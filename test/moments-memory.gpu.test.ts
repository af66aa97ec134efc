// What a pass for moments holds on the device, and that it frees it whatever happens.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { DescentError } from '../src/base/errors.js';
import { computeMoments } from '../src/compute-moments.js';
import { Dataset } from '../src/data/dataset.js';
import { HARDWARE } from '../src/gpu/device/tuning.js';
import { countBuffers, failMemoryScope } from './support/buffers.js';
import { withErrorScopes } from './support/gpu.js';
import { openContext, openTuned, withContext } from './support/kernel.js';
import { wide } from './support/moments.js';
import { onSubmit } from './support/submits.js';

const gpu = withContext(openTuned);

afterEach(() => void vi.restoreAllMocks());
const add = (dataset: Dataset, on = gpu.context) =>
  withErrorScopes(on.device, () => computeMoments(dataset, { context: on }));

describe('what a pass holds', () => {
  const CHUNKS = { maxStorageBufferBindingSize: 2 ** 16 };
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'no error',
      (error: unknown) => (error instanceof DescentError ? error.code : String(error)),
    );

  it('is a few small buffers, as many for a thousand chunks as for ten, and freed', async () => {
    const own = await openTuned(CHUNKS);
    const buffers = countBuffers(own.device);
    let most = 0;
    const submits = onSubmit(own.device, () => (most = Math.max(most, buffers.liveBytes())));
    await add(wide(20_000, 8), own);
    const [made, forFew] = [buffers.made(), submits()];
    expect(forFew).toBeGreaterThan(10);
    await add(wide(200_000, 8), own);
    expect(submits() - forFew).toBeGreaterThan(100);
    expect(buffers.made()).toBe(2 * made);
    expect(most).toBeLessThan(12 * 2 ** 16);
    expect(buffers.live()).toBe(0);
    own.dispose();
  });

  it('is freed when the device runs out of memory, at whichever step', async () => {
    let code = '';
    let step = 0;
    for (; code !== 'no error'; step++) {
      const own = await openTuned(CHUNKS);
      const buffers = countBuffers(own.device);
      failMemoryScope(own.device, step);
      code = await codeOf(computeMoments(wide(10_000, 8), { context: own }));
      expect(['OUT_OF_MEMORY', 'no error'], `step ${step}`).toContain(code);
      expect(buffers.live()).toBe(0);
      vi.restoreAllMocks();
      own.dispose();
    }
    expect(step).toBeGreaterThan(6); // the preparation, and each chunk
  });

  it('is freed when a signal ends it between two chunks, with the reason', async () => {
    const own = await openTuned(CHUNKS);
    const buffers = countBuffers(own.device);
    const controller = new AbortController();
    const reason = new Error('enough');
    const submits = onSubmit(own.device, (count) => count === 5 && controller.abort(reason));
    const run = computeMoments(wide(100_000, 8), { context: own, signal: controller.signal });
    await expect(run).rejects.toBe(reason);
    expect(submits()).toBe(5);
    expect(buffers.live()).toBe(0);
    await expect(computeMoments(wide(10, 2), { context: gpu.context, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    own.dispose();
  });

  it('is freed when the device is lost', async () => {
    const own = await openTuned(CHUNKS, HARDWARE, openContext);
    const buffers = countBuffers(own.device);
    onSubmit(own.device, (count) => count === 5 && own.device.destroy());
    expect(await codeOf(computeMoments(wide(100_000, 8), { context: own }))).toBe('DEVICE_LOST');
    expect(buffers.live()).toBe(0);
  });
});
