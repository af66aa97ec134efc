import { nearest } from '../src/base/nearest-word.js';

/** One size to measure. */
export interface BenchCase {
  /** m */
  rows: number;
  /** d */
  features: number;
}

/** From what fits a cache to what fills a wide matrix; the same sizes for every release, so that results compare. */
export const CASES: readonly BenchCase[] = [
  { rows: 1_000, features: 2 },
  { rows: 100_000, features: 2 },
  { rows: 1_000_000, features: 2 },
  { rows: 1_000_000, features: 8 },
  { rows: 100_000, features: 64 },
  { rows: 10_000, features: 512 },
  { rows: 1_000, features: 4_096 },
];

/** Small, large, wide and in between: enough to see a change, in under a minute. */
export const QUICK_CASES: readonly BenchCase[] = [
  { rows: 1_000, features: 2 },
  { rows: 100_000, features: 2 },
  { rows: 100_000, features: 64 },
  { rows: 10_000, features: 512 },
];

/** '1000000x8' */
export function caseName({ rows, features }: BenchCase): string {
  return `${rows}x${features}`;
}

/** Reads 'ROWSxFEATURES,…'. Any size may be named, not only those of the list. Throws a RangeError that says how. */
export function parseCases(text: string): BenchCase[] {
  return text.split(',').map((word) => {
    const [, rows, features] = /^(\d+)[x×](\d+)$/.exec(word.trim().replaceAll('_', '')) ?? [];
    const found = { rows: Number(rows), features: Number(features) };
    if (found.rows >= 1 && found.features >= 1) return found;
    const names = CASES.map(caseName);
    throw new RangeError(
      `unknown case '${word.trim()}'; expected ROWSxFEATURES, such as ${names.join(', ')}. Did you mean ${nearest(word, names)}?`,
    );
  });
}
