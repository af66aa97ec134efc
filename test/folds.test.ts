import { describe, expect, it } from 'vitest';
import { atOnce } from '../src/base/turns.js';
import { foldRows } from '../src/data/folds.js';

describe('foldRows', () => {
  it.each([
    [2, 2],
    [5, 2],
    [7, 7],
    [10, 3],
    [1001, 5],
    [1000, 999],
  ])(
    'deals %i rows into %i folds, each row once, in rising order, of sizes that differ by one at most',
    (rows, count) => {
      const folds = atOnce(foldRows(rows, count, 3));
      expect(folds).toHaveLength(count);
      const sizes = folds.map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      for (const fold of folds) expect([...fold]).toEqual([...fold].toSorted((a, b) => a - b));
      const all = folds.flatMap((fold) => [...fold]).toSorted((a, b) => a - b);
      expect(all).toEqual(Array.from({ length: rows }, (_, i) => i));
    },
  );

  it('is the same for the same seed, and another for another', () => {
    expect(atOnce(foldRows(100, 4, 7))).toEqual(atOnce(foldRows(100, 4, 7)));
    expect(atOnce(foldRows(100, 4, 7))).not.toEqual(atOnce(foldRows(100, 4, 8)));
  });

  it('deals every row into every fold equally often', () => {
    const folds = 4;
    const seeds = 2000;
    const counts = Array.from({ length: 9 }, () => new Float64Array(folds));
    for (let seed = 0; seed < seeds; seed++) {
      atOnce(foldRows(9, folds, seed)).forEach((rows, fold) => {
        for (const row of rows) (counts[row] as Float64Array)[fold] = (counts[row]?.[fold] as number) + 1;
      });
    }
    // Fold 0 has three rows of nine, the others two. Four standard deviations of a share of 2000, 36 times looked at.
    counts.forEach((row) => {
      row.forEach((count, fold) => {
        const share = fold === 0 ? 3 / 9 : 2 / 9;
        expect(Math.abs(count / seeds - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / seeds));
      });
    });
  });
});
