import { shuffle, STREAMS } from '../base/random.js';
import type { WorkInParts } from '../base/turns.js';

/**
 * The rows of each of `foldCount` folds: every row of `exampleCount` in one of them, drawn by chance, and all folds of
 * one size or, where it does not go up, one example apart. Rows rise within a fold.
 *
 *     atOnce(foldRows(5, 2, 0)).map((rows) => rows.length) // [3, 2]
 */
export function* foldRows(exampleCount: number, foldCount: number, seed: number): WorkInParts<Uint32Array[]> {
  const rows = Uint32Array.from({ length: exampleCount }, (_, i) => i);
  yield* shuffle(rows, seed, STREAMS.folds);
  const small = Math.floor(exampleCount / foldCount);
  const larger = exampleCount % foldCount; // folds with one more
  const folds: Uint32Array[] = [];
  for (let fold = 0; fold < foldCount; fold++) {
    yield;
    const first = fold * small + Math.min(fold, larger);
    folds.push(rows.slice(first, first + small + (fold < larger ? 1 : 0)).sort());
  }
  return folds;
}
