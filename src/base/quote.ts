const CHARACTERS_IN_ERRORS = 40;

/** Text from a file as errors show it: in quotes, on one line, and cut. */
export function quote(text: string): string {
  return JSON.stringify(text.length > CHARACTERS_IN_ERRORS ? `${text.slice(0, CHARACTERS_IN_ERRORS)}…` : text);
}

/** The most words that a message lists: a reader compares no more, and data may have thousands. */
const MOST_WORDS = 10;

/** The first of some words with commas between them, and their number with its noun where some are left out. */
export function shortList(
  words: readonly string[],
  noun: string,
  { most = MOST_WORDS, show = (word: string) => word } = {},
): string {
  const shown = words.slice(0, most).map(show).join(', ');
  return words.length > most ? `${shown}, … (${words.length} ${noun})` : shown;
}

/** Names as a list for errors about data in code, where they need no quotes. */
export function namesIn(names: readonly string[]): string {
  return shortList(names, 'names') || 'none';
}

/** A number with its noun: 1 row, 2 rows. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The most characters of a value that a message shows. */
const MOST_LENGTH = 80;

/** A value of any kind in a few words, for messages. The text of an object is its own affair, and may fail. */
export function anyText(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function') return 'a function';
  const text = String(value);
  return text.length > MOST_LENGTH ? `${text.slice(0, MOST_LENGTH)}…` : text;
}
