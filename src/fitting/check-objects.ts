import { DescentError } from '../base/errors.js';
import { requireOptions } from '../base/check-names.js';
import type { FitOptions } from './fit-options.js';
import type { FitSettings } from '../options/specs.js';

type ObjectOption = Exclude<keyof FitOptions, keyof FitSettings>;

/** A warmStart is looked at where its features are known (src/descent/start.ts). */
type ShapedOption = Exclude<ObjectOption, 'warmStart'>;

/** Shape checks for options that hold objects, since untyped callers can pass anything. */
const SHAPES: Readonly<Record<ShapedOption, { expected: string; isOne: (given: object) => boolean }>> = {
  initialParameters: {
    expected: '{ weights, bias } of numbers',
    isOne: (given) => 'bias' in given && 'weights' in given && isList(given.weights),
  },
  context: { expected: 'the result of createContext or contextFromDevice', isOne: (given) => 'device' in given },
  signal: { expected: 'the signal of an AbortController', isOne: (given) => 'throwIfAborted' in given },
  onProgress: { expected: 'a function', isOne: (given) => typeof given === 'function' },
  onWarning: { expected: 'a function', isOne: (given) => typeof given === 'function' },
};

/** The options that carry objects and have no place on a command line. */
export const OBJECT_OPTIONS: readonly ObjectOption[] = [...(Object.keys(SHAPES) as ShapedOption[]), 'warmStart'];

/** Throws `INVALID_OPTION` for options that are no object, and for what is not what one of them holds. */
export function checkObjects(options: unknown): void {
  requireOptions(options);
  for (const [name, { expected, isOne }] of Object.entries(SHAPES)) {
    const given = (options as Record<string, unknown>)[name] ?? undefined; // null is left out, as with plain values
    if (given === undefined || (isObject(given) && isOne(given))) continue;
    throw new DescentError('INVALID_OPTION', {
      got: `${name} of ${isObject(given) ? 'the wrong kind' : `type ${typeof given}`}`,
      expected,
      fix: 'Leave it out if it is not needed.',
      where: { option: name },
    });
  }
}

function isObject(given: unknown): given is object {
  return (typeof given === 'object' && given !== null) || typeof given === 'function';
}

function isList(given: unknown): boolean {
  return typeof given === 'object' && given !== null && 'length' in given;
}
