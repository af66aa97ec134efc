// Tables, record batches and files of Apache Arrow.

import {
  Bool,
  Decimal,
  Field,
  Float16,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromArrays,
  tableToIPC,
  vectorFromArray,
  Vector,
} from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { arrowSource, arrowTable } from '../../src/data/arrow.js';
import { createDataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import { tableBatches } from '../../src/data/table-batches.js';
import { collectDataset } from '../../src/data/dataset.js';
import { solveExact } from '../../src/solve-exact.js';
import { expectRefusal } from '../support/refusal.js';
import { inPieces } from './read.js';

/** y = 2x + z, with columns of many types. */
const table = tableFromArrays({
  x: Float64Array.of(1, 2, 3, 4),
  z: Int32Array.of(5, 1, 2, 0),
  big: BigInt64Array.of(1n, 2n, 3n, 4n),
  half: [null, 1.5, 2.5, 3.5],
  on: [true, false, true, false],
  city: ['Paris', 'Rome', 'Paris', 'Oslo'],
  when: [new Date(0), new Date(86_400_000), new Date(172_800_000), new Date(259_200_000)],
  y: Float64Array.of(7, 5, 8, 8),
});
const CPU = { backend: 'cpu' } as const;

const listsOf = (columns: readonly ArrayLike<number>[]) => columns.map((column) => Array.from(column));

describe('a table', () => {
  test('is data with the name of its target, and no copy is made of floats in one piece', () => {
    const dataset = createDataset({ table, target: 'y', features: ['x', 'z'] });
    const memoryOf = (name: 'x' | 'y') => (table.getChild(name)?.toArray() as Float64Array).buffer;
    expect(dataset.columns[0]?.buffer).toBe(memoryOf('x'));
    expect(dataset.targets.buffer).toBe(memoryOf('y'));
    expect([...(dataset.columns[1] ?? [])]).toEqual([5, 1, 2, 0]);
  });

  test('has columns of every type', () => {
    const options = { target: 'y', categories: ['city'], dates: ['when'], missing: 'drop' } as const;
    const { featureNames, columns, origin } = createDataset({ table, ...options });
    expect(featureNames).toEqual(['x', 'z', 'big', 'half', 'on', 'city=Paris', 'city=Rome', 'when']);
    expect(listsOf(columns)).toEqual([
      [2, 3, 4],
      [1, 2, 0],
      [2, 3, 4],
      [1.5, 2.5, 3.5],
      [0, 1, 0],
      [0, 1, 0],
      [1, 0, 0],
      [1, 2, 3],
    ]);
    expect(origin?.reading).toMatchObject({ rowsRead: 4, rowsDropped: 1 });
  });

  test('with nulls is refused, counted by column', () =>
    expectRefusal(
      () => createDataset({ table, target: 'y', features: ['half'] }),
      'MISSING_VALUE',
      'row 0, column "half"',
    ));

  test('is taken by predict and score, as are its vectors', async () => {
    const model = await solveExact({ table, target: 'y', features: ['x', 'z'] });
    expect(Array.from(await model.predict(table), Math.round)).toEqual([7, 5, 8, 8]);
    const [x, z] = [table.getChild('x') as Vector, table.getChild('z') as Vector];
    expect(Array.from(await model.predict({ x, z }), Math.round)).toEqual([7, 5, 8, 8]);
    expect(await model.score({ table, target: 'y' })).toBeCloseTo(1, 12);
    expect(await model.score({ columns: { x, z }, targets: table.getChild('y') as Vector })).toBeCloseTo(1, 12);
    const half = table.getChild('half') as Vector;
    await expectRefusal(() => model.predict({ x: half, z }), 'INVALID_VALUE', "null in row 0 of 'x'");
    const when = table.getChild('when') as Vector;
    await expectRefusal(() => createDataset({ columns: { when }, targets: [1, 2, 3, 4] }), 'INVALID_VALUE', 'a Date');
  });

  test('as data by itself is told what to write', () =>
    expectRefusal(() => fit(table as never), 'SHAPE_MISMATCH', 'a table as data', "fit({ table, target: 'y' })"));

  test('of decimals and half floats has their values, not their bits', () => {
    // -2.56 and 12.34 in two's complement of 128 bits, with two digits after the point.
    const words = new Uint32Array([1234, 0, 0, 0, 0xffffff00, 0xffffffff, 0xffffffff, 0xffffffff]);
    const decimals = new Vector([makeData({ type: new Decimal(2, 10, 128), length: 2, data: words })]);
    const halves = new Vector([makeData({ type: new Float16(), length: 2, data: new Uint16Array([0x3e00, 0xc000]) })]);
    const { columns } = createDataset({ columns: { decimals, halves }, targets: [1, 2] });
    expect(listsOf(columns)).toEqual([
      [12.34, -2.56],
      [1.5, -2],
    ]);
    const ids = new Vector([
      makeData({ type: new Decimal(0, 38, 128), length: 1, data: Uint32Array.of(1, 2 ** 21, 0, 0) }),
    ]);
    expect(() => createDataset({ columns: { ids }, targets: [1] })).toThrow(/9007199254740993n \(bigint\) in row 0/);
    const bits = new Vector([makeData({ type: new Bool(), length: 2, data: new Uint8Array([0b01]) })]);
    expect(listsOf(createDataset({ columns: { bits }, targets: [1, 2] }).columns)).toEqual([[1, 0]]);
  });

  test('of integers that f64 does not hold is refused', () => {
    const ids = tableFromArrays({ id: BigInt64Array.of(1n, 2n ** 60n + 1n), y: Float64Array.of(1, 2) });
    return expectRefusal(() => createDataset({ table: ids, target: 'y' }), 'INVALID_VALUE', 'row 1, column "id": 1152921504606846977n'); // prettier-ignore
  });
});

describe('record batches', () => {
  const batches = () => new Table([...table.batches, ...table.batches, ...table.batches]).batches;

  test('are read one after another, again and again', async () => {
    const source = tableBatches(() => batches(), { target: 'y', features: ['x', 'z'] });
    expect(await source.columns()).toEqual({ features: ['x', 'z'], target: 'y' });
    for (let pass = 0; pass < 2; pass++) {
      const dataset = await collectDataset(source);
      expect(Array.from(dataset.targets)).toEqual([7, 5, 8, 8, 7, 5, 8, 8, 7, 5, 8, 8]);
    }
    const model = await fit(source, { ...CPU, strategy: 'moments', epochs: 5000, tolerance: 1e-12 });
    expect(Array.from(model.weights, (weight) => Number(weight.toFixed(3)))).toEqual([2, 1]);
    expect(model.report.reading?.rowsRead).toBe(12);
  });

  test('may be made by any generator, of records too', async () => {
    async function* open() {
      yield [{ x: 1, y: 3 }];
      yield [{ y: 5, x: 2 }, { y: 7, x: 3 }]; // prettier-ignore
    }
    const dataset = await collectDataset(tableBatches(open, { target: 'y' }));
    expect([listsOf(dataset.columns), [...dataset.targets]]).toEqual([[[1, 2, 3]], [3, 5, 7]]);
  });

  test('that break off, have other columns or faults are refused with their row', async () => {
    async function* broken() {
      yield { x: [1], y: [2] };
      throw new Error('connection lost');
    }
    const options = { target: 'y', name: 'query' };
    const error = await collectDataset(tableBatches(broken, options)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining('query: connection lost') as string,
    });
    expect((error as Error).cause).toMatchObject({ message: 'connection lost' });
    const other = () => [{ x: [1, 2], y: [2, 3] }, { z: [1], y: [2] }]; // prettier-ignore
    await expectRefusal(
      () => collectDataset(tableBatches(other, options)),
      'UNKNOWN_COLUMN',
      'query, row 2: a batch without',
    );
    const faulty = () => [{ x: [1, 2], y: [2, 3] }, { x: ['a'], y: [2] }]; // prettier-ignore
    await expectRefusal(
      () => collectDataset(tableBatches(faulty, options)),
      'INVALID_VALUE',
      'query, row 2, column "x": "a"',
    );
    await expectRefusal(() => collectDataset(tableBatches(() => [], options)), 'EMPTY_DATA', 'without any batch');
    await expectRefusal(() => tableBatches([] as never, options), 'SHAPE_MISMATCH', 'a function that begins');
    const ragged = () => [{ x: [1, 2], y: [2] }];
    await expectRefusal(() => collectDataset(tableBatches(ragged, options)), 'SHAPE_MISMATCH', "column 'y'");
  });
});

describe('a file', () => {
  test.each(['file', 'stream'] as const)('of Arrow (%s) is read from bytes, a Blob and a stream', async (kind) => {
    const bytes = tableToIPC(new Table([...table.batches, ...table.batches]), kind);
    const options = { target: 'y', features: ['x', 'city'], categories: ['city'] };
    for (const input of [bytes, new Blob([bytes.slice()]), inPieces(bytes, 100)]) {
      const dataset = await collectDataset(arrowSource(input, options));
      expect(dataset.featureNames).toEqual(['x', 'city=Paris', 'city=Rome']);
      expect([...dataset.targets]).toEqual([7, 5, 8, 8, 7, 5, 8, 8]);
    }
  });

  test('has rows to predict', async () => {
    const model = await solveExact({ table, target: 'y', features: ['x', 'z'] });
    const predictions = await model.predict(arrowTable(tableToIPC(table)));
    expect(Array.from(predictions, Math.round)).toEqual([7, 5, 8, 8]);
  });

  test('that is corrupt, cut off or something else is refused', async () => {
    const bytes = tableToIPC(table, 'stream');
    const refuse = (input: Uint8Array, code: 'INVALID_FILE') =>
      expectRefusal(() => collectDataset(arrowSource(input, { target: 'y', name: 'a.arrow' })), code, 'a.arrow');
    for (const length of [0, 3, 8, 100, bytes.length / 2, bytes.length - 20]) {
      await refuse(bytes.slice(0, length), 'INVALID_FILE');
    }
    await refuse(new TextEncoder().encode('x,y\n1,2\n3,4\n5,6\n'), 'INVALID_FILE');
  });
});

test('a record batch of its own is a table', () => {
  const fields = [new Field('x', vectorFromArray([1]).type), new Field('y', vectorFromArray([1]).type)];
  const children = [vectorFromArray([1, 2]), vectorFromArray([3, 5])].map((vector) => vector.data[0]!);
  const schema = new Schema(fields);
  const data = makeData({ type: new Struct(fields), length: 2, nullCount: 0, children });
  expect([...createDataset({ table: new RecordBatch(schema, data), target: 'y' }).targets]).toEqual([3, 5]);
});
