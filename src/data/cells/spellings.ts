/** Words that differ by case only, in the order in which they came. */
export type Spellings = [string, ...string[]];

/** The words, those together that differ by case only. */
export function groupsBySpelling(words: readonly string[]): Spellings[] {
  const groups = new Map<string, Spellings>();
  for (const word of words) {
    const group = groups.get(word.toLowerCase());
    if (group) group.push(word);
    else groups.set(word.toLowerCase(), [word]);
  }
  return [...groups.values()];
}
