// Data and engines that are not as they should be: a code each, with the engine's own error as its cause.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { momentsFromSql } from '../../src/sql.js';
import { type Engine, OPENERS } from './support/engines.js';
import { createTable, type TestColumn } from './support/tables.js';

const Y = { values: [1, 2, 3, 5] };

describe.each(Object.keys(OPENERS))('%s', (name) => {
  let engine: Engine;

  beforeAll(async () => {
    engine = await (OPENERS[name] as () => Promise<Engine>)();
    await createTable(engine, 'plain', { x: { values: [1, 2, 4, 3] }, y: Y });
  });
  afterAll(() => engine.close());

  const momentsOf = async (x: TestColumn, options: object = {}) => {
    await createTable(engine, 'trial', { x, y: Y, w: { values: [1, 0, 2, 1] } });
    return momentsFromSql({
      ...{ dialect: engine.dialect, from: 'trial', features: ['x'], target: 'y', execute: engine.execute },
      ...options,
    });
  };

  it('with NULL', async () => {
    const x = { values: [1, null, 4, 3] };
    await expect(momentsOf(x)).rejects.toMatchObject({ code: 'MISSING_VALUE', where: { column: 'x' } });
    await expect(momentsOf(x)).rejects.toThrow('1 of 4 rows');
    expect(await momentsOf(x, { missing: 'drop' })).toMatchObject({ count: 3, means: Float64Array.of(8 / 3) });
    // A row of weight 0 is no example: its value does not matter.
    expect((await momentsOf(x, { weights: 'w' })).count).toBe(4);
    expect(await momentsOf({ values: [1, 9, 4, 3] }, { weights: 'w' })).toMatchObject({
      count: 4,
      means: Float64Array.of(3),
    });
  });

  // SQLite keeps NaN as NULL.
  it.each(name === 'SQLite' ? [Infinity, -Infinity] : [Number.NaN, Infinity, -Infinity])('with %s', async (value) => {
    const x = { values: [1, value, 4, 3] };
    await expect(momentsOf(x)).rejects.toMatchObject({ code: 'NON_FINITE_VALUE', where: { column: 'x' } });
    expect(await momentsOf(x, { missing: 'drop' })).toMatchObject({ count: 3, means: Float64Array.of(8 / 3) });
  });

  it('with text', async () => {
    const x: TestColumn = { kind: 'text', values: ['1', 'two', '4', '3'] };
    // Some engines refuse to cast it, others make NULL of it.
    const code = name === 'SQLite' || name === 'ClickHouse' ? 'INVALID_VALUE' : 'SQL_FAILED';
    const error: unknown = await momentsOf(x).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    if (code === 'SQL_FAILED') expect((error as Error).cause).toBeInstanceOf(Error);
  });

  it('without rows', async () => {
    await expect(momentsOf({ values: [1, 2, 3, 4] }, { where: 'x > 9' })).rejects.toMatchObject({ code: 'EMPTY_DATA' });
    const nothing = momentsOf({ values: [null, null, null, null] }, { missing: 'drop' });
    await expect(nothing).rejects.toMatchObject({ code: 'EMPTY_DATA' });
  });

  it('with weights under 0', async () => {
    const weights = { name: 'w', sql: 'w - 1' };
    await expect(momentsOf({ values: [1, 2, 3, 4] }, { weights })).rejects.toMatchObject({
      ...{ code: 'INVALID_OPTION', where: { option: 'weights', column: 'w' } },
    });
  });

  it('with a column or a table that is not there', async () => {
    for (const wrong of [{ features: ['no such column'] }, { from: 'no_such_table' }, { where: 'x >' }]) {
      const error: unknown = await momentsOf({ values: [1, 2, 3, 4] }, wrong).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'SQL_FAILED' });
      expect((error as Error).cause).toBeInstanceOf(Error);
    }
    // And the connection goes on.
    expect((await momentsOf({ values: [1, 2, 3, 4] })).count).toBe(4);
  });

  it('with rows that come while it is read', async () => {
    let count = 0;
    const execute = async (sql: string) => {
      count += 1;
      if (count === 2) await engine.execute('INSERT INTO trial VALUES (9, 9, 1)');
      return engine.execute(sql);
    };
    await expect(momentsOf({ values: [1, 2, 3, 4] }, { execute })).rejects.toMatchObject({ code: 'INVALID_RESULT' });
  });

  it('that is aborted between statements', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const execute = async (sql: string) => {
      controller.abort(reason);
      return engine.execute(sql);
    };
    await expect(momentsOf({ values: [1, 2, 3, 4] }, { execute, signal: controller.signal })).rejects.toBe(reason);
  });
});
