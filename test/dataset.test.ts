import { describe, expect, it } from 'vitest';
import { checkFinite, collectDataset, createDataset, Dataset, type DatasetInput } from '../src/data/dataset.js';
import type { ColumnBatch, ExampleSource } from '../src/data/source.js';
import type { DescentErrorCode } from '../src/base/errors.js';
import { expectRefusal, refusalOf } from './support/refusal.js';

// Three examples of two features; no two numbers are equal, so a swap of any kind shows.
const ROWS = [
  [1, -2],
  [3.5, 4],
  [-5, 0.25],
];
const TARGETS = [10, 20, 30];
const COLUMNS = [
  [1, 3.5, -5],
  [-2, 4, 0.25],
];

/** Input as plain JavaScript may pass it. */
const wrong = (input: unknown) => input as DatasetInput;
const plain = (dataset: Dataset) => dataset.columns.map((column) => [...column]);

describe('a dataset', () => {
  const flat = ROWS.flat();
  const shared = new Float32Array(new SharedArrayBuffer(4 * flat.length));
  shared.set(flat);
  const layouts: [string, DatasetInput][] = [
    ['a flat list', { features: flat, targets: TARGETS, featureCount: 2 }],
    ['a list of rows', { features: ROWS, targets: TARGETS }],
    ['a list of rows with their length', { features: ROWS, targets: TARGETS, featureCount: 2 }],
    ['a list of typed rows', { features: ROWS.map((row) => Float32Array.from(row)), targets: TARGETS }],
    ['columns', { columns: { x1: COLUMNS[0] as number[], x2: COLUMNS[1] as number[] }, targets: TARGETS }],
    ['Float32Array', { features: Float32Array.from(flat), targets: Float32Array.from(TARGETS), featureCount: 2 }],
    ['Float64Array', { features: Float64Array.from(flat), targets: Float64Array.from(TARGETS), featureCount: 2 }],
    ['integers as targets', { features: ROWS, targets: Int16Array.from(TARGETS) }],
    ['a shared buffer', { features: shared, targets: TARGETS, featureCount: 2 }],
    ['a view into a larger buffer', { features: Float64Array.of(9, ...flat, 9).subarray(1, 7), targets: TARGETS, featureCount: 2 }], // prettier-ignore
    ['array-likes', { features: ROWS, targets: { length: 3, 0: 10, 1: 20, 2: 30 } }],
  ];

  it.each(layouts)('is the same from %s', (_, input) => {
    const dataset = createDataset(input);
    expect(plain(dataset)).toEqual(COLUMNS);
    expect([...dataset.targets]).toEqual(TARGETS);
    expect([dataset.exampleCount, dataset.featureCount]).toEqual([3, 2]);
    expect([dataset.featureNames, dataset.targetName]).toEqual([['x1', 'x2'], 'y']);
  });

  it.each(layouts.filter(([name]) => name !== 'columns'))('takes its own names from %s', (_, input) => {
    const names = { featureNames: ['width', 'height'], targetName: 'area' };
    const dataset = createDataset({ ...input, ...names });
    expect([dataset.featureNames, dataset.targetName]).toEqual([['width', 'height'], 'area']);
  });

  it('names columns by their keys, in their order', () => {
    const dataset = createDataset({ columns: { z: [1, 2], a: [3, 4] }, targets: [5, 6], targetName: 't' });
    expect([dataset.featureNames, dataset.targetName, plain(dataset)]).toEqual([['z', 'a'], 't', [[1, 2], [3, 4]]]); // prettier-ignore
  });
});

describe('precision and memory', () => {
  it('f32 stays f32, and everything else becomes f64', () => {
    const kind = (features: ArrayLike<number>) =>
      createDataset({ features, targets: [1, 2], featureCount: 1 }).columns[0]?.constructor;
    expect(kind(Float32Array.of(1, 2))).toBe(Float32Array);
    expect(kind(Float64Array.of(1, 2))).toBe(Float64Array);
    expect(kind(Int32Array.of(2 ** 31 - 1, 2))).toBe(Float64Array);
    expect(kind([0.1, 2])).toBe(Float64Array);
  });

  it('integers that f32 cannot hold survive', () => {
    const features = Int32Array.of(2 ** 31 - 1, -(2 ** 31));
    expect(plain(createDataset({ features, targets: [1, 2], featureCount: 1 }))).toEqual([[...features]]);
  });

  it('float columns are read in place, rows are copied', () => {
    const column = Float32Array.of(1, 2);
    const targets = Float64Array.of(3, 4);
    const dataset = createDataset({ columns: { x: column }, targets });
    expect(dataset.columns[0]).toBe(column);
    expect(dataset.targets).toBe(targets);
    const rows = createDataset({ features: column, targets, featureCount: 1 });
    expect(rows.columns[0]?.buffer).not.toBe(column.buffer);
  });

  it('frozen arrays are taken, and inputs are never written to', () => {
    const features = Object.freeze(ROWS.map((row) => Object.freeze([...row])));
    const targets = Object.freeze([...TARGETS]);
    expect(plain(createDataset(Object.freeze({ features, targets })))).toEqual(COLUMNS);
    const flat = Float32Array.from(ROWS.flat());
    const before = flat.slice();
    createDataset({ features: flat, targets, featureCount: 2 });
    expect(flat).toEqual(before);
  });
});

describe('createDataset, given lengths that do not fit,', () => {
  it.each<[string, unknown, string[]]>([
    [
      'no featureCount',
      { features: [1, 2], targets: [1] },
      ['flat list of 2 numbers', 'featureCount undefined', 'Pass featureCount: 2, for 1 target'],
    ],
    ['featureCount 0', { features: [1, 2], targets: [1], featureCount: 0 }, ['featureCount 0']],
    ['featureCount 1.5', { features: [1, 2, 3], targets: [1, 2], featureCount: 1.5 }, ['featureCount 1.5']],
    ['a flat list too short', { features: [1, 2, 3], targets: [1, 2], featureCount: 2 }, ['3 feature', '2 × 2 = 4']],
    ['a flat list too long', { features: [1, 2, 3], targets: [1], featureCount: 2 }, ['3 feature', '1 × 2 = 2']],
    [
      'a short row',
      { features: [[1, 2], [3]], targets: [1, 2] },
      ['1 value in row 1', '2, as in row 0', 'leave the row out'],
    ],
    ['records and another featureCount', { features: [{ a: 1 }], targets: [1], featureCount: 3 }, ['1 feature', '3']],
    ['rows and another featureCount', { features: ROWS, targets: TARGETS, featureCount: 3 }, ['2 features', '3']],
    [
      'more rows than targets',
      { features: ROWS, targets: [1, 2] },
      ['3 rows of features and 2 targets', 'one target for each row'],
    ],
    [
      'more records than targets',
      { features: [{ a: 1 }, { a: 2 }], targets: [1] },
      ['2 rows of features and 1 target'],
    ],
    ['no targets for rows', { features: [[1]], targets: [] }, ['1 row of features and 0 targets']],
    ['one short column', { columns: { a: [1, 2], b: [1] }, targets: [1, 2] }, ["1 value in column 'b'", '2 targets']],
    ['too few names', { features: ROWS, targets: TARGETS, featureNames: ['a'] }, ['1 feature name for 2 features']],
    ['no features', { targets: [1] }, ['data without features', 'undefined']],
    ['no features but featureCount', { targets: [1], featureCount: 1 }, ['data without features']],
    ['features that are undefined', { features: undefined, targets: [1] }, ['data without features']],
    ['no targets', { features: [1], featureCount: 1 }, ['data without targets', 'undefined']],
    ['targets as text', { features: [1], targets: '1', featureCount: 1 }, ['targets', 'string']],
    ['a column that is null', { columns: { a: null }, targets: [1] }, ["column 'a' that is null"]],
    ['a row that is null', { features: [[1], null], targets: [1, 2] }, ['row 1 that is null']],
    ['a first row that is undefined', { features: [undefined, [1]], targets: [1, 2] }, ['row 0 that is undefined']],
    ['a row that is a number', { features: [[1], 2], targets: [1, 2] }, ['row 1']],
  ])('refuses %s', (_, input, texts) => expectRefusal(() => createDataset(wrong(input)), 'SHAPE_MISMATCH', ...texts));
});

describe('createDataset, given no data,', () => {
  it.each<[string, DatasetInput, string]>([
    ['no examples', { features: [], targets: [], featureCount: 2 }, '0 examples of 2 features'],
    ['empty lists', { features: [], targets: [] }, '0 examples of 0 features'],
    ['rows without features', { features: [[], []], targets: [1, 2] }, '2 examples of 0 features'],
    ['no columns', { columns: {}, targets: [1, 2] }, '2 examples of 0 features'],
    ['empty columns', { columns: { a: [] }, targets: [] }, '0 examples of 1 feature;'],
  ])('refuses %s', (_, input, text) => expectRefusal(() => createDataset(input), 'EMPTY_DATA', text));
});

describe('createDataset, with row and column, and the value as it is,', () => {
  // Everything that JavaScript would quietly turn into a number, too.
  const values: [string, unknown, DescentErrorCode, string][] = [
    ['NaN', Number.NaN, 'NON_FINITE_VALUE', 'NaN'],
    ['Infinity', Infinity, 'NON_FINITE_VALUE', 'Infinity'],
    ['-Infinity', -Infinity, 'NON_FINITE_VALUE', '-Infinity'],
    ['text', '7', 'INVALID_VALUE', '"7" (string)'],
    ['a large BigInt', 2n ** 60n, 'INVALID_VALUE', '1152921504606846976n (bigint)'],
    ['null', null, 'INVALID_VALUE', 'null'],
    ['undefined', undefined, 'INVALID_VALUE', 'undefined'],
    ['a Date', new Date(0), 'INVALID_VALUE', 'a Date'],
    ['an object', {}, 'INVALID_VALUE', 'an object'],
    ['a list', [7, 8], 'INVALID_VALUE', 'a list of 2'],
  ];

  it.each(values)('refuses %s in a flat list', (_, value, code, text) =>
    expectRefusal(
      () => createDataset(wrong({ features: [1, 2, 3, 4, 5, value], targets: [1, 2, 3], featureCount: 2 })),
      code,
      `${text} in row 2 of 'x2'`,
    ),
  );

  it.each(values)('refuses %s in a list of rows', (_, value, code, text) =>
    expectRefusal(
      () => createDataset(wrong({ features: [[1, 2], [3, value]], targets: [1, 2] })), // prettier-ignore
      code,
      `${text} in row 1 of 'x2'`,
    ),
  );

  it.each(values)('refuses %s in a column', (_, value, code, text) =>
    expectRefusal(
      () => createDataset(wrong({ columns: { a: [1, 2, 3], b: [1, value, 3] }, targets: [1, 2, 3] })),
      code,
      `${text} in row 1 of 'b'`,
    ),
  );

  it.each(values)('refuses %s among the targets', (_, value, code, text) =>
    expectRefusal(
      () => createDataset(wrong({ features: ROWS, targets: [1, 2, value], targetName: 'price' })),
      code,
      `${text} in row 2 of 'price'`,
    ),
  );

  it('refuses a NaN in a Float32Array and an infinity in a Float64Array', async () => {
    const input = { columns: { a: Float32Array.of(1, Number.NaN) }, targets: [1, 2] };
    await expectRefusal(() => createDataset(input), 'NON_FINITE_VALUE', 'NaN', "row 1 of 'a'");
    const targets = Float64Array.of(-Infinity);
    await expectRefusal(() => createDataset({ features: [[1]], targets }), 'NON_FINITE_VALUE', '-Infinity', 'row 0');
  });

  it('refuses one wherever it stands, among values of any size', async () => {
    for (const Column of [Float32Array, Float64Array]) {
      for (const value of [Number.NaN, Infinity, -Infinity]) {
        for (let row = 0; row < 11; row++) {
          const a = new Column(11).fill(Column === Float32Array ? -3.4e38 : 1.7e308);
          expect(createDataset({ columns: { a }, targets: a }).exampleCount).toBe(11);
          a[row] = value;
          const input = { columns: { a }, targets: new Column(11) };
          await expectRefusal(() => createDataset(input), 'NON_FINITE_VALUE', `${value} in row ${row} of 'a'`);
        }
      }
    }
  });

  it('refuses 64-bit integers that f64 does not hold', () =>
    expectRefusal(
      () => createDataset({ features: BigInt64Array.of(1n, 2n ** 53n + 1n), targets: [1, 2], featureCount: 1 }),
      'INVALID_VALUE',
      "9007199254740993n (bigint) in row 1 of 'x1'",
    ));

  it('refuses a hole', () =>
    expectRefusal(() => createDataset({ columns: { a: new Array<number>(2) }, targets: [1, 2] }), 'INVALID_VALUE'));

  it('refuses in one line, whatever the column is called', () =>
    expectRefusal(() => createDataset({ columns: { 'a\nb': [Infinity] }, targets: [1] }), 'NON_FINITE_VALUE', 'a b'));
});

describe('collectDataset', () => {
  const source = (batches: ColumnBatch[]): ExampleSource => ({
    name: 'three batches',
    columns: () => Promise.resolve({ features: ['a', 'b'], target: 't' }),
    async *batches() {
      for (const batch of batches) yield await Promise.resolve(batch);
    },
  });
  const batch = (a: number[], b: number[], t: number[]): ColumnBatch => ({
    features: [Float64Array.from(a), Float64Array.from(b)],
    targets: Float64Array.from(t),
  });

  it('joins batches of any length in order', async () => {
    const dataset = await collectDataset(
      source([batch([1, 2], [3, 4], [5, 6]), batch([], [], []), batch([7], [8], [9])]),
    );
    expect(plain(dataset)).toEqual([[1, 2, 7], [3, 4, 8]]); // prettier-ignore
    expect([...dataset.targets]).toEqual([5, 6, 9]);
    expect([dataset.featureNames, dataset.targetName]).toEqual([['a', 'b'], 't']);
  });

  it('counts rows through all batches when one is not finite', () =>
    expectRefusal(
      () => collectDataset(source([batch([1, 2], [3, 4], [5, 6]), batch([7], [Number.NaN], [9])])),
      'NON_FINITE_VALUE',
      "row 2 of 'b'",
    ));

  it('counts rows from the first row of a batch', async () => {
    const { message, where } = await refusalOf(() => checkFinite(Float64Array.of(1, Number.NaN), 'b', 10));
    expect(message).toContain("NaN in row 11 of 'b'");
    expect(where).toEqual({ row: 11, column: 'b' });
  });

  it('refuses a source without examples', () =>
    expectRefusal(() => collectDataset(source([])), 'EMPTY_DATA', '0 examples of 2 features'));
});
