// Predictions by SQL against those of the models, and compressed rows against all of them.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fit, LinearModel } from '../../src/index.js';
import { compressFromSql, fitFromSql } from '../../src/sql.js';
import { expectClose } from '../support/close.js';
import { numbers } from '../support/data.js';
import { type Engine, OPENERS } from './support/engines.js';
import { createTable } from './support/tables.js';

const SUMS = {
  relative: 1e-13,
  absolute: 1e-13,
  because: 'a sum of few terms in f64, in one order or another, and exp',
};
const NEWTON = { relative: 1e-8, because: 'two of Newton’s methods in f64' };

const ROWS = 60;
const LEVELS = ['Oslo', "L'Aquila", 'Zürich; --'];
const area = Array.from(numbers(1, ROWS, 3, 50), (value) => Math.round(value * 8) / 8);
const rooms = area.map((_, i) => 1 + (i % 4));
const city = area.map((_, i) => (i % 20 === 7 ? null : (LEVELS[i % 3] as string)));
const garden = area.map((_, i) => ['yes', 'No', 'Y', 'off'][(i * 7) % 4] as string);
const price = area.map((value, i) => 2 * value - 3 * (rooms[i] as number) + (i % 5));
const bought = price.map((value, i) => Number((value * 13 + i) % 7 > 3));

describe.each(Object.keys(OPENERS))('in %s', (name) => {
  let engine: Engine;

  beforeAll(async () => {
    engine = await (OPENERS[name] as () => Promise<Engine>)();
    await createTable(engine, 'homes', {
      ...{ area: { values: area }, rooms: { kind: 'integer', values: rooms }, price: { values: price } },
      ...{ city: { kind: 'text', values: city }, garden: { kind: 'text', values: garden } },
      ...{ bought: { kind: 'integer', values: bought }, id: { kind: 'integer', values: area.map((_, i) => i) } },
    });
  });
  afterAll(() => engine.close());

  /** The predictions of the engine, in the order of the rows. */
  async function scored(model: LinearModel, as?: string): Promise<number[]> {
    const text = await model.toSql({ dialect: engine.dialect, from: 'homes', ...(as !== undefined && { as }) });
    const rows = await engine.execute(`SELECT * FROM (${text}) AS s ORDER BY id`);
    return rows.map((row) => Number(row[as ?? 'prediction']));
  }

  it('a plain model predicts as it does here, and under any name', async () => {
    const model = await fit({ columns: { area, rooms }, targets: price });
    const expected = await model.predict({ area, rooms });
    expectClose(await scored(model), expected, SUMS);
    expectClose(await scored(model, 'the "new" `price`; --'), expected, SUMS);
  });

  it('a logistic model predicts probabilities, however far off', async () => {
    const parts = { featureNames: ['area', 'rooms'], targetName: 'bought', loss: 'logistic', report: null } as const;
    for (const weights of [
      [0.1, -0.3],
      [100, 0],
      [-100, 1],
    ]) {
      const model = new LinearModel({ ...parts, weights: Float64Array.from(weights), bias: 0.5 });
      expectClose(await scored(model), await model.predict({ area, rooms }), SUMS);
    }
  });

  it('a model of a table encodes as it does here', async () => {
    const table = area.map((value, i) => ({
      area: value,
      rooms: rooms[i],
      city: city[i],
      garden: garden[i],
      price: price[i],
    }));
    const model = await fit({ table, target: 'price', categories: ['city'], polynomial: 2, missing: 'mean' });
    expect(model.encoder?.columns.map(({ kind }) => kind)).toEqual(['number', 'number', 'category', 'boolean']);
    expectClose(await scored(model), await model.predict(table), { ...SUMS, relative: 1e-11 });
  });

  it('a model of dates is refused', async () => {
    const encoder = {
      columns: [{ name: 'day', kind: 'date', unit: 'days' }],
      polynomial: 1,
      missingValues: [],
    } as const;
    const model = new LinearModel({
      ...{ weights: Float64Array.of(1), bias: 0, featureNames: ['day'], targetName: 'y' },
      encoder: encoder,
      report: null,
    });
    await expect(model.toSql({ dialect: engine.dialect })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('different rows with their counts give the fit of all rows', async () => {
    const query = {
      dialect: engine.dialect,
      from: 'homes',
      features: ['rooms'],
      target: 'bought',
      execute: engine.execute,
    };
    const data = await compressFromSql(query);
    expect(data.targets.length).toBe(8);
    expect(data.exampleWeights.reduce((a, b) => a + b)).toBe(ROWS);
    for (const options of [
      { loss: 'logistic' },
      { loss: 'squared' },
      { loss: 'logistic', l1: 0.01 },
      { loss: 'huber', huberDelta: 0.3 },
    ] as const) {
      const compressed = await fit(data, { tolerance: 1e-10, ...options });
      const whole = await fit(
        { columns: { rooms }, targets: bought, targetName: 'bought' },
        { tolerance: 1e-10, ...options },
      );
      expectClose([...compressed.weights, compressed.bias], [...whole.weights, whole.bias], {
        ...NEWTON,
        absolute: 1e-9,
      });
    }
    const weighted = await compressFromSql({
      ...query,
      weights: 'area',
      categories: ['city'],
      features: ['city', 'rooms'],
      missing: 'drop',
    });
    expect(Object.keys(weighted.columns)).toEqual(['city=Oslo', 'city=Zürich; --', 'rooms']);
    const kept = area.filter((_, i) => city[i] !== null);
    expectClose([weighted.exampleWeights.reduce((a, b) => a + b)], [kept.reduce((a, b) => a + b)], SUMS);
    await expect(compressFromSql({ ...query, mostRows: 7 })).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect(compressFromSql({ ...query, mostRows: 0 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(compressFromSql({ ...query, features: ['city'] })).rejects.toMatchObject({
      code: name === 'SQLite' || name === 'ClickHouse' ? 'MISSING_VALUE' : 'SQL_FAILED',
    });
  });

  it('a fit by statements scores what it read', async () => {
    const model = await fitFromSql({
      ...{ dialect: engine.dialect, from: 'homes', features: ['area', 'city'], target: 'bought', categories: ['city'] },
      ...{ missing: 'drop', loss: 'logistic', l2: 0.1, execute: engine.execute },
    });
    const rows = area.map((value, i) => ({ area: value, city: city[i] })).filter((_, i) => city[i] !== null);
    const found = (await scored(model)).filter((_, i) => city[i] !== null);
    expectClose(found, await model.predict(rows), SUMS);
  });
});
