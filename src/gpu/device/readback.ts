import type { Buffers } from './buffers.js';
import type { GpuContext } from './device.js';
import { MAP_MODE } from './constants.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Consecutive floats of a buffer. */
export interface FloatRange {
  first: number;
  count: number;
}

/** Consecutive floats of some buffer. */
export interface SourceRange extends FloatRange {
  source: GPUBuffer;
}

/** Some floats of buffers, range after range, by one submit that is there when the call returns. */
export async function readFloats(
  context: GpuContext,
  allocator: Buffers,
  ranges: readonly SourceRange[],
): Promise<Float32Array> {
  const total = ranges.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return new Float32Array(0);
  const { device } = context;
  const { staging, mapped } = await context.guard('fetch the results', () => {
    const buffer = allocator.staging('readback', total * FLOAT_BYTES);
    const encoder = device.createCommandEncoder({ label: 'readback' });
    let at = 0;
    for (const { source, first, count } of ranges) {
      encoder.copyBufferToBuffer(source, first * FLOAT_BYTES, buffer, at, count * FLOAT_BYTES);
      at += count * FLOAT_BYTES;
    }
    device.queue.submit([encoder.finish()]);
    return { staging: buffer, mapped: mapForReading(buffer) };
  });
  await context.wait(mapped);
  return readMapped(context, staging, (contents) => new Float32Array(contents).slice());
}

/**
 * Reads the first bytes of a mapped buffer, by default all, and unmaps it. Rejects with `DEVICE_LOST` or `DISPOSED`:
 * the memory of a mapped buffer goes with its device, whenever somebody else destroys that.
 */
export function readMapped<Result>(
  context: GpuContext,
  buffer: GPUBuffer,
  read: (contents: ArrayBuffer) => Result,
  bytes?: number,
): Promise<Result> {
  const reading = async () => {
    const result = read(buffer.getMappedRange(0, bytes));
    buffer.unmap();
    return result;
  };
  return context.wait(reading());
}

/**
 * Asks for the contents of a buffer, within the step that fills it: what is wrong with the buffer is an error of that step. The
 * promise may be left alone.
 */
export function mapForReading(buffer: GPUBuffer): Promise<undefined> {
  const mapped = buffer.mapAsync(MAP_MODE.READ);
  mapped.catch(() => undefined);
  return mapped;
}
