/**
 * Examples that are on a device already, in buffers of the usage STORAGE. They are read, while `fit` or `score` runs, and
 * never written to, kept or destroyed.
 */
export interface BufferInput {
  /** [m, d] row-major, f32. */
  features: GPUBuffer;
  /** [m] f32. */
  targets: GPUBuffer;
  /** [m] f32: how much each example counts, 0 or more. Default: all the same. */
  exampleWeights?: GPUBuffer;
  /** d */
  featureCount: number;
  /** m. Default: as many as the buffer of targets holds. */
  exampleCount?: number;
  /** d names; default x1, x2, … */
  featureNames?: readonly string[];
  /** Default y. */
  targetName?: string;
}

export function isBufferInput(data: object): data is BufferInput {
  return ('features' in data && isGpuBuffer(data.features)) || ('targets' in data && isGpuBuffer(data.targets));
}

/** By its members: in Node and in frames a buffer may come from another realm than the global GPUBuffer. */
export function isGpuBuffer(value: unknown): value is GPUBuffer {
  return typeof value === 'object' && value !== null && 'mapState' in value && 'usage' in value && 'size' in value;
}
