/**
 * A name as names are compared: accents as characters of their own or as parts of letters (Unicode NFC), and runs of blanks and
 * line breaks, are no difference.
 */
export function nameKey(name: string): string {
  return name.normalize('NFC').replace(/\s+/g, ' ').trim();
}
