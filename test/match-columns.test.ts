// Columns by name: in any order the same, under other names refused.

import { describe, expect, it } from 'vitest';
import { createDataset } from '../src/data/dataset.js';
import { columnOrder } from '../src/data/match-columns.js';
import { LinearModel } from '../src/model/linear-model.js';
import { uniforms } from './support/examples.js';
import { expectRefusal } from './support/refusal.js';

const MODEL = new LinearModel({
  weights: Float64Array.of(2, -0.5),
  bias: 10,
  featureNames: ['area', 'rooms'],
  targetName: 'price',
  report: null,
});
const [AREA, ROOMS] = [uniforms(1, 9), uniforms(2, 9)];
const ROWS = Array.from(AREA, (area, i) => [area, ROOMS[i] as number]);

describe('predict from columns', () => {
  it('gives the bits that rows give, whatever the order of the columns', async () => {
    const expected = await MODEL.predict(ROWS);
    expect(await MODEL.predict({ area: AREA, rooms: ROOMS })).toEqual(expected);
    expect(await MODEL.predict({ rooms: [...ROOMS], area: AREA })).toEqual(expected);
    expect(expected[3]).toBe(10 + 2 * (AREA[3] as number) - 0.5 * (ROOMS[3] as number));
  });

  it('answers in f32 where all columns are, and in f64 else', async () => {
    const f32 = { area: Float32Array.of(1, 2), rooms: Float32Array.of(3, 4) };
    expect(await MODEL.predict(f32)).toEqual(Float32Array.of(10.5, 12));
    expect(await MODEL.predict({ ...f32, rooms: [3, 4] })).toEqual(Float64Array.of(10.5, 12));
  });

  it('passes over other columns, such as those of a whole table', async () =>
    expect(await MODEL.predict({ price: [9], rooms: [4], area: [1] })).toEqual(Float64Array.of(10)));

  it('names the first of many features where one is missing, and says how many there are', async () => {
    const featureNames = Array.from({ length: 40 }, (_, j) => `f${j + 1}`);
    const wide = new LinearModel({
      weights: new Float64Array(40),
      bias: 0,
      featureNames,
      targetName: 'y',
      report: null,
    });
    const columns = Object.fromEntries(featureNames.map((name) => [name === 'f7' ? 'g' : name, [1]]));
    await expectRefusal(
      () => wide.predict(columns),
      'UNKNOWN_COLUMN',
      'the features of the model: f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, … (40 names)',
    );
  });

  it('gives no predictions for no rows', async () =>
    expect(await MODEL.predict({ area: [], rooms: [] })).toEqual(new Float64Array(0)));

  it.each([
    { columns: { aera: [1], rooms: [1] }, texts: ["a column 'aera'", 'area, rooms', "Did you mean 'area'?"] },
    { columns: { area: [1] }, texts: ["no column 'rooms'"] },
    { columns: { area: [1], areas: [1] }, texts: ["a column 'areas'", 'area, rooms. Pass'] }, // area is there
    { columns: [{ area: 1 }], texts: ['column "rooms"', 'one of "area". The model'] },
    { columns: {}, texts: ["no column 'area'"] },
    { columns: Object.create({ area: [1], rooms: [1] }) as object, texts: ["no column 'area'"] },
  ])('refuses $columns', ({ columns, texts }) =>
    expectRefusal(() => MODEL.predict(columns as Record<string, number[]>), 'UNKNOWN_COLUMN', ...texts),
  );

  it('refuses columns of different lengths', () =>
    expectRefusal(
      () => MODEL.predict({ rooms: [1, 2], area: [1] }),
      'SHAPE_MISMATCH',
      "2 values in column 'rooms' and 1 in 'area'",
    ));
});

describe('score', () => {
  const targets = uniforms(3, 9);

  it('is the same for columns in another order, and for rows, which have no names', async () => {
    const expected = await MODEL.score({ columns: { area: AREA, rooms: ROOMS }, targets });
    expect(await MODEL.score({ columns: { rooms: ROOMS, area: AREA }, targets })).toBe(expected);
    expect(await MODEL.score({ features: ROWS, targets })).toBe(expected);
    expect(await MODEL.score(createDataset({ columns: { rooms: ROOMS, area: AREA }, targets }))).toBe(expected);
  });

  it('refuses columns of other names', () =>
    expectRefusal(
      () => MODEL.score({ columns: { area: AREA, room: ROOMS }, targets }),
      'UNKNOWN_COLUMN',
      "a column 'room'",
      "'rooms'",
    ));
});

describe('the order of columns', () => {
  it.each([
    { expected: ['a', 'b', 'c'], given: ['c', 'a', 'b'], order: [1, 2, 0] },
    { expected: ['a', 'b'], given: ['x1', 'x2'], order: [0, 1] },
    { expected: ['x1', 'x2'], given: ['a', 'b'], order: [0, 1] },
    { expected: ['x1', 'x2'], given: ['x2', 'x1'], order: [1, 0] },
    { expected: ['a', 'a'], given: ['a', 'a'], order: [0, 1] }, // two of a name have but their places
  ])('is $order for $given and expected $expected', ({ expected, given, order }) =>
    expect(columnOrder(expected, given)).toEqual(order),
  );

  it.each([
    { expected: ['a', 'b'], given: ['a', 'c'] },
    { expected: ['a', 'b'], given: ['x2', 'x1'] },
    { expected: ['a', 'a'], given: ['a', 'b'] },
    { expected: ['a', 'b'], given: ['a', 'a'] },
  ])('is refused for $given and expected $expected', ({ expected, given }) =>
    expectRefusal(() => columnOrder(expected, given), 'UNKNOWN_COLUMN'),
  );
});
