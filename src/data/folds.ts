import { shuffle, STREAMS } from '../base/random.js';

/**
 * The rows of each of `foldCount` folds: every row of `exampleCount` in one of them, drawn by chance, and all folds of
 * one size or, where it does not go up, one example apart. Rows rise within a fold.
 *
 *     foldRows(5, 2, 0).map((rows) => rows.length) // [3, 2]
 */
export function foldRows(exampleCount: number, foldCount: number, seed: number): Uint32Array[] {
  const rows = Uint32Array.from({ length: exampleCount }, (_, i) => i);
  shuffle(rows, seed, STREAMS.folds);
  const small = Math.floor(exampleCount / foldCount);
  const larger = exampleCount % foldCount; // folds with one more
  return Array.from({ length: foldCount }, (_, fold) => {
    const first = fold * small + Math.min(fold, larger);
    return rows.slice(first, first + small + (fold < larger ? 1 : 0)).sort();
  });
}
