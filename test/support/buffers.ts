import { vi } from 'vitest';

/** What is known of the buffers of a device. */
export interface BufferCounts {
  /** Those that are alive, and their bytes. */
  live: () => number;
  liveBytes: () => number;
  made: () => number;
  /** The bytes of the largest that kernels read or write. */
  largest: () => number;
}

/** Counts the buffers of a device from now on. The host has no memory for one with the label `refused`. */
export function countBuffers(device: GPUDevice, { refused }: { refused?: string } = {}): BufferCounts {
  const live = new Set<GPUBuffer>();
  let made = 0;
  let largest = 0;
  const create = device.createBuffer.bind(device);
  vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
    if (refused !== undefined && descriptor.label === refused) throw new RangeError('Array buffer allocation failed');
    const buffer = create(descriptor);
    made += 1;
    live.add(buffer);
    if (descriptor.usage & GPUBufferUsage.STORAGE) largest = Math.max(largest, descriptor.size);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      live.delete(buffer);
      return destroy();
    };
    return buffer;
  });
  return {
    live: () => live.size,
    made: () => made,
    largest: () => largest,
    liveBytes: () => [...live].reduce((sum, { size }) => sum + size, 0),
  };
}

/** Has the device report that it ran out of memory in one of its out-of-memory scopes, counted from 0. */
export function failMemoryScope(device: GPUDevice, failing: number): void {
  const filters: GPUErrorFilter[] = [];
  const push = device.pushErrorScope.bind(device);
  const pop = device.popErrorScope.bind(device);
  let memoryScopes = 0;
  vi.spyOn(device, 'pushErrorScope').mockImplementation((filter) => {
    filters.push(filter);
    push(filter);
  });
  vi.spyOn(device, 'popErrorScope').mockImplementation(() => {
    const fails = filters.pop() === 'out-of-memory' && memoryScopes++ === failing;
    return pop().then((error) => (fails ? new GPUOutOfMemoryError('none left') : error));
  });
}
