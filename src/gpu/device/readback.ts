import type { Buffers } from './buffers.js';
import type { GpuContext } from './device.js';

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
  const staging = await context.guard('fetch the results', () => {
    const buffer = allocator.staging('readback', total * FLOAT_BYTES);
    const encoder = device.createCommandEncoder({ label: 'readback' });
    let at = 0;
    for (const { source, first, count } of ranges) {
      encoder.copyBufferToBuffer(source, first * FLOAT_BYTES, buffer, at, count * FLOAT_BYTES);
      at += count * FLOAT_BYTES;
    }
    device.queue.submit([encoder.finish()]);
    return buffer;
  });
  await context.wait(staging.mapAsync(GPUMapMode.READ));
  return new Float32Array(staging.getMappedRange()).slice();
}
