// Labels of two classes: text, numbers, and what is neither of them.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitFromSql, momentsFromSql } from '../../src/sql.js';
import { expectClose } from '../support/close.js';
import { numbers } from '../support/data.js';
import { type Engine, OPENERS } from './support/engines.js';
import { createTable } from './support/tables.js';

const ROWS = 200;
const x = Array.from(numbers(1, ROWS, 2, 0));
const label = x.map((value, i) => Number(value + 2 * (numbers(2, ROWS)[i] as number) > 0));
const named = label.map((value) => (value === 1 ? 'yes' : 'no'));
/** Two rows of another label, and one without. */
const third = named.map((value, i) => (i === 3 || i === 50 ? 'maybe' : value));
const gone = named.map((value, i) => (i === 7 ? null : value));

describe.each(Object.keys(OPENERS))('labels in %s', (name) => {
  let engine: Engine;
  let query: Pick<Parameters<typeof fitFromSql>[0], 'dialect' | 'from' | 'features' | 'execute' | 'loss' | 'l2'>;
  const isSilent = name === 'SQLite' || name === 'ClickHouse'; // of text that is no number they make NULL

  beforeAll(async () => {
    engine = await (OPENERS[name] as () => Promise<Engine>)();
    await createTable(engine, 'answers', {
      ...{ x: { values: x }, label: { values: label } },
      grade: { kind: 'integer', values: label.map((value) => value + 1) },
      named: { kind: 'text', values: named },
      third: { kind: 'text', values: third },
      gone: { kind: 'text', values: gone },
    });
    const { dialect, execute } = engine;
    query = { dialect, from: 'answers', features: ['x'], loss: 'logistic', l2: 0.1, execute };
  });
  afterAll(() => engine.close());

  it('that are numbers or text give the model of 0 and 1, and keep their names', async () => {
    const plain = await fitFromSql({ ...query, target: 'label' });
    for (const [target, classes] of [
      ['grade', [1, 2]],
      ['named', ['no', 'yes']],
    ] as const) {
      const model = await fitFromSql({ ...query, target, classes });
      expect(model.classes).toEqual(classes);
      expectClose([...model.weights, model.bias], [...plain.weights, plain.bias], {
        relative: 1e-12,
        because: 'the same sums, in an order of the engine',
      });
    }
  });

  it('of neither class are refused, whatever is done with missing values', async () => {
    const classes = ['no', 'yes'] as const;
    for (const missing of ['error', 'drop'] as const)
      await expect(fitFromSql({ ...query, target: 'third', classes, missing })).rejects.toMatchObject({
        ...{ code: 'INVALID_LABEL', where: { column: 'third' } },
        got: '2 labels in "third" that are neither "no" nor "yes"',
      });
    await expect(fitFromSql({ ...query, target: 'grade', classes: [1, 3] })).rejects.toMatchObject({
      ...{ code: 'INVALID_LABEL', got: expect.stringContaining('neither 1 nor 3') as string },
    });
    const where = "named = 'no'";
    await expect(fitFromSql({ ...query, target: 'named', classes, where })).rejects.toMatchObject({
      ...{ code: 'INVALID_LABEL', got: 'only label "no" in "named"' },
    });
  });

  it('that are missing are missing values', async () => {
    const classes = ['no', 'yes'] as const;
    await expect(fitFromSql({ ...query, target: 'gone', classes })).rejects.toMatchObject({ code: 'MISSING_VALUE' });
    const model = await fitFromSql({ ...query, target: 'gone', classes, missing: 'drop' });
    expect(model.report.converged).toBe(true);
  });

  it('of text without classes are refused with a word on classes', async () => {
    const { loss, l2, ...plain } = query;
    for (const run of [
      () => fitFromSql({ ...query, target: 'named' }),
      () => fitFromSql({ ...plain, target: 'named' }),
      () => momentsFromSql({ ...plain, target: 'named' }),
    ]) {
      const error = (await run().catch((reason: unknown) => reason)) as { code: string; fix: string };
      expect([loss, l2, error.code]).toEqual(['logistic', 0.1, isSilent ? 'INVALID_VALUE' : 'SQL_FAILED']);
      expect(error.fix).toContain("classes: ['no', 'yes']");
    }
  });

  it('are two, of one kind', async () => {
    for (const classes of [['a'], ['a', 'a'], ['a', 1], [1, 1], [1, Number.NaN], ['a', 'b', 'c'], [true, false], 'ab'])
      await expect(fitFromSql({ ...query, target: 'named', classes: classes as never })).rejects.toMatchObject({
        ...{ code: 'INVALID_OPTION', where: { option: 'classes' } },
      });
  });
});
