import { shuffle, STREAMS } from '../base/random.js';
import type { WorkInParts } from '../base/turns.js';

/**
 * The rows of each of `foldCount` folds: every row of `exampleCount` in one of them, drawn by chance, and all folds of
 * one size or, where it does not go up, one example apart. Rows rise within a fold.
 *
 *     atOnce(foldRows(5, 2, 0)).map((rows) => rows.length) // [3, 2]
 */
export function* foldRows(exampleCount: number, foldCount: number, seed: number): WorkInParts<Uint32Array[]> {
  const shuffled = new Uint32Array(exampleCount).map((_, i) => i);
  yield* shuffle(shuffled, seed, STREAMS.folds);
  const small = Math.floor(exampleCount / foldCount);
  const larger = exampleCount % foldCount; // folds with one more
  const sizes = Array.from({ length: foldCount }, (_, fold) => small + (fold < larger ? 1 : 0));
  const foldOf = new Uint32Array(exampleCount);
  let end = 0;
  for (const [fold, size] of sizes.entries()) {
    for (const first = end; end < first + size; end++) foldOf[shuffled[end] as number] = fold;
    yield;
  }
  const folds = sizes.map((size) => new Uint32Array(size));
  const filled = new Uint32Array(foldCount);
  foldOf.forEach((fold, row) => {
    const at = filled[fold] as number;
    (folds[fold] as Uint32Array)[at] = row;
    filled[fold] = at + 1;
  });
  return folds;
}
