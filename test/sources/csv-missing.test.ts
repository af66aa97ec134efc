// Missing values: refused with their number in each column, left out, or filled.

import { describe, expect, test } from 'vitest';
import { atOnce } from '../../src/base/turns.js';
import { csvSource } from '../../src/data/csv.js';
import { collectDataset } from '../../src/data/dataset.js';
import { splitRows } from '../../src/data/split.js';
import { fit } from '../../src/fit.js';
import { LinearModel } from '../../src/model/linear-model.js';
import { expectRefusal } from '../support/refusal.js';
import { expectFailure, read } from './read.js';

const GAPS = 'x,z,y\n1,1,4\n2,,5\n3,0,7\nNA,2,11\n5,1,12\n4,2,null\n';
const CPU = { backend: 'cpu' } as const;

test('are refused, counted by column, with what can be done', async () => {
  const shown = 'm.csv, row 3, column "z": an empty cell (missing values: 1 in "z", 1 in "x", 1 in "y")';
  const error = await expectFailure(GAPS, { target: 'y', name: 'm.csv' }, 'MISSING_VALUE', shown, "missing: 'mean'");
  expect(error.where).toEqual({ file: 'm.csv', row: 3, column: 'z' });
});

test.each(['', 'NA', 'na', 'N/A', '#N/A', 'null', 'NULL', 'None', '?', '-', '–', '.', ' NaN '])(
  '%j is one',
  async (word) => {
    const seen = await read(`x,y\n1,3\n${word},5\n3,7\n`, { target: 'y', missing: 'drop' });
    expect(seen).toMatchObject({ columns: [[1, 3]], targets: [3, 7] });
  },
);

test('and so is what the caller names, as a word or as a number in any spelling', async () => {
  const text = 'x,y\n1,3\n-999,5\n-999.0,6\nnone given,7\n3,7\n';
  const options = { target: 'y', missing: 'drop', missingValues: ['-999', 'none given'] } as const;
  expect(await read(text, options)).toMatchObject({ columns: [[1, 3]], targets: [3, 7] });
});

test('a NaN is one, and refused as what it is', async () => {
  await expectFailure('x,y\nNaN,1\n', { target: 'y' }, 'NON_FINITE_VALUE', 'row 2, column "x": "NaN"');
});

test('none is a word where it names a level', async () => {
  const seen = await read('x,y\nnone,1\nbig,2\n', { target: 'y', categories: ['x'] });
  expect(seen.features).toEqual(['x=none']);
});

describe('rows left out', () => {
  test('are those with a missing value in a column in use, and counted', async () => {
    const dataset = await collectDataset(csvSource(GAPS, { target: 'y', missing: 'drop' }));
    expect(dataset.columns.map((column) => [...column])).toEqual([[1, 3, 5], [1, 0, 1]]); // prettier-ignore
    expect(dataset.origin?.reading).toMatchObject({ rowsRead: 6, rowsDropped: 3 });
    const { columns } = await read(GAPS, { target: 'y', features: ['x'], missing: 'drop' });
    expect(columns).toEqual([[1, 2, 3, 5]]);
  });

  test('may not be all', () =>
    expectFailure(
      'x,y\n,1\n,2\n',
      { target: 'y', missing: 'drop' },
      'EMPTY_DATA',
      'whose 2 rows all have a missing',
    ).then(() => undefined));

  test('leave the order of the others, over many batches', async () => {
    const rows = Array.from({ length: 150_000 }, (_, i) => (i % 7 === 3 ? `,${i}\n` : `${i},${i}\n`));
    const { columns, targets } = await read(`x,y\n${rows.join('')}`, { target: 'y', missing: 'drop' });
    expect(columns[0]).toEqual(targets);
    expect(targets).toHaveLength(150_000 - Math.ceil((150_000 - 3) / 7));
    expect(targets.every((y, k) => k === 0 || y > (targets[k - 1] ?? 0))).toBe(true);
  });
});

describe('means', () => {
  const options = { target: 'y', missing: 'mean' } as const;

  test('fill features, and rows without a target are left out', async () => {
    const expected = { columns: [[1, 2, 3, 2.75, 5], [1, 1, 0, 2, 1]], targets: [4, 5, 7, 11, 12] }; // prettier-ignore
    expect(await read(GAPS, options)).toMatchObject(expected);
    const dataset = await collectDataset(csvSource(GAPS, options));
    expect(dataset.columns.map((column) => [...column])).toEqual(expected.columns);
  });

  test('are kept in the model, and fill the gaps of its predictions', async () => {
    const model = await fit(csvSource(GAPS, options), CPU);
    const loaded = LinearModel.fromJSON(JSON.parse(JSON.stringify(model)));
    for (const each of [model, loaded]) {
      const [gap] = await each.predict([{ x: null, z: 1 }]);
      expect(gap).toBe((await each.predict([{ x: 2.75, z: 1 }]))[0]);
    }
  });

  test('are those of the training examples, not of the validation examples', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i % 5 === 0 ? '' : i * i},${2 * i}\n`);
    const text = `x,y\n${rows.join('')}`;
    const fitted = await fit(csvSource(text, options), { ...CPU, validationFraction: 0.25, seed: 3 });
    const { training } = atOnce(splitRows(40, { validationFraction: 0.25, seed: 3 }));
    const values = Array.from(training).filter((i) => i % 5 !== 0);
    const mean = values.reduce((sum, i) => sum + i * i, 0) / values.length;
    const [column] = fitted.encoder?.columns ?? [];
    expect(column).toMatchObject({ kind: 'number', mean: expect.closeTo(mean, 9) as number });
    const all = await fit(csvSource(text, options), CPU);
    expect(all.encoder?.columns[0]).not.toMatchObject({ mean: expect.closeTo(mean, 3) as number });
  });

  test('of a level are its shares', async () => {
    const text = 'c,y\na,1\nb,2\n,3\na,4\na,5\n';
    expect((await read(text, { ...options, categories: ['c'] })).columns).toEqual([[0, 1, 0.25, 0, 0]]);
  });

  test('need a value', () =>
    expectFailure('x,y\n,1\n,2\n', options, 'MISSING_VALUE', "no value at all in column 'x'").then(() => undefined));

  test('a model without them refuses a gap', async () => {
    const model = await fit(csvSource('c,y\na,1\nb,2\n', { target: 'y', categories: ['c'] }), CPU);
    await expectRefusal(() => model.predict([{ c: null }]), 'MISSING_VALUE', 'row 0, column "c"');
  });
});
