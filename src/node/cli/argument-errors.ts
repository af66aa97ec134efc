import { DescentError } from '../../base/errors.js';
import { didYouMean, nearOf } from '../../base/nearest-word.js';
import { meaningsElsewhere } from '../../base/synonyms.js';
import { kebab } from './flags.js';
import { type Verb, VERBS } from './help-topic.js';

/** Parts of data, and words of other commands, that have other names as flags. */
const HERE: ReadonlyMap<string, string> = new Map([
  ['exampleWeights', 'weights'],
  ['targets', 'target'],
  ['label', 'target'],
  ['file', 'data'],
  ['input', 'data'],
  ['csv', 'data'],
  ['out', 'output'],
]);

/** A flag that does not exist. To a single letter every name is as near as any other. */
export function unknown(rawName: string, names: readonly string[]): DescentError {
  const word = rawName.replace(/^-+/, '');
  const meant = [...meaningsElsewhere(rawName), word].map((name) => `--${HERE.get(name) ?? kebab(name)}`);
  const known = meant.filter((name) => names.includes(name));
  const suggested = known.length > 0 ? known.join(' or ') : nearOf(rawName, names);
  return new DescentError('UNKNOWN_OPTION', {
    got: `unknown option ${rawName}`,
    expected: 'an option listed by --help all',
    fix: rawName.startsWith('--') && suggested !== undefined ? `Did you mean ${suggested}?` : 'See --help all.',
    where: { option: rawName },
  });
}

/** The way in which a command takes its files. */
const EXAMPLES: Readonly<Record<Verb, string>> = {
  fit: 'fit --data FILE --target NAME',
  predict: 'predict --model FILE --data FILE',
  moments: 'moments --data FILE --target NAME',
  merge: 'merge --moments FILE',
  doctor: 'doctor takes none',
};

/** A word that belongs to no flag. */
export function stray(word: string, verb: Verb | undefined): DescentError {
  if (verb === undefined && !/[./\\]/.test(word)) {
    return new DescentError('UNKNOWN_OPTION', {
      got: `no command '${word}'`,
      expected: "'fit', 'predict', 'moments', 'merge' or 'doctor'",
      fix: didYouMean(word, VERBS, 'See --help.'),
    });
  }
  return new DescentError('UNKNOWN_OPTION', {
    got: `'${word}', which does not belong to an option`,
    expected: verb === undefined ? 'a command, and options after it' : `options after ${verb}`,
    fix: `Pass a file by an option: ${EXAMPLES[verb ?? 'fit']}. See --help.`,
  });
}

/** `meant` comes first in the advice: a question after what was meant. */
export function invalid(got: string, expected: string, meant = ''): DescentError {
  return new DescentError('INVALID_OPTION', { got, expected, fix: `${meant}See --help.` });
}
