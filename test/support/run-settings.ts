import type { RunSettings, UploadOptions } from '../../src/descent/backend.js';

/** Plain descent to the last epoch, of which a test says what is its own. */
export const RUN = {
  epochs: 40,
  learningRate: 0.2,
  tolerance: 0,
  patience: 5,
  l1: 0,
  l2: 0,
  signal: undefined,
  onProgress: undefined,
} as const satisfies RunSettings;

export const UPLOAD = { standardize: true, kernels: 'auto', storage: 'f32' } as const satisfies UploadOptions;
