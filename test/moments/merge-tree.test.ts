import { describe, expect, it } from 'vitest';
import { createDataset } from '../../src/data/dataset.js';
import { momentsOfDataset } from '../../src/moments/columns.js';
import { MergeTree } from '../../src/moments/merge-tree.js';
import type { Moments } from '../../src/moments/moments.js';
import { expectClose } from '../support/close.js';
import { numbers } from '../support/data.js';

const PARTS = 10_000;
const ROWS = 4 * PARTS;
const x1 = numbers(1, ROWS, 1, 2000);
const x2 = numbers(2, ROWS, 3, -5);
const y = x1.map((value, i) => 2 * value - (x2[i] as number) + (numbers(3, ROWS)[i] as number));

/** The moments of rows `from` on. */
function momentsOf(from: number, count: number): Moments {
  const at = (column: Float64Array) => column.slice(from, from + count);
  return momentsOfDataset(createDataset({ columns: { x1: at(x1), x2: at(x2) }, targets: at(y) }));
}

const PARTS_OF_ROWS = Array.from({ length: PARTS }, (_, k) => momentsOf(4 * k, 4));

function merged(parts: readonly Moments[]): Moments {
  const tree = new MergeTree();
  for (const part of parts) tree.add(part);
  return tree.whole as Moments;
}

const ANY_ORDER = { relative: 1e-12, because: 'fourteen merges one in another in f64, of terms of one sign mostly' };

describe('a tree of merges', () => {
  it('of ten thousand parts is the moments of all rows, in any order', () => {
    const expected = momentsOf(0, ROWS);
    const shuffled = PARTS_OF_ROWS.map((_, k) => PARTS_OF_ROWS[(k * 3877) % PARTS] as Moments);
    for (const parts of [PARTS_OF_ROWS, PARTS_OF_ROWS.toReversed(), shuffled]) {
      const found = merged(parts);
      expect(found.count).toBe(ROWS);
      for (const part of ['means', 'scatter', 'crossScatter', 'targetScatter'] as const)
        expectClose(found[part], expected[part], ANY_ORDER);
    }
  });

  it.each([1, 2, 3, 7])('of %i parts has them all', (count) => {
    const found = merged(PARTS_OF_ROWS.slice(0, count));
    expect(found.count).toBe(4 * count);
    expectClose(found.means, momentsOf(0, 4 * count).means, ANY_ORDER);
  });

  it('of nothing is nothing', () => {
    expect(new MergeTree().whole).toBeUndefined();
  });
});
