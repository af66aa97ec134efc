import { invalid } from './argument-errors.js';
import { readNames } from './parse-names.js';

/** The names that a flag lists; undefined without it. */
export function readNamesOf(flags: ReadonlyMap<string, string>, flag: string): string[] | undefined {
  const text = flags.get(flag);
  if (text === undefined) return undefined;
  const names = readNames(text);
  if (!names)
    throw invalid(`--${flag} ${text}`, 'names separated by commas, in double quotes if a name contains a comma');
  return names;
}
