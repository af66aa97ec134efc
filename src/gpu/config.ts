/** The uniform of every kernel: the fields of `struct Config` in shaders/shared/config.wgsl, in their order. */
export interface Config {
  exampleCount: number;
  quadCount: number;
  featureCount: number;
  partialCount: number;
  patience: number;
  learningRate: number;
  tolerance: number;
}

/** Seven fields of four bytes, padded to the 16 bytes that a uniform struct is rounded up to on every backend. */
const CONFIG_BYTES = 32;

export function writeConfig(config: Config): ArrayBuffer {
  const contents = new ArrayBuffer(CONFIG_BYTES);
  const view = new DataView(contents);
  view.setUint32(0, config.exampleCount, true);
  view.setUint32(4, config.quadCount, true);
  view.setUint32(8, config.featureCount, true);
  view.setUint32(12, config.partialCount, true);
  view.setUint32(16, config.patience, true);
  view.setFloat32(20, config.learningRate, true);
  view.setFloat32(24, config.tolerance, true);
  return contents;
}

/** `struct Progress`: where the epochs stand, four words. */
export interface Progress {
  epoch: number;
  stopReason: 'running' | 'converged' | 'diverged';
  quietEpochs: number;
  loss: number;
}

export const PROGRESS_BYTES = 16;

const STOP_REASONS = ['running', 'converged', 'diverged'] as const;

export function readProgress(contents: ArrayBuffer, byteOffset = 0): Progress {
  const view = new DataView(contents, byteOffset, PROGRESS_BYTES);
  return {
    epoch: view.getUint32(0, true),
    stopReason: STOP_REASONS[view.getUint32(4, true)] ?? 'running',
    quietEpochs: view.getUint32(8, true),
    loss: view.getFloat32(12, true),
  };
}
