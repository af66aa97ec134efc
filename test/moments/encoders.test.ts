import { describe, expect, it } from 'vitest';
import { computeMoments, fit, LinearModel, mergeMoments, Moments } from '../../src/index.js';
import type { TableInput } from '../../src/index.js';
import { csvSource } from '../../src/data/csv.js';
import { expectRefusal } from '../support/refusal.js';

const CPU = { backend: 'cpu' } as const;

const momentsOf = (table: readonly Record<string, unknown>[], options: Omit<TableInput, 'table' | 'target'> = {}) =>
  computeMoments({ table, target: 'y', ...options }, CPU);

const CITIES = [
  { city: 'Oslo', x: 1, y: 2 },
  { city: 'Rome', x: 2, y: 3 },
  { city: 'Oslo', x: 3, y: 5 },
];
const OTHERS = CITIES.map((row) => ({ ...row, city: row.city === 'Oslo' ? 'Berlin' : row.city }));

describe('moments of tables', () => {
  it('are refused together where categories have other levels, though the names of features are the same', async () => {
    const [a, b] = [
      await momentsOf(CITIES, { categories: ['city'] }),
      await momentsOf(OTHERS, { categories: ['city'] }),
    ];
    expect(a.featureNames).toEqual(b.featureNames);
    const levels =
      "'city' as categories against Berlin: Berlin, Rome; expected it as in the moments before: categories against Oslo";
    await expectRefusal(() => mergeMoments(a, b), 'SHAPE_MISMATCH', levels);
    expect(mergeMoments(a, a).encoder).toEqual(a.encoder);
    const indicators = await computeMoments(
      { columns: { 'city=Rome': [0, 1, 0], x: [1, 2, 3] }, targets: [2, 3, 5] },
      CPU,
    );
    await expectRefusal(() => mergeMoments(indicators, a), 'SHAPE_MISMATCH', 'numbers as they are');
    await expectRefusal(() => mergeMoments(a, indicators), 'SHAPE_MISMATCH', 'numbers as they are');
  });

  it('are refused together where dates or the notation of numbers differ', async () => {
    const days = [1, 2, 4].map((day) => ({ day: `2024-01-0${day}`, y: day }));
    const parts = [
      await momentsOf(days, { dates: ['day'] }),
      await momentsOf(days, { dates: ['day'], dateUnit: 'hours' }),
    ];
    await expectRefusal(
      () => mergeMoments(parts[0] as Moments, parts[1] as Moments),
      'SHAPE_MISMATCH',
      'dates in hours',
    );
    const read = (text: string) => computeMoments(csvSource(text, { target: 'y' }), CPU);
    const [commas, points, whole] = [
      await read('a;y\n1,5;2\n2,5;3\n4,25;5\n'),
      await read('a;y\n1.5;2\n2.5;3\n4.25;5\n'),
      await read('a;y\n1;2\n2;3\n4;5\n'),
    ];
    expect(mergeMoments(commas, whole).count).toBe(6);
    expect(mergeMoments(whole, commas).encoder).toEqual(commas.encoder);
    expect(points.encoder).toBeNull(); // a point is no notation of its own
    const cells = (text: string) => computeMoments(csvSource(text, { target: 'y', categories: ['c'] }), CPU);
    const both = mergeMoments(await cells('c;a;y\nu;1;2\nv;2;3\n'), await cells('c;a;y\nu;1,5;2\nv;2,5;3\n'));
    expect(both.encoder?.columns[1]).toMatchObject({ name: 'a', notation: { decimal: ',' } });
  });

  it('are refused together where other means or shares stand in place of missing values', async () => {
    const gaps = (x: number | null, city: string | null) => [...CITIES, { city, x, y: 1 }];
    const options = { missing: 'mean', categories: ['city'] } as const;
    const of = (x: number | null, city: string | null) => momentsOf(gaps(x, city), options);
    const whole = await of(null, 'Rome');
    expect(mergeMoments(whole, await of(null, 'Rome')).count).toBe(8);
    const way = "missing: 'drop'";
    await expectRefusal(async () => mergeMoments(whole, await of(9, 'Rome')), 'SHAPE_MISMATCH', 'the mean 3.75', way);
    await expectRefusal(async () => mergeMoments(whole, await of(null, 'Oslo')), 'SHAPE_MISMATCH', 'the shares', way);
    const dropped = await momentsOf(CITIES, { categories: ['city'] });
    await expectRefusal(
      () => mergeMoments(whole, dropped),
      'SHAPE_MISMATCH',
      "nothing in place of missing values of '",
    );
    const numbers = [{ x: null, y: 1 }, ...CITIES].map(({ x, y }) => ({ x, y }));
    const filled = await momentsOf(numbers, { missing: 'mean' });
    const plain = await momentsOf(CITIES.map(({ x, y }) => ({ x, y })));
    expect(plain.encoder).toBeNull();
    await expectRefusal(() => mergeMoments(plain, filled), 'SHAPE_MISMATCH', 'the mean 2 in place of', way);
    await expectRefusal(() => mergeMoments(filled, plain), 'SHAPE_MISMATCH', 'nothing in place of', way);
  });

  it('give a model that encodes as it was trained, also after JSON', async () => {
    const options = { categories: ['city'] };
    const moments = await momentsOf(CITIES, options);
    const direct = await fit({ table: CITIES, target: 'y', ...options }, CPU);
    for (const each of [moments, Moments.fromJSON(JSON.parse(JSON.stringify(moments)))]) {
      const model = LinearModel.fromJSON(JSON.parse(JSON.stringify(await fit(each))));
      const rows = [{ city: 'Rome', x: 7 }];
      expect([...(await model.predict(rows))][0]).toBeCloseTo([...(await direct.predict(rows))][0] as number, 9);
    }
  });

  it('are saved as before where each column is a feature as it is', async () => {
    const plain = await computeMoments({ features: [[1], [2], [4]], targets: [1, 2, 3] }, CPU);
    expect(Object.keys(plain.toJSON())).not.toContain('encoder');
    expect(Moments.fromJSON(plain.toJSON()).encoder).toBeNull();
    const other = { ...(await momentsOf(CITIES, { categories: ['city'] })).toJSON(), featureNames: ['a', 'b'] };
    await expectRefusal(() => Moments.fromJSON(other), 'INVALID_FILE', 'an encoder of other features');
  });
});
