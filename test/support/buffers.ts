import { vi } from 'vitest';

/** Counts the buffers of a device that are alive, and those made; and the bytes of the largest that kernels read or write. */
export function countBuffers(device: GPUDevice): { live: () => number; made: () => number; largest: () => number } {
  let made = 0;
  let destroyed = 0;
  let largest = 0;
  const create = device.createBuffer.bind(device);
  vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
    const buffer = create(descriptor);
    made += 1;
    if (descriptor.usage & GPUBufferUsage.STORAGE) largest = Math.max(largest, descriptor.size);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      destroyed += 1;
      buffer.destroy = destroy;
      return destroy();
    };
    return buffer;
  });
  return { live: () => made - destroyed, made: () => made, largest: () => largest };
}
