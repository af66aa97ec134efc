import { DescentError } from '../../base/errors.js';
import { nearest } from '../../base/nearest-word.js';
import { meaningElsewhere } from '../../base/synonyms.js';
import { kebab } from './flags.js';

/** A flag that does not exist. To a single letter every name is as near as any other. */
export function unknown(rawName: string, names: readonly string[]): DescentError {
  const meant = `--${kebab(meaningElsewhere(rawName) ?? '')}`;
  const suggested = names.includes(meant) ? meant : nearest(rawName, names);
  return new DescentError('UNKNOWN_OPTION', {
    got: `unknown option ${rawName}`,
    expected: 'an option listed by --help',
    fix: rawName.startsWith('--') ? `Did you mean ${suggested}?` : 'See --help.',
    where: { option: rawName },
  });
}

/** A word that belongs to no flag. */
export function stray(word: string, verb: string | undefined): DescentError {
  return new DescentError('UNKNOWN_OPTION', {
    got: `'${word}', which does not belong to an option`,
    expected:
      verb === undefined ? "the command 'fit', 'predict', 'moments', 'merge' or 'doctor'" : `options after ${verb}`,
    fix: 'Pass a file as --data FILE; see --help.',
  });
}

export function invalid(got: string, expected: string): DescentError {
  return new DescentError('INVALID_OPTION', { got, expected, fix: 'See --help.' });
}
