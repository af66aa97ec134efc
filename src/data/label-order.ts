/** The order of two labels that are words, or true and false: that of the alphabet, in which no comes before Yes. */
export function compareLabels(a: unknown, b: unknown): number {
  return String(a).localeCompare(String(b), 'en');
}
