// Moments that engines add up, against those of the rows in f64, and the models from them against QR on the rows.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, fit, mergeMoments, type Moments } from '../../src/index.js';
import { momentsOfDataset } from '../../src/moments/columns.js';
import { leastSquares } from '../../src/reference/qr.js';
import { momentsFromSql, momentsPlan } from '../../src/sql.js';
import { expectClose } from '../support/close.js';
import { type Engine, OPENERS } from './support/engines.js';
import { csvColumns, offsetColumns } from './support/rows.js';
import { createTable } from './support/tables.js';

const DIGITS = {
  relative: 1e-9,
  because: 'sums in f64 about centres, times the square of a condition number below 100',
};
const F64_SUMS = { relative: 1e-11, absolute: 1e-9, because: 'a thousand terms in f64, in the order of the engine' };

/** A year and its like: an offset of thousands of spreads. */
const ROWS = offsetColumns(1000);
const FEATURES = ['x1', 'x2', 'x3'];

function expectMoments(actual: Moments, expected: Moments): void {
  expect(actual.featureNames).toEqual(expected.featureNames);
  const scale = Math.max(...expected.scatter);
  const absolute = 1e-11 * scale;
  expectClose([actual.count, ...actual.means], [expected.count, ...expected.means], F64_SUMS);
  for (const part of ['scatter', 'crossScatter', 'targetScatter'] as const)
    expectClose(actual[part], expected[part], { ...F64_SUMS, absolute });
}

const datasetOf = ({ x1, x2, x3, y }: Record<string, number[]>, exampleWeights?: number[]) =>
  createDataset({
    columns: { x1: x1 as number[], x2: x2 as number[], x3: x3 as number[] },
    targets: y as number[],
    targetName: 'y',
    ...(exampleWeights && { exampleWeights }),
  });

describe.each(Object.keys(OPENERS))('moments in %s', (name) => {
  let engine: Engine;
  let query: { dialect: Engine['dialect']; from: string; features: string[]; target: string };

  beforeAll(async () => {
    engine = await (OPENERS[name] as () => Promise<Engine>)();
    console.log(`${engine.name} ${engine.version}`);
    await createTable(engine, 'trips', {
      ...Object.fromEntries(Object.entries(ROWS).map(([column, values]) => [column, { values }])),
      id: { kind: 'integer', values: ROWS.id },
    });
    query = { dialect: engine.dialect, from: 'trips', features: FEATURES, target: 'y' };
  });
  afterAll(() => engine.close());

  it('are those of the rows, and the model that of QR', async () => {
    const moments = await momentsFromSql({ ...query, execute: engine.execute });
    const dataset = datasetOf(ROWS);
    expectMoments(moments, momentsOfDataset(dataset));
    const { weights } = await fit(moments);
    expectClose(weights, leastSquares(dataset).weights, DIGITS);
  });

  it('lose the digits of an offset without centres', async () => {
    const plan = momentsPlan(query);
    const sums = plan.sums(await engine.execute(plan.statistics));
    const raw = sums.statements.map((text) => text.replace(/ - CAST\(-?[\d.]+E-?\d+ AS [\w ()]+?\) AS/g, ' AS'));
    expect(raw).not.toEqual(sums.statements);
    const results = await Promise.all(raw.map((text) => engine.execute(text)));
    // Sums about 0 are read as if the centre were 0: the shift of the plan is taken off what it adds.
    const [row = {}] = results[0] as Record<string, number>[];
    const { count, shift, summed, products } = rawSums(row, FEATURES.length + 1);
    const { momentsFromShiftedSums } = await import('../../src/moments/shifted-sums.js');
    const moments = momentsFromShiftedSums({ count, shift, sums: summed, products }, FEATURES, ['y']);
    const { weights } = await fit(moments);
    expect(() => expectClose(weights, leastSquares(datasetOf(ROWS)).weights, DIGITS)).toThrow();
  });

  it('count rows by their weights', async () => {
    const moments = await momentsFromSql({ ...query, weights: 'w', execute: engine.execute });
    expectMoments(moments, momentsOfDataset(datasetOf(ROWS, ROWS.w)));
  });

  it('are taken where a condition holds', async () => {
    const moments = await momentsFromSql({ ...query, where: 'id < 100 -- the first', execute: engine.execute });
    const first = Object.fromEntries(Object.entries(ROWS).map(([column, values]) => [column, values.slice(0, 100)]));
    expectMoments(moments, momentsOfDataset(datasetOf(first)));
  });

  it('by parts come together as those of the whole', async () => {
    const of = (where: string) => momentsFromSql({ ...query, where, execute: engine.execute });
    const merged = mergeMoments(await of('id < 300'), await of('id >= 300 AND id < 310'), await of('id >= 310'));
    expectMoments(merged, await of('id >= 0'));
  });

  it('take as many statements as the dialect asks for', async () => {
    const wide = Object.fromEntries(Array.from({ length: 60 }, (_, j) => [`f${j}`, ROWS.x1.slice(j, j + 300)]));
    const y = ROWS.x2.slice(0, 300);
    await createTable(engine, 'wide', {
      ...Object.fromEntries(Object.entries(wide).map(([column, values]) => [column, { values }])),
      y: { values: y },
    });
    const texts: string[] = [];
    const moments = await momentsFromSql({
      ...{ dialect: engine.dialect, from: 'wide', features: Object.keys(wide), target: 'y' },
      execute: (sql) => (texts.push(sql), engine.execute(sql)),
    });
    // 61·64/2 = 1,952 sums.
    expect(texts.length).toBe({ postgres: 3, sqlite: 3 }[engine.dialect as string] ?? 2);
    expectMoments(moments, momentsOfDataset(createDataset({ columns: wide, targets: y, targetName: 'y' })));
  });

  it('of categories come from sums by level, whatever their number, by fold and group too', async () => {
    const letters = Array.from({ length: 1000 }, (_, i) => `L${String((i * i) % 23).padStart(2, '0')}`);
    const sides = letters.map((_, i) => (i % 7 < 3 ? " it's; --" : i % 7 < 6 ? 'b' : null));
    await createTable(engine, 'levels', {
      ...{ x1: { values: ROWS.x1 }, y: { values: ROWS.y }, w: { values: ROWS.w.map((w, i) => (i % 5 ? w : 0)) } },
      ...{ letter: { kind: 'text', values: letters }, side: { kind: 'text', values: sides } },
      id: { kind: 'integer', values: ROWS.id },
    });
    const wanted = {
      ...{ ...query, from: 'levels', features: ['letter', 'x1', 'side'], categories: ['letter', 'side'] },
      ...({ weights: 'w', missing: 'drop' } as const),
    };
    const texts: string[] = [];
    const execute = (sql: string) => (texts.push(sql), engine.execute(sql));
    const names = [...new Set(letters)].sort().slice(1);
    const rowsWhere = (isChosen: (i: number) => boolean) => {
      const chosen = letters.map((_, i) => i).filter((i) => sides[i] !== null && i % 5 > 0 && isChosen(i));
      const of = (value: (i: number) => number) => chosen.map(value);
      const columns = {
        ...Object.fromEntries(names.map((name) => [`letter=${name}`, of((i) => Number(letters[i] === name))])),
        ...{ x1: of((i) => ROWS.x1[i] as number), 'side=b': of((i) => Number(sides[i] === 'b')) },
      };
      const [targets, exampleWeights] = [of((i) => ROWS.y[i] as number), of((i) => ROWS.w[i] as number)];
      return momentsOfDataset(createDataset({ columns, targets, targetName: 'y', exampleWeights }));
    };
    expectMoments(
      await momentsFromSql({ ...wanted, execute }),
      rowsWhere(() => true),
    );
    // Two for the levels, the statistics, and the sums of numbers, of each category and of both.
    expect(texts).toHaveLength(7);
    const folds = await momentsFromSql({ ...wanted, foldBy: 'id % 3', execute });
    const groups = await momentsFromSql({ ...wanted, groupBy: 'id % 3', execute });
    for (const byKey of [folds, groups]) {
      expect(byKey.size).toBe(3);
      for (const [key, moments] of byKey)
        expectMoments(
          moments,
          rowsWhere((i) => i % 3 === Number(key)),
        );
    }
    const unknown = { ...wanted, categories: { letter: ['L00', 'L01'], side: ['b', " it's; --"] } };
    await expect(momentsFromSql({ ...unknown, missing: 'error', execute })).rejects.toMatchObject({
      ...{ code: 'INVALID_VALUE', where: { column: 'letter' } },
    });
  });

  it('of NIST data far from 0 keep nine digits', async () => {
    const { x = [], y = [] } = csvColumns('norris.csv');
    const far = x.map((value) => value + 1e6);
    await createTable(engine, 'norris', { x: { values: far }, y: { values: y } });
    const moments = await momentsFromSql({
      ...{ dialect: engine.dialect, from: 'norris', features: ['x'], target: 'y', execute: engine.execute },
    });
    const { weights } = await fit(moments);
    expectClose(weights, leastSquares(createDataset({ columns: { x: far }, targets: y })).weights, DIGITS);
  });

  it('are read from columns of every type of number', async () => {
    const values = [3, -1, 4, 10, 5, 9];
    const quarters = values.map((value) => value / 4);
    await createTable(engine, 'kinds', {
      whole: { kind: 'integer', values: values.map((value) => value * 100_000_000) }, // its squares leave 64 bits
      money: { kind: 'decimal', values: quarters },
      short: { kind: 'float', values: values.map((value, i) => value * i) },
      y: { values: [1, 2, 3, 4, 6, 5] },
    });
    const moments = await momentsFromSql({
      ...{ dialect: engine.dialect, from: 'kinds', features: ['whole', 'money', 'short'], target: 'y' },
      execute: engine.execute,
    });
    expectClose(moments.means, [5e8, 1.25, 17], F64_SUMS);
  });
});

/** The sums of a row, read by hand. */
function rawSums(row: Readonly<Record<string, number>>, size: number) {
  const summed = Float64Array.from({ length: size }, (_, i) => row[`d_s${i}`] as number);
  const products = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = i; j < size; j++) products[i * size + j] = row[`d_p${i}_${j}`] as number;
  return { count: Number(row['d_m']), shift: new Float64Array(size), summed, products };
}
