// Names of columns as errors about files and tables show them.

import { quote, shortList } from './quote.js';

/** Characters of a name, which is of use only as a whole: the questions of a survey are names. */
const CHARACTERS_OF_NAMES = 120;

const cut = (name: string) => (name.length > CHARACTERS_OF_NAMES ? `${name.slice(0, CHARACTERS_OF_NAMES)}…` : name);

/** The name of a column in quotes, on one line: whole, so that it can be used as it is shown. */
export function quoteName(name: string): string {
  return JSON.stringify(cut(name));
}

/** A list of names, as code has it: ['name']. */
export function listOf(...names: readonly string[]): string {
  return `[${names.map((name) => literalOf(cut(name))).join(', ')}]`;
}

/** Text as a string of JavaScript in single quotes. */
export function literalOf(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** The text of such a string. */
export function textOfLiteral(literal: string): string {
  const inner = literal.slice(1, -1).replaceAll("\\'", "'");
  return JSON.parse(`"${inner.replace(/\\.|"/g, (part) => (part === '"' ? '\\"' : part))}"`) as string;
}

/** Names or values as a list for errors about files: quoted, the first few of them, and their number where some are left out. */
export function quotedList(words: readonly string[], noun: string, most?: number): string {
  return shortList(words, noun, { most, show: quote });
}
