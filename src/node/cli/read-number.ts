import { invalid } from './argument-errors.js';

/** The number that the text spells, or the text. */
export function asNumber(text: string): number | string {
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

/** The number of a flag. Throws `INVALID_OPTION` for one that is not allowed. */
export function readNumber(
  flags: ReadonlyMap<string, string>,
  name: string,
  fallback: number,
  expected: string,
  allows: (value: number) => boolean,
): number {
  const text = flags.get(name);
  if (text === undefined) return fallback;
  const value = asNumber(text);
  if (typeof value !== 'number' || !allows(value)) throw invalid(`--${name} ${text}`, expected);
  return value;
}
