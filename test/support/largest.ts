import { vi } from 'vitest';

/** The bytes of the largest buffer that kernels read or write, of those that a device makes from now on. */
export function watchLargest(device: GPUDevice): () => number {
  let largest = 0;
  const create = device.createBuffer.bind(device);
  vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
    if (descriptor.usage & GPUBufferUsage.STORAGE) largest = Math.max(largest, descriptor.size);
    return create(descriptor);
  });
  return () => largest;
}
