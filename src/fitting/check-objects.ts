import { DescentError } from '../base/errors.js';
import type { FitOptions } from './fit-options.js';
import type { FitSettings } from '../options/specs.js';

type ObjectOption = Exclude<keyof FitOptions, keyof FitSettings>;

/** Shape checks for options that hold objects, since untyped callers can pass anything. */
const SHAPES: Readonly<Record<ObjectOption, { expected: string; isOne: (value: object) => boolean }>> = {
  initialParameters: {
    expected: '{ weights, bias } of numbers',
    isOne: (value) => 'bias' in value && 'weights' in value && isList(value.weights),
  },
  // Its features are looked at where those of the data are known (src/descent/start.ts).
  warmStart: { expected: 'a LinearModel, such as fit returns', isOne: () => true },
  context: { expected: 'the result of createContext or contextFromDevice', isOne: (value) => 'device' in value },
  signal: { expected: 'the signal of an AbortController', isOne: (value) => 'throwIfAborted' in value },
  onRead: { expected: 'a function', isOne: (value) => typeof value === 'function' },
  onProgress: { expected: 'a function', isOne: (value) => typeof value === 'function' },
  onWarning: { expected: 'a function', isOne: (value) => typeof value === 'function' },
};

/** The options that carry objects and have no place on a command line. */
export const OBJECT_OPTIONS: readonly ObjectOption[] = Object.keys(SHAPES) as ObjectOption[];

/** Throws `INVALID_OPTION` for an option that does not hold the kind of object that it should. */
export function checkObjects(options: object): void {
  for (const [name, { expected, isOne }] of Object.entries(SHAPES)) {
    const value = (options as Record<string, unknown>)[name] ?? undefined; // null is left out, as with plain values
    if (value === undefined || (isObject(value) && isOne(value))) continue;
    throw new DescentError('INVALID_OPTION', {
      got: `${name} of ${isObject(value) ? 'the wrong kind' : `type ${typeof value}`}`,
      expected,
      fix: 'Leave it out if it is not needed.',
      where: { option: name },
    });
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function isList(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'length' in value;
}
