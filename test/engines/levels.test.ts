// Levels of categories are those of tables: their order, and text without characters, which is a missing value.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvTable } from '../../src/data/csv.js';
import { fit } from '../../src/index.js';
import { fitFromSql, momentsFromSql } from '../../src/sql.js';
import { expectClose } from '../support/close.js';
import { numbers } from '../support/data.js';
import { type Engine, OPENERS } from './support/engines.js';
import { createTable } from './support/tables.js';

const ROWS = 120;
const floors = Array.from({ length: ROWS }, (_, i) => 1 + ((i * 7) % 12));
const letters = floors.map((floor, i) => (i % 10 === 3 ? '' : ['b', 'B', 'a'][floor % 3])) as string[];
const y = Array.from(numbers(1, ROWS, 2, 5), (value, i) => value + (floors[i] as number));
const CPU = { backend: 'cpu' } as const;
const SUMS = { relative: 1e-9, absolute: 1e-12, because: 'sums in f64 of features of 0 and 1' };

describe.each(Object.keys(OPENERS))('levels in %s', (name) => {
  let engine: Engine;
  let query: Pick<Parameters<typeof fitFromSql>[0], 'dialect' | 'from' | 'target' | 'execute'>;

  beforeAll(async () => {
    engine = await (OPENERS[name] as () => Promise<Engine>)();
    await createTable(engine, 'homes', {
      ...{ floor: { kind: 'integer', values: floors }, letter: { kind: 'text', values: letters } },
      ...{ y: { values: y }, id: { kind: 'integer', values: floors.map((_, i) => i) } },
    });
    query = { dialect: engine.dialect, from: 'homes', target: 'y', execute: engine.execute };
  });
  afterAll(() => engine.close());

  const tableOf = (columns: Readonly<Record<string, readonly unknown[]>>) =>
    y.map((value, i) => ({
      ...Object.fromEntries(Object.entries(columns).map(([key, each]) => [key, each[i]])),
      y: value,
    }));

  it('that are numbers are in the order of numbers, as in a table', async () => {
    const model = await fitFromSql({ ...query, features: ['floor'], categories: ['floor'] });
    const inPage = await fit({ table: tableOf({ floor: floors }), target: 'y', categories: ['floor'] }, CPU);
    expect(inPage.featureNames.slice(0, 3)).toEqual(['floor=2', 'floor=3', 'floor=4']);
    expect(model.featureNames).toEqual(inPage.featureNames);
    expectClose([...model.weights, model.bias], [...inPage.weights, inPage.bias], SUMS);
  });

  it('without characters are missing, as in a table', async () => {
    const wanted = { ...query, features: ['letter'], categories: ['letter'] };
    await expect(momentsFromSql(wanted)).rejects.toMatchObject({
      ...{ code: 'MISSING_VALUE', where: { column: 'letter' } },
      got: 'NULL or text without characters in 12 of 120 rows of "letter"',
    });
    const model = await fitFromSql({ ...wanted, missing: 'drop' });
    const table = tableOf({ letter: letters });
    const inPage = await fit({ table, target: 'y', categories: ['letter'], missing: 'drop' }, CPU);
    expect(model.featureNames).toEqual(inPage.featureNames);
    expectClose([...model.weights, model.bias], [...inPage.weights, inPage.bias], SUMS);
    const listed = { ...wanted, categories: { letter: ['', 'a', 'b', 'B'] } };
    await expect(momentsFromSql(listed)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      where: { option: 'categories' },
    });
  });

  it('without characters are missing to a model that scores there', async () => {
    const table = tableOf({ letter: letters });
    for (const options of [
      { missing: 'drop' },
      { missing: 'mean' },
      { missing: 'drop', unseenLevels: 'zeros' },
    ] as const) {
      const model = await fit({ table, target: 'y', categories: ['letter'], ...options }, CPU);
      const text = await model.toSql({ dialect: engine.dialect, from: 'homes' });
      const rows = await engine.execute(`SELECT * FROM (${text}) AS s ORDER BY id`);
      const found = rows.map(({ prediction }) => (prediction === null ? Number.NaN : Number(prediction)));
      const csv = `letter,id\n${letters.map((letter, i) => `${letter},${i}\n`).join('')}`;
      const expected = Array.from(await model.predict(csvTable(csv, { missing: options.missing })));
      expect(found.map(Number.isNaN)).toEqual(expected.map(Number.isNaN));
      const known = (values: readonly number[]) => values.filter((value) => !Number.isNaN(value));
      expectClose(known(found), known(expected), SUMS);
    }
  });
});
