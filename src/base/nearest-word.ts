/** Longer words are compared by their beginnings: a name is short, and the work grows with the square of its length. */
const COMPARED_LENGTH = 64;

/**
 * The candidate that needs the fewest edits to become the given word, upper and lower case being equal; the first of
 * several that need equally few. `candidates` holds one or more.
 *
 *     nearest('learnRate', ['epochs', 'learningRate']) // 'learningRate'
 */
export function nearest(word: string, candidates: readonly string[]): string {
  const comparable = (text: string): string => text.slice(0, COMPARED_LENGTH).toLowerCase();
  const target = comparable(word);
  let best = '';
  let fewest = Infinity;
  for (const candidate of candidates) {
    const edits = editDistance(target, comparable(candidate));
    if (edits < fewest) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

/** Insertions, deletions and replacements of one character that turn `a` into `b` (Levenshtein). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] as number) + 1, (current[j - 1] as number) + 1));
    }
    previous = current;
  }
  return previous[b.length] as number;
}
