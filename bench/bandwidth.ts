import { Buffers } from '../src/gpu/device/buffers.js';
import type { GpuContext } from '../src/gpu/device/device.js';
import { spreadOf } from './harness.js';

/** Larger than the caches of the adapters that matter, and small enough for all. */
const COPIED_BYTES = 128 * 2 ** 20;

/** Each repeat copies until it fills this time. */
const REPEAT_MS = 50;
const REPEATS = 7;

/**
 * The bytes that the adapter's own copy from buffer to buffer moves, read plus written, in GB/s: the measure of how much of the
 * memory's speed a kernel uses. Median of seven.
 */
export async function copyBandwidth({ device }: GpuContext): Promise<number> {
  const buffers = new Buffers(device);
  try {
    const from = buffers.storage('copy source', COPIED_BYTES);
    const to = buffers.storage('copy target', COPIED_BYTES);
    const copyMs = async (times: number) => {
      const startMs = performance.now();
      const encoder = device.createCommandEncoder();
      for (let i = 0; i < times; i++) encoder.copyBufferToBuffer(from, 0, to, 0, COPIED_BYTES);
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      return (performance.now() - startMs) / times;
    };
    await copyMs(1); // the first touches the memory
    const times = Math.max(1, Math.ceil(REPEAT_MS / (await copyMs(1))));
    const samples: number[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) samples.push(await copyMs(times));
    return (2 * COPIED_BYTES) / spreadOf(samples).median / 1e6;
  } finally {
    buffers.destroy();
  }
}
