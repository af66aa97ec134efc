/** Longer words are compared by their beginnings: a name is short, and the work grows with the square of its length. */
const COMPARED_LENGTH = 64;

/**
 * The candidate that needs the fewest edits to become the given word, case, dashes and underscores apart; the first of
 * several that need equally few. `candidates` holds one or more.
 *
 *     nearest('learnRate', ['epochs', 'learningRate']) // 'learningRate'
 */
export function nearest(word: string, candidates: readonly string[]): string {
  return search(word, candidates)[0];
}

/**
 * The question after a name that data have in place of an unknown one, with the words behind it: the words alone where no
 * name is so near that a slip of the pen explains the difference.
 *
 *     didYouMean('prize', ['area', 'price'], 'Name one of them.') // "Did you mean 'price'? Name one of them."
 */
export function didYouMean(
  word: string,
  candidates: readonly string[],
  words: string,
  quoted = (name: string) => `'${name}'`,
): string {
  const best = nearOf(word, candidates);
  return (best === undefined ? '' : `Did you mean ${quoted(best)}? `) + words;
}

/** The nearest candidate, if it is so near that a slip of the pen explains the difference. */
export function nearOf(word: string, candidates: readonly string[]): string | undefined {
  const [best, edits] = search(word, candidates);
  return edits <= Math.round(comparable(word).length * NEAR) ? best : undefined;
}

/** The share of the letters of a word that may differ, rounded: one of two to four, two of five or six. */
const NEAR = 0.36;

/** Dashes and underscores are a matter of habit, as upper and lower case are. */
function comparable(text: string): string {
  const beginning = text.slice(0, COMPARED_LENGTH).toLowerCase();
  return beginning.replace(/[-_]/g, '') || beginning;
}

/** The nearest candidate, and the number of edits to it. */
function search(word: string, candidates: readonly string[]): [string, number] {
  const target = comparable(word);
  let best = '';
  let fewest = Infinity;
  for (const candidate of candidates) {
    const edits = editDistance(target, comparable(candidate));
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return [best, fewest];
}

/**
 * Insertions, deletions and replacements of one character, and swaps of two neighbors, that turn `a` into `b` (optimal string
 * alignment).
 */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (before[j - 2] as number) + 1 : Infinity;
      current.push(Math.min(replaced, swapped, (previous[j] as number) + 1, (current[j - 1] as number) + 1));
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] as number;
}
