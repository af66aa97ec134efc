/** A device that is taken away at one of its moments: a call, or the answer to one. */
export interface LosingDevice {
  /** Number of moments so far. */
  moments: () => number;
  /** Milliseconds since it was taken away; undefined before. */
  sinceLossMs: () => number | undefined;
  /** True if something was asked afterwards that is answered later: then there is no result any more. */
  isAskedAfter: () => boolean;
  /** The buffers that are alive, by their labels. */
  live: () => string[];
  /** Errors that no scope took. */
  uncaptured: () => string[];
}

type Method = (this: object, ...values: unknown[]) => unknown;

const OF_DEVICE = ['createBuffer', 'createBindGroupLayout', 'createBindGroup', 'createPipelineLayout', 'createShaderModule', 'createComputePipelineAsync', 'createCommandEncoder', 'createQuerySet', 'pushErrorScope', 'popErrorScope']; // prettier-ignore
const OF_QUEUE = ['writeBuffer', 'submit', 'onSubmittedWorkDone'];
const OF_BUFFER = ['mapAsync', 'getMappedRange', 'unmap'];

/** Has `lose` take a device away at the moment of this number, from 0. */
export function loseAt(device: GPUDevice, at: number, lose: () => void): LosingDevice {
  const live = new Set<GPUBuffer>();
  const uncaptured: string[] = [];
  let moments = 0;
  let lostMs: number | undefined;
  let isAskedAfter = false;
  const moment = () => {
    if (moments++ !== at) return;
    lostMs = performance.now();
    lose();
  };
  const watch = (target: object, names: readonly string[]) => {
    for (const name of names) {
      const call = (target as Record<string, Method>)[name] as Method;
      const value = (...values: unknown[]) => {
        if (isNudge(name, values)) return call.apply(target, values);
        moment();
        const result = call.apply(target, values);
        if (!(result instanceof Promise)) return result;
        isAskedAfter ||= lostMs !== undefined;
        return result.then((answer: unknown) => {
          moment();
          return answer;
        });
      };
      Object.defineProperty(target, name, { value, configurable: true });
    }
  };
  watch(device, OF_DEVICE);
  watch(device.queue, OF_QUEUE);
  const create = device.createBuffer.bind(device);
  const createBuffer = (descriptor: GPUBufferDescriptor) => {
    const buffer = create(descriptor);
    live.add(buffer);
    const destroy = buffer.destroy.bind(buffer);
    watch(buffer, OF_BUFFER);
    const destroyed = () => {
      live.delete(buffer);
      destroy();
    };
    return Object.defineProperty(buffer, 'destroy', { value: destroyed });
  };
  Object.defineProperty(device, 'createBuffer', { value: createBuffer });
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    uncaptured.push(event.error.message);
  });
  return {
    moments: () => moments,
    sinceLossMs: () => lostMs && performance.now() - lostMs,
    isAskedAfter: () => isAskedAfter,
    live: () => [...live].map(({ label }) => label),
    uncaptured: () => uncaptured,
  };
}

/** Empty submits come from a timer, so their number says nothing. */
function isNudge(name: string, [commands]: unknown[]): boolean {
  return name === 'submit' && (commands as readonly unknown[]).length === 0;
}
