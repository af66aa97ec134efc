import { vi } from 'vitest';

/** Counts the buffers of a device that are alive. */
export function countBuffers(device: GPUDevice): { live: () => number; made: () => number } {
  let made = 0;
  let destroyed = 0;
  const create = device.createBuffer.bind(device);
  vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
    const buffer = create(descriptor);
    made += 1;
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      destroyed += 1;
      buffer.destroy = destroy;
      return destroy();
    };
    return buffer;
  });
  return { live: () => made - destroyed, made: () => made };
}
