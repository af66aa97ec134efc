import type { Moments } from './moments.js';

/** The mark of `Moments`: the class itself would bring its checks and its saved form into every bundle. */
export const MOMENTS = Symbol('moments');

export function isMoments(data: unknown): data is Moments {
  return typeof data === 'object' && data !== null && MOMENTS in data;
}
