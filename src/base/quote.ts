const CHARACTERS_IN_ERRORS = 40;

/** Text from a file as errors show it: in quotes, on one line, and cut. */
export function quote(text: string): string {
  return JSON.stringify(text.length > CHARACTERS_IN_ERRORS ? `${text.slice(0, CHARACTERS_IN_ERRORS)}…` : text);
}
