import type { ReadingSettings } from '../../options/reading.js';
import type { KeptEncoding } from './encoder.js';
import type { Roles } from './plan-columns.js';

/** The names that roles, options and a model's encoding hold. */
export function namesInUse(
  { targets, features = [], weights }: Roles,
  { exclude, categories, dates }: ReadingSettings,
  kept: KeptEncoding | undefined,
): string[] {
  const inputs = kept ? (kept.encoder?.inputNames ?? kept.featureNames) : [];
  return [...targets, ...features, ...(weights === undefined ? [] : [weights]), ...exclude, ...categories, ...dates, ...inputs]; // prettier-ignore
}
