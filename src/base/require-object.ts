import { DescentError } from './errors.js';

/** Throws `SHAPE_MISMATCH` for what is no data at all: callers without types hand in anything. */
export function requireObject(
  data: unknown,
  name = 'data',
  expected = 'an object such as { features, targets, featureCount }',
): void {
  if (typeof data === 'object' && data !== null) return;
  const isMissing = isLeftOut(data);
  throw new DescentError('SHAPE_MISMATCH', {
    got: isMissing ? `${data} in place of ${name}` : `${name} of type ${typeof data}`,
    expected,
    fix: isMissing ? 'Check where it comes from.' : 'Convert it to arrays.',
  });
}

/** The parts of data or options, each of which may be left out, or undefined. */
export type Omittable<Parts> = { [Name in keyof Parts]?: Parts[Name] | undefined };

/**
 * The one rule for what may be left out: a part of data or options that is null or undefined is left out, and nothing else is.
 * false, 0 and '' are values, which are taken or refused as such. Returns the object without such parts; an object with methods of its
 * own kind, such as a source or a dataset, passes as it is.
 *
 *     withoutLeftOut({ l1: null, l2: 0 }) // { l2: 0 }
 */
export function withoutLeftOut<Given>(given: Given): Given {
  if (!isPlain(given)) return given;
  const entries: [string, unknown][] = Object.entries(given);
  const present = entries.filter(([, value]) => !isLeftOut(value));
  return present.length === entries.length ? given : (Object.fromEntries(present) as Given);
}

/** True for null and undefined. */
export function isLeftOut(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isPlain(given: unknown): given is object {
  if (typeof given !== 'object' || given === null) return false;
  const prototype: unknown = Object.getPrototypeOf(given);
  return prototype === Object.prototype || prototype === null;
}
