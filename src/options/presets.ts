import type { FitSettings } from './specs.js';

/** The seed program: plain gradient descent, as in the first lesson. */
export const SEED_PROGRAM = {
  epochs: 100,
  learningRate: 1,
  tolerance: 0,
  standardize: false,
  strategy: 'streaming',
} as const satisfies Partial<FitSettings>;
