import type { SyntheticData } from './synthetic.js';

/** The mark of `SyntheticData`: the class itself would bring the drawing of examples into every bundle. */
export const SYNTHETIC = Symbol('synthetic data');

export function isSynthetic(data: unknown): data is SyntheticData {
  return typeof data === 'object' && data !== null && SYNTHETIC in data;
}
