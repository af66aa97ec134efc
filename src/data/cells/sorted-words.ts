import { plainNumber } from './number-format.js';

const rank = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Words in the order of numbers if all of them are, and else in another one, which is that of the alphabet with capitals first. */
export function sortedWords(words: readonly string[], compare: (a: string, b: string) => number = rank): string[] {
  const numbers = new Map(words.map((word) => [word, plainNumber(word)]));
  const areNumbers = [...numbers.values()].every((value) => !Number.isNaN(value));
  return [...words].sort(areNumbers ? (a, b) => (numbers.get(a) ?? 0) - (numbers.get(b) ?? 0) || rank(a, b) : compare);
}
