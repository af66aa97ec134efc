import type { Dataset } from '../../src/data/dataset.js';
import type { BufferInput } from '../../src/data/buffer-input.js';
import { Buffers } from '../../src/gpu/device/buffers.js';
import type { GpuContext } from '../../src/gpu/device/device.js';
import { readFloats } from '../../src/gpu/device/readback.js';

/** Numbers in a new buffer, as f32. Of the usage STORAGE alone: no copy from it, or to it, is possible. */
export function onDevice(
  { device }: GpuContext,
  numbers: ArrayLike<number>,
  usage = GPUBufferUsage.STORAGE,
): GPUBuffer {
  const buffer = device.createBuffer({ size: 4 * numbers.length, usage, mappedAtCreation: true });
  new Float32Array(buffer.getMappedRange()).set(Float32Array.from(numbers));
  buffer.unmap();
  return buffer;
}

/** [m, d] row-major. */
export function rowMajor({ columns, exampleCount, featureCount }: Dataset): Float32Array {
  const rows = new Float32Array(exampleCount * featureCount);
  columns.forEach((column, j) => {
    for (let i = 0; i < exampleCount; i++) rows[i * featureCount + j] = column[i] as number;
  });
  return rows;
}

/** A dataset in buffers; `destroy` is for when they were looked at. */
export function examplesOnDevice(context: GpuContext, dataset: Dataset): BufferInput & { destroy: () => void } {
  const { featureCount, exampleCount, exampleWeights: weights } = dataset;
  const features = onDevice(context, rowMajor(dataset));
  const targets = onDevice(context, dataset.targets);
  const exampleWeights = weights && onDevice(context, weights);
  const destroy = () => [features, targets, exampleWeights].forEach((buffer) => buffer?.destroy());
  return { features, targets, ...(exampleWeights && { exampleWeights }), featureCount, exampleCount, destroy };
}

export async function contentsOf(context: GpuContext, buffer: GPUBuffer): Promise<Float32Array> {
  const made = new Buffers(context.device);
  try {
    return await readFloats(context, made, [{ source: buffer, first: 0, count: buffer.size / 4 }]);
  } finally {
    made.destroy();
  }
}
