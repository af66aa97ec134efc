// Moments of columns that are mostly 0: against rational arithmetic, and against the sums of all columns alike.

import { describe, expect, it } from 'vitest';
import { addUpMoments } from '../../src/cpu/moments.js';
import { Dataset } from '../../src/data/dataset.js';
import { momentsOfDataset } from '../../src/moments/columns.js';
import { splitColumns } from '../../src/moments/sparse-sums.js';
import { exactMoments } from '../support/exact.js';
import { normals } from '../support/examples.js';
import { expectMoments } from '../support/moments.js';

const ROWS = 700;
const LEVELS = 40;
const because = 'seven hundred additions, and three roundings of each term, of 2^-53 each';

/** Two dense columns far from 0, levels between them, amounts that are mostly 0, and one column of zeros. */
function mixedColumns(): Float64Array[] {
  const noise = normals(3, 4 * ROWS);
  const dense = [noise.slice(0, ROWS).map((value) => value + 2000), noise.slice(ROWS, 2 * ROWS)];
  const levels = Array.from({ length: LEVELS }, (_, k) =>
    noise.slice(0, ROWS).map((_, i) => Number((i * i + i) % LEVELS === k)),
  );
  const amounts = noise.slice(2 * ROWS, 3 * ROWS).map((value, i) => (i % 20 === 3 ? 5 + value : 0));
  return [dense[0]!, ...levels.slice(0, 25), amounts, new Float64Array(ROWS), dense[1]!, ...levels.slice(25)];
}

const columns = mixedColumns();
const targets = normals(8, ROWS).map((value, i) => value + (columns[3]?.[i] as number));
const names = columns.map((_, j) => `f${j}`);

describe('columns that are mostly 0', () => {
  it('are found, where they are many', () => {
    const { dense, sparse } = splitColumns(columns);
    expect([sparse.includes(0), sparse.includes(28), sparse.includes(26), sparse.includes(27)]).toEqual([false, false, true, true]); // prettier-ignore
    expect(dense.length + sparse.length).toBe(columns.length);
    expect(splitColumns([...columns.slice(0, 6), ...columns.slice(28, 29)]).sparse).toEqual([]);
    expect(splitColumns(columns.map((column) => column.slice(0, 100))).sparse).toEqual([]);
  });

  it('have the moments of exact arithmetic', async () => {
    const dataset = new Dataset(columns, targets, names, 'y');
    const expected = exactMoments([...columns, targets]);
    expectMoments(momentsOfDataset(dataset), expected, 1e-13, because);
    expectMoments(await addUpMoments(dataset), expected, 1e-13, because);
  });

  it('count by weights, as copies do', () => {
    const weights = targets.map((_, i) => i % 4);
    const rows = Array.from(targets.keys()).flatMap((i) => Array.from({ length: i % 4 }, () => i));
    const copied = (column: Float64Array) => Float64Array.from(rows, (i) => column[i] as number);
    const expected = exactMoments([...columns.map(copied), copied(targets)]);
    expectMoments(momentsOfDataset(new Dataset(columns, targets, names, 'y', weights)), expected, 1e-13, because);
  });
});
