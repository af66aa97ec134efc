// Moments by fold and by group, against those of the rows of each.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, crossValidate, fit, type Moments, solveExact } from '../../src/index.js';
import { momentsFromSql, momentsPlan } from '../../src/sql.js';
import { expectClose } from '../support/close.js';
import { type Engine, OPENERS } from './support/engines.js';
import { offsetColumns } from './support/rows.js';
import { createTable } from './support/tables.js';

const ROWS = offsetColumns(600);
const KEPT = { relative: 1e-9, because: 'sums in f64 about centres, of features whose condition number is below 10' };

/** The groups are far apart, for the spread within each of them. */
const GROUPS = ['north', "o'south", 'ünder'];
const groupOf = (i: number) => GROUPS[i % 3] as string;
const far = (i: number) => (i % 3) * 1e7;

/** The rows of which something is true, with features near and far. */
function rowsWhere(isChosen: (i: number) => boolean) {
  const at = (column: readonly number[]) => column.filter((_, i) => isChosen(i));
  const shifted = at(ROWS.x1.map((value, i) => value + far(i)));
  return { columns: { far: shifted, x2: at(ROWS.x2) }, targets: at(ROWS.y) };
}

describe.each(Object.keys(OPENERS))('in %s', (name) => {
  let engine: Engine;
  let query: Omit<Parameters<typeof momentsFromSql>[0], 'foldBy' | 'groupBy'>;

  beforeAll(async () => {
    engine = await (OPENERS[name] as () => Promise<Engine>)();
    await createTable(engine, 'regions', {
      far: { values: ROWS.x1.map((value, i) => value + far(i)) },
      x2: { values: ROWS.x2 },
      y: { values: ROWS.y },
      id: { kind: 'integer', values: ROWS.id },
      region: { kind: 'text', values: ROWS.id.map(groupOf) },
    });
    const { dialect, execute } = engine;
    query = { dialect, from: 'regions', features: ['far', 'x2'], target: 'y', execute };
  });
  afterAll(() => engine.close());

  it('folds come from one statement, and cross-validation is that of their rows', async () => {
    const folds = await momentsFromSql({ ...query, features: ['x2'], foldBy: 'id % 4' });
    expect([...folds.keys()].map(Number).sort()).toEqual([0, 1, 2, 3]);
    const [found] = await crossValidate(folds, [{}]);
    for (const [k, key] of [...folds.keys()].entries()) {
      const { columns, targets } = rowsWhere((i) => i % 4 !== Number(key));
      const { weights, bias } = await solveExact({ columns: { x2: columns.x2 }, targets }, { backend: 'cpu' });
      const left = rowsWhere((i) => i % 4 === Number(key));
      const loss = left.targets.reduce((sum, y, i) => {
        return (
          sum + (bias + (weights[0] as number) * (left.columns.x2[i] as number) - y) ** 2 / (2 * left.targets.length)
        );
      }, 0);
      expectClose([found?.validationLosses[k] as number], [loss], KEPT);
    }
  });

  it('groups are centred each by itself, and each has its model', async () => {
    const groups = await momentsFromSql({ ...query, groupBy: 'region' });
    expect([...groups.keys()].sort()).toEqual([...GROUPS].sort());
    for (const [key, moments] of groups) {
      const { weights } = await fit(moments);
      const exact = await solveExact(
        rowsWhere((i) => groupOf(i) === key),
        { backend: 'cpu' },
      );
      expectClose(weights, exact.weights, { ...KEPT, relative: 1e-7 });
    }
  });

  it('a hundred groups are a hundred models', async () => {
    const groups = await momentsFromSql({
      ...query,
      features: ['x2'],
      groupBy: 'id % 100',
      weights: { name: 'w', sql: 'id % 2 + 1' },
    });
    expect(groups.size).toBe(100);
    const models = await Promise.all(Array.from(groups.values(), (moments: Moments) => fit(moments)));
    const [key] = [...groups.keys()];
    const rows = rowsWhere((i) => i % 100 === Number(key));
    const exact = await solveExact(createDataset({ columns: { x2: rows.columns.x2 }, targets: rows.targets }), {
      backend: 'cpu',
    });
    expectClose(models[0]?.weights ?? [], exact.weights, { ...KEPT, relative: 1e-7 });
  });

  it('a key that is NULL is refused, and one that changes from statement to statement', async () => {
    const foldBy = 'CASE WHEN id > 3 THEN 1 END';
    await expect(momentsFromSql({ ...query, foldBy })).rejects.toMatchObject({
      code: 'MISSING_VALUE',
      where: { option: 'foldBy' },
    });
    const text = { ...query, execute: undefined };
    delete (text as { execute?: unknown }).execute;
    for (const key of [
      'RANDOM() * 5',
      'EXTRACT(SECOND FROM CURRENT_TIMESTAMP)',
      'floor(rand ( ) * 5)',
      "CASE WHEN 'a' = 'b' THEN uuid() END",
      'now()',
      'row_number() OVER () % 5',
    ]) {
      expect(() => momentsPlan({ ...text, foldBy: key } as never)).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }) as Error,
      );
      expect(() => momentsPlan({ ...text, groupBy: key } as never)).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }) as Error,
      );
    }
    for (const key of [
      "region || 'random()'",
      '"random()"',
      '`rand()`',
      'random_id % 5',
      'id -- random()',
      '(id + 1) % 2',
    ])
      expect(() => momentsPlan({ ...text, foldBy: key } as never)).not.toThrow();
  });
});
