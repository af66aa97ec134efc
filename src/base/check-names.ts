import { DescentError } from './errors.js';
import { withoutLeftOut } from './require-object.js';
import { suggestOptions } from './synonyms.js';

/** Wording of the error when the unknown name is not that of an option. */
interface Words {
  /** The `got` part of the error for an unknown name. */
  got?: (name: string) => string;
  /** The `fix` part of the error for names that need more advice than the closest valid name. */
  fixes?: Readonly<Record<string, string>>;
}

/**
 * Returns options without those that are left out. Throws `INVALID_OPTION` for what is no object of options, and `UNKNOWN_OPTION` for a name in it that is not one of these,
 * with the one that was meant: callers without types hand in anything, and a slip of the pen would be passed over.
 */
export function requireKnown<Options>(
  options: Options,
  names: readonly string[],
  { got, fixes = {} }: Words = {},
): Options & object {
  requireOptions(options);
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return withoutLeftOut(options);
  throw new DescentError('UNKNOWN_OPTION', {
    got: got?.(unknown) ?? `an option named '${unknown}'`,
    expected: 'a known name',
    fix:
      (Object.hasOwn(fixes, unknown) && fixes[unknown]) ||
      `${questionAfter(unknown, names)}Known are ${names.join(', ')}.`,
    where: { option: unknown },
  });
}

/** The suggestion, which comes before the names: there may be forty. */
function questionAfter(unknown: string, names: readonly string[]): string {
  const meant = suggestOptions(unknown, names).map((name) => `'${name}'`);
  return meant.length > 0 ? `Did you mean ${meant.join(' or ')}? ` : '';
}

/** Throws `INVALID_OPTION` for what is no object of options. */
export function requireOptions(
  options: unknown,
  of = 'options',
  fix = 'Pass the data first and the options second, as in fit({ features, targets }, { epochs: 100 }).',
): asserts options is object {
  if (typeof options === 'object' && options !== null && !Array.isArray(options) && !ArrayBuffer.isView(options))
    return;
  throw new DescentError('INVALID_OPTION', {
    got: `${of} of type ${Array.isArray(options) ? 'array' : options === null ? 'null' : typeof options}`,
    expected: 'an object whose keys are option names',
    fix,
  });
}
