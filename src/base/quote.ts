const CHARACTERS_IN_ERRORS = 40;

/** Text from a file as errors show it: in quotes, on one line, and cut. */
export function quote(text: string): string {
  return JSON.stringify(cut(text));
}

/** A list of names, as code has it: ['name']. */
export function listOf(...names: readonly string[]): string {
  return `[${names.map((name) => `'${cut(name)}'`).join(', ')}]`;
}

function cut(text: string): string {
  return text.length > CHARACTERS_IN_ERRORS ? `${text.slice(0, CHARACTERS_IN_ERRORS)}…` : text;
}

/** Names or values as a list for errors: quoted, the first few of them, and their number where some are left out. */
export function quotedList(words: readonly string[], noun: string, most = 10): string {
  const shown = words.slice(0, most).map(quote).join(', ');
  return words.length > most ? `${shown}, … (${words.length} ${noun})` : shown;
}
