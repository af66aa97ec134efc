import { vi } from 'vitest';

/** The allocations of a device, one of which fails. */
export interface Allocations {
  /** Number of buffers that were asked for. */
  asked: () => number;
  /** The buffers that are alive, by their labels. */
  live: () => string[];
  /** Errors that no scope took, which a caller's `uncapturederror` would hear. */
  uncaptured: () => string[];
}

/**
 * Has the allocation of this number, from 0, fail as in Chrome: the buffer is invalid and the scope around it says that memory ran
 * out, or, where the buffer is to be mapped, a RangeError is thrown.
 */
export function failAllocation(device: GPUDevice, failing: number): Allocations {
  const create = device.createBuffer.bind(device);
  const push = device.pushErrorScope.bind(device);
  const pop = device.popErrorScope.bind(device);
  const scopes: { filter: GPUErrorFilter; isOutOfMemory: boolean }[] = [];
  const live = new Set<GPUBuffer>();
  const uncaptured: string[] = [];
  let asked = 0;
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    uncaptured.push(event.error.message);
  });
  const invalid = (descriptor: GPUBufferDescriptor) => {
    if (descriptor.mappedAtCreation) throw new RangeError('Array buffer allocation failed');
    const scope = scopes.findLast(({ filter }) => filter === 'out-of-memory');
    if (scope) scope.isOutOfMemory = true;
    else uncaptured.push(`no memory for ${descriptor.label}, outside of any scope`);
    push('validation');
    const buffer = create({ ...descriptor, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    void pop();
    return buffer;
  };
  vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
    const buffer = asked++ === failing ? invalid(descriptor) : create(descriptor);
    live.add(buffer);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      live.delete(buffer);
      return destroy();
    };
    return buffer;
  });
  vi.spyOn(device, 'pushErrorScope').mockImplementation((filter) => {
    scopes.push({ filter, isOutOfMemory: false });
    push(filter);
  });
  vi.spyOn(device, 'popErrorScope').mockImplementation(() => {
    const scope = scopes.pop();
    return pop().then((error) => (scope?.isOutOfMemory ? new GPUOutOfMemoryError('none left') : error));
  });
  return { asked: () => asked, live: () => [...live].map(({ label }) => label), uncaptured: () => uncaptured };
}
