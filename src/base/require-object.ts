import { DescentError } from './errors.js';

/** Throws `SHAPE_MISMATCH` for what is no data at all: callers without types hand in anything. */
export function requireObject(
  data: unknown,
  name = 'data',
  expected = 'an object such as { features, targets, featureCount }',
): void {
  if (typeof data === 'object' && data !== null) return;
  throw new DescentError('SHAPE_MISMATCH', {
    got: `${name} of type ${data === null ? 'null' : typeof data}`,
    expected,
    fix: 'Check how it was loaded: a promise, for example, needs an await.',
  });
}
