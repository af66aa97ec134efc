// The one door for numbers, and tables in memory: records, columns by name, Arrow; and calls that mean something else.

import { describe, expect, test } from 'vitest';
import { createDataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import { solveExact } from '../../src/solve-exact.js';
import { expectRefusal } from '../support/refusal.js';

const CPU = { backend: 'cpu' } as const;
const RECORDS = [
  { x: 1, z: 5, y: 3 },
  { x: 2, z: 1, y: 5 },
  { x: 3, z: 2, y: 7 },
];

/** Anything, as plain JavaScript may pass it. */
const wrong = (data: unknown) => data as Parameters<typeof fit>[0];

describe('numbers', () => {
  test.each<[string, ArrayLike<unknown>]>([
    ['Int8Array', Int8Array.of(1, 2, 3)],
    ['Uint32Array', Uint32Array.of(1, 2, 3)],
    ['BigInt64Array', BigInt64Array.of(1n, 2n, 3n)],
    ['bigints', [1n, 2n, 3n]],
    ['numbers and bigints', [1, 2n, 3]],
  ])('of %s are the same in fit, predict and score', async (_, x) => {
    const columns = { x } as { x: Int8Array };
    const data = { columns, targets: [3, 5, 7] };
    const model = await solveExact(data);
    expect(model.weights[0]).toBeCloseTo(2, 12);
    expect(Array.from(await model.predict(columns), Math.round)).toEqual([3, 5, 7]);
    expect(Array.from(await model.predict(x as Int8Array), Math.round)).toEqual([3, 5, 7]);
    expect(await model.score(data)).toBeCloseTo(1, 12);
  });

  test('that are none are refused by predict as by fit, with what came', async () => {
    const model = await solveExact({ columns: { area: [1, 2, 4], rooms: [1, 3, 2] }, targets: [1, 2, 3] });
    const predict = (features: unknown) => () => model.predict(features as number[]);
    await expectRefusal(predict([[null, 3]]), 'INVALID_VALUE', "null in row 0 of 'area'");
    await expectRefusal(predict({ area: ['80'], rooms: [3] }), 'INVALID_VALUE', `"80" (string) in row 0 of 'area'`);
    await expectRefusal(predict({ area: [2n ** 60n], rooms: [3] }), 'INVALID_VALUE', '1152921504606846976n (bigint)');
    await expectRefusal(predict([{ area: 80 }]), 'UNKNOWN_COLUMN', '"rooms"');
    await expectRefusal(
      predict([{ area: 80, rooms: 'three' }]),
      'INVALID_VALUE',
      `"three" (string) in row 0 of 'rooms'`,
    );
    expect(await model.predict({ area: 2, rooms: 3 })).toHaveLength(1);
    expect(await model.predict([{ area: 2, rooms: 3 }])).toEqual(await model.predict([[2, 3]]));
  });

  test('true and false are 1 and 0', () => {
    const { columns } = createDataset({ columns: { a: [true, false] }, targets: [1, 2] });
    expect([...(columns[0] ?? [])]).toEqual([1, 0]);
  });

  test('a matrix of one column is a list of targets', () => {
    expect([...createDataset({ features: [[1], [2]], targets: [[3], [5]] } as never).targets]).toEqual([3, 5]);
  });

  test('features may be records, whose keys are their names', () => {
    const { featureNames, columns } = createDataset({ features: [{ a: 1, b: 2 }, { b: 4, a: 3 }], targets: [1, 2] }); // prettier-ignore
    expect(featureNames).toEqual(['a', 'b']);
    expect(columns.map((column) => [...column])).toEqual([[1, 3], [2, 4]]); // prettier-ignore
  });
});

describe('tables', () => {
  test.each([
    ['records', RECORDS],
    ['columns by name', { x: [1, 2, 3], z: Float32Array.of(5, 1, 2), y: BigInt64Array.of(3n, 5n, 7n) }],
  ])('of %s', async (_, table) => {
    const dataset = createDataset({ table, target: 'y' });
    expect(dataset.featureNames).toEqual(['x', 'z']);
    expect([...dataset.targets]).toEqual([3, 5, 7]);
    const model = await solveExact({ table, target: 'y', features: ['x'] });
    expect(model.weights[0]).toBeCloseTo(2, 12);
    expect(await model.score({ table, target: 'y' })).toBeCloseTo(1, 12);
    expect(Array.from(await model.predict(table), Math.round)).toEqual([3, 5, 7]);
  });

  test('of mixed columns, as they come', async () => {
    const table = [
      { city: 'Paris', area: '40', new: true, built: new Date('1970-01-11'), rent: 1 },
      { city: 'Rome', area: '1,5', new: false, built: new Date('1970-01-21'), rent: 2 },
      { city: 'Paris', area: null, new: false, built: new Date('1970-01-31'), rent: 3 },
    ];
    const options = { target: 'rent', categories: ['city'], dates: ['built'] };
    await expectRefusal(() => createDataset({ table, ...options }), 'MISSING_VALUE', 'the table, row 2, column "area"');
    const { columns, origin } = createDataset({ table, ...options, missing: 'drop' });
    expect(columns.map((column) => [...column])).toEqual([[0, 1], [40, 1.5], [1, 0], [10, 20]]); // prettier-ignore
    expect(origin?.reading).toMatchObject({ rowsRead: 3, rowsDropped: 1, encoding: null });
  });

  test('of decimals, as DuckDB hands them out', () => {
    const table = [{ x: { width: 9, scale: 2, value: 1234n }, y: 1 }, { x: 5n, y: 2 }]; // prettier-ignore
    expect([...(createDataset({ table, target: 'y' }).columns[0] ?? [])]).toEqual([12.34, 5]);
  });

  test('of integers of 64 bits and more are exact or refused', async () => {
    const huge = (value: bigint) => ({ width: 38, scale: 0, value });
    const datasetOf = (x: unknown) => createDataset({ table: [{ x, y: 1 }], target: 'y' });
    for (const x of [2n ** 53n + 2n, huge(2n ** 53n + 2n)]) expect(datasetOf(x).columns[0]).toEqual(Float64Array.of(2 ** 53 + 2)); // prettier-ignore
    for (const x of [2n ** 53n + 1n, huge(2n ** 53n + 1n), 2n ** 2000n])
      await expectRefusal(() => datasetOf(x), 'INVALID_VALUE', 'n (bigint); expected an integer', "exclude: ['x']");
  });

  test('columns of finite floats are read in place', () => {
    const [x, y] = [Float64Array.of(1, 2, 3), Float32Array.of(3, 5, 7)];
    const dataset = createDataset({ table: { x, y }, target: 'y' });
    expect(dataset.columns[0]).toBe(x);
    expect(dataset.targets).toBe(y);
    const gap = Float64Array.of(1, Number.NaN, 3);
    const dropped = createDataset({ table: { x: gap, y }, target: 'y', missing: 'drop' });
    expect([[...(dropped.columns[0] ?? [])], [...dropped.targets]]).toEqual([[1, 3], [3, 7]]); // prettier-ignore
    expect([...gap]).toEqual([1, Number.NaN, 3]);
  });

  test('whose records have other keys have missing values', () =>
    expectRefusal(() => createDataset({ table: [{ x: 1, y: 2 }, { y: 3 }], target: 'y' }), 'MISSING_VALUE', 'row 1, column "x"')); // prettier-ignore

  test('that are none', async () => {
    await expectRefusal(
      () => createDataset({ table: [[1, 2]] as never, target: 'y' }),
      'SHAPE_MISMATCH',
      'a list in row 0',
    );
    await expectRefusal(() => createDataset({ table: { a: [1], y: [1, 2] }, target: 'y' }), 'SHAPE_MISMATCH', "'y'");
    await expectRefusal(() => createDataset({ table: 7 as never, target: 'y' }), 'SHAPE_MISMATCH', 'number');
    await expectRefusal(() => createDataset({ table: RECORDS, target: 'price' }), 'UNKNOWN_COLUMN', '"price"');
    await expectRefusal(() => createDataset({ table: [], target: 'y' }), 'EMPTY_DATA', 'without any row');
  });
});

describe('calls that mean something else are told what to write', () => {
  test('features and targets as two arguments', () =>
    expectRefusal(() => fit(wrong([[0, 0], [1, 0]]), [1, 3] as never), 'SHAPE_MISMATCH', 'come apart', 'fit({ features:')); // prettier-ignore

  test('records as data', async () => {
    const call = () => fit(wrong(RECORDS), { target: 'y' } as never);
    await expectRefusal(call, 'SHAPE_MISMATCH', 'a list of records', "fit({ table, target: 'y' })");
    await expectRefusal(() => fit(wrong([{ x: 1, y: 3 }])), 'SHAPE_MISMATCH', '{ table, target }');
  });

  test('several targets', () =>
    expectRefusal(
      () => fit(wrong({ features: [[1], [2]], targets: [[0, 0, 0], [2, 4, 3]] }), CPU), // prettier-ignore
      'SHAPE_MISMATCH',
      'two dimensions',
      'fitMany',
      'targets:',
    ));

  test.each<[string, unknown, string]>([
    ['a typed array', Float32Array.of(1, 2), 'fit({ features:'],
    ['a string', 'x,y\n1,2\n', "fit(csvSource(input, { target: 'y' }))"],
    ['a file', new Blob(['x,y\n1,2\n']), "fit(csvSource(input, { target: 'y' }))"],
    ['a Map', new Map([['x', [1]]]), 'Object.fromEntries'],
    ['a promise', Promise.resolve({ features: [[1]], targets: [1] }), 'fit(await data)'],
  ])('%s as data', (name, data, call) =>
    expectRefusal(() => fit(wrong(data)), 'SHAPE_MISMATCH', `${name} as data`, call),
  );

  test('several targets by name', () =>
    expectRefusal(
      () => fit(wrong({ features: [[1], [2]], targets: { a: [1, 2], b: [3, 4] } })),
      'SHAPE_MISMATCH',
      'fitMany',
    ));

  test('data among the options', async () => {
    const call = (data: unknown, options: object) => () => fit(wrong(data), options);
    await expectRefusal(call({ features: [[1]] }, { targets: [3] }), 'UNKNOWN_OPTION', 'fit({ …, targets }, options)');
    await expectRefusal(
      call({ table: RECORDS }, { target: 'y' }),
      'UNKNOWN_OPTION',
      "fit({ table, target: 'y' }, options)",
    );
    await expectRefusal(
      call({ columns: { x: [1], y: [2] }, target: 'y' }, {}),
      'UNKNOWN_OPTION',
      "fit({ table, target: 'y' })",
    );
  });

  test('labels scored by a model of numbers', async () => {
    const model = await fit({ features: [[1], [2]], targets: [3, 5] }, CPU);
    await expectRefusal(() => model.score({ features: [[1], [2]], targets: ['a', 'b'] }), 'INVALID_LABEL', '"a"');
  });

  test('options among the data', () =>
    expectRefusal(
      () => fit(wrong({ features: [[1], [2]], targets: [1, 2], epochs: 5 })),
      'UNKNOWN_OPTION',
      "data with 'epochs'",
      'fit(data, { epochs: … })',
    ));

  test('words and dates as features', async () => {
    const data = (x: unknown[]) => () => fit(wrong({ columns: { x }, targets: [1, 2] }), CPU);
    await expectRefusal(data(['a', 'b']), 'INVALID_VALUE', `"a" (string) in row 0 of 'x'`, 'categories');
    await expectRefusal(data([new Date(0), new Date(1)]), 'INVALID_VALUE', 'a Date', 'dates');
    await expectRefusal(data([1, null]), 'INVALID_VALUE', "null in row 1 of 'x'", "missing: 'drop'");
  });
});
