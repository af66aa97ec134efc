// Whole fits by statements, against solvers on the rows that share no code with them.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, fit } from '../../src/index.js';
import { leastSquares } from '../../src/reference/qr.js';
import { fitFromSql, type SqlProgress } from '../../src/sql.js';
import { expectClose } from '../support/close.js';
import { numbers } from '../support/data.js';
import { reweighted } from '../support/newton.js';
import { type Engine, OPENERS } from './support/engines.js';
import { csvColumns } from './support/rows.js';
import { createTable } from './support/tables.js';

const ROWS = 500;
const OFFSETS = [50, -3];
const z1 = Array.from(numbers(1, ROWS, 2, 0));
const z2 = Array.from(numbers(2, ROWS, 0.1, 0));
const noise = Array.from(numbers(3, ROWS, 1, 0));
const x1 = z1.map((value) => value + (OFFSETS[0] as number));
const x2 = z2.map((value) => value + (OFFSETS[1] as number));
const score = z1.map((value, i) => 0.8 * value - 7 * (z2[i] as number) + 2 * (noise[i] as number));
const label = score.map((value) => Number(value > 0.1));
// Some targets are far off.
const y = score.map((value, i) => value + 1000 + (i % 25 === 0 ? 40 : 0));
const w = Array.from(numbers(5, ROWS, 1, 1.5), Math.abs);

const NEWTON = {
  relative: 1e-8,
  because: 'two of Newton’s methods in f64, of features whose condition number is below 10',
};
const PENALIZED = { relative: 1e-6, because: 'the tolerance of the fit on the rows' };

/** The parameters of an oracle that knows the features about their offsets, for the features as they are. */
function withOffsets(parameters: readonly number[]): number[] {
  const bias = OFFSETS.reduce(
    (sum, offset, j) => sum - offset * (parameters[j] as number),
    parameters.at(-1) as number,
  );
  return [...parameters.slice(0, -1), bias];
}

describe.each(Object.keys(OPENERS))('fits in %s', (name) => {
  let engine: Engine;
  let query: Pick<Parameters<typeof fitFromSql>[0], 'dialect' | 'from' | 'features' | 'target' | 'execute'>;

  beforeAll(async () => {
    engine = await (OPENERS[name] as () => Promise<Engine>)();
    await createTable(engine, 'visits', {
      ...{ x1: { values: x1 }, x2: { values: x2 }, y: { values: y }, w: { values: w }, label: { values: label } },
      answer: { kind: 'text', values: label.map((value) => (value === 1 ? "it's" : 'no')) },
      city: { kind: 'text', values: z1.map((_, i) => ['Oslo', 'Rome', "L'Aquila"][i % 3] as string) },
    });
    query = {
      dialect: engine.dialect,
      from: 'visits',
      features: ['x1', 'x2'],
      target: 'label',
      execute: engine.execute,
    };
  });
  afterAll(() => engine.close());

  it('of labels are those of Newton’s method on the rows, in ten statements at most', async () => {
    const steps: SqlProgress[] = [];
    const model = await fitFromSql({ ...query, loss: 'logistic', onProgress: (step) => steps.push(step) });
    const oracle = reweighted(createDataset({ columns: { z1, z2 }, targets: label }), { loss: 'logistic' });
    expectClose([...model.weights, model.bias], withOffsets(oracle), NEWTON);
    expect(model.report).toMatchObject({
      converged: true,
      stopReason: 'converged',
      backend: 'sql',
      optimizer: 'newton',
    });
    expect(steps.at(-1)?.statements).toBeLessThanOrEqual(10);
    expectClose([...(steps.at(-1)?.model.weights ?? [])], model.weights, { because: 'the same numbers' });
  });

  it('of labels with weights, penalties and by gradients alone are those on the rows', async () => {
    const columns = { x1, x2 };
    for (const options of [
      { l2: 0.1 },
      { l1: 0.05 },
      { l1: 0.02, l2: 0.05 },
      { l2: 0.1, fitIntercept: false },
      { l2: 0.1, standardize: false },
    ]) {
      const onRows = await fit(
        { columns, targets: label, exampleWeights: w },
        { loss: 'logistic', tolerance: 1e-10, ...options },
      );
      for (const optimizer of ['newton', 'lbfgs'] as const) {
        const model = await fitFromSql({ ...query, loss: 'logistic', weights: 'w', optimizer, ...options });
        expect(model.report.converged).toBe(true);
        expectClose(model.weights, onRows.weights, { ...PENALIZED, relative: optimizer === 'lbfgs' ? 1e-4 : 1e-6 });
      }
    }
  });

  it('by Huber’s loss are those of its own method on the rows', async () => {
    const model = await fitFromSql({ ...query, target: 'y', loss: 'huber', huberDelta: 1.5 });
    const shifted = createDataset({ columns: { z1, z2 }, targets: y.map((value) => value - 1000) });
    const oracle = withOffsets(reweighted(shifted, { loss: 'huber', huberDelta: 1.5 }));
    expectClose([...model.weights, model.bias - 1000], oracle, {
      relative: 1e-7,
      because: '500 rounds of reweighting',
    });
    expect(model.report).toMatchObject({ converged: true, settings: { huberDelta: 1.5 } });
    expect(model.report.epochsRun).toBeLessThanOrEqual(12); // with the wrong curvature it takes dozens
    for (const huberDelta of [undefined, 'auto'] as const)
      await expect(fitFromSql({ ...query, loss: 'huber', ...({ huberDelta } as object) })).rejects.toMatchObject({
        ...{ code: 'INVALID_OPTION', where: { option: 'huberDelta' } },
        fix: expect.stringContaining('1.345') as string,
      });
  });

  it('of numbers take moments, with categories that the model keeps', async () => {
    const model = await fitFromSql({ ...query, features: ['x1', 'city'], target: 'y', categories: ['city'] });
    const city = z1.map((_, i) => ['Oslo', 'Rome', "L'Aquila"][i % 3] as string);
    const indicator = (level: string) => city.map((each) => Number(each === level));
    const columns = { x1, 'city=Oslo': indicator('Oslo'), 'city=Rome': indicator('Rome') };
    expectClose(model.weights, leastSquares(createDataset({ columns, targets: y })).weights, NEWTON);
    const [predicted] = await model.predict([{ x1: 50, city: 'Rome' }] as never);
    expectClose(
      [predicted as number],
      [model.bias + 50 * (model.weights[0] as number) + (model.weights[2] as number)],
      { relative: 1e-12, because: 'a sum' },
    );
  });

  it('of labels with categories are those of their levels as features', async () => {
    const city = z1.map((_, i) => ['Oslo', 'Rome', "L'Aquila"][i % 3] as string);
    const indicator = (level: string) => city.map((each) => Number(each === level));
    const texts: string[] = [];
    const model = await fitFromSql({
      ...{ ...query, features: ['x1', 'city'], categories: ['city'], loss: 'logistic', weights: 'w' },
      execute: (sql) => (texts.push(sql), engine.execute(sql)),
    });
    const columns = { z1, 'city=Oslo': indicator('Oslo'), 'city=Rome': indicator('Rome') };
    const dataset = createDataset({ columns, targets: label, exampleWeights: w });
    expectClose(model.weights, reweighted(dataset, { loss: 'logistic' }).slice(0, 3), NEWTON);
    // No sum is spent on two levels of one category.
    expect(texts.filter((text) => /[cp]1_2\b/.test(text))).toEqual([]);
  });

  it('of labels in text keep the classes', async () => {
    const model = await fitFromSql({ ...query, target: 'answer', classes: ['no', "it's"], loss: 'logistic' });
    const plain = await fitFromSql({ ...query, loss: 'logistic' });
    expect(model.classes).toEqual(['no', "it's"]);
    expectClose(model.weights, plain.weights, NEWTON);
  });

  it('say that classes are separable', async () => {
    for (const [column, kind] of [
      ['complete', 'complete'],
      ['quasi', 'quasi'],
    ] as const) {
      // At 0, rows have either label.
      const features = z1.map((value, i) => (i % 50 === 0 && kind === 'quasi' ? 0 : value + Math.sign(value) * 0.1));
      const labels = features.map((value, i) => (value === 0 ? Number(i % 100 === 0) : Number(value > 0)));
      await createTable(engine, 'apart', { [column]: { values: features }, label: { values: labels } });
      const model = await fitFromSql({ ...query, from: 'apart', features: [column], loss: 'logistic' });
      expect(model.report).toMatchObject({ converged: false, stopReason: 'separable' });
      expect(model.report.warnings.map(({ code }) => code)).toContain('SEPARABLE_CLASSES');
    }
  });

  it('keep nine digits of Longley’s data after they are refined', async () => {
    const columns = csvColumns('longley.csv');
    await createTable(
      engine,
      'longley',
      Object.fromEntries(Object.entries(columns).map(([key, values]) => [key, { values }])),
    );
    const { employed = [], ...features } = columns;
    const longley = { ...query, from: 'longley', features: Object.keys(features), target: 'employed' };
    const expected = leastSquares(createDataset({ columns: features, targets: employed })).weights;
    const plain = await fitFromSql(longley);
    const refined = await fitFromSql({ ...longley, refine: true });
    expectClose(plain.weights, expected, {
      relative: 1e-6,
      because: 'normal equations, whose condition number is squared',
    });
    expectClose(refined.weights, expected, {
      relative: 1e-9,
      because: 'residuals in f64 restore what the squares lost',
    });
  });

  it('go on from the last step after a statement failed, or an abort', async () => {
    const whole = await fitFromSql({ ...query, loss: 'logistic' });
    const steps: SqlProgress[] = [];
    let count = 0;
    const failing = async (sql: string) => {
      count += 1;
      if (count > 4) throw new Error('out of memory');
      return engine.execute(sql);
    };
    const onProgress = (step: SqlProgress) => steps.push(step);
    await expect(fitFromSql({ ...query, execute: failing, loss: 'logistic', onProgress })).rejects.toMatchObject({
      ...{ code: 'SQL_FAILED', cause: expect.objectContaining({ message: 'out of memory' }) as Error },
    });
    expect(steps.length).toBe(3);
    const warmStart = steps.at(-1)?.model as SqlProgress['model'];
    const resumed = await fitFromSql({ ...query, loss: 'logistic', warmStart });
    expectClose([...resumed.weights, resumed.bias], [...whole.weights, whole.bias], NEWTON);
    expect(resumed.report.epochsRun).toBeLessThan(whole.report.epochsRun);
    const controller = new AbortController();
    const aborted = await fitFromSql({
      ...{ ...query, loss: 'logistic', signal: controller.signal },
      onProgress: ({ step }) => step === 2 && controller.abort(),
    });
    expect(aborted.report).toMatchObject({ stopReason: 'aborted', converged: false });
  });

  it('take predictions beyond the range of exp, and refuse labels that are none', async () => {
    const far = { weights: [0, 12_000], bias: 36_000 }; // |h| up to 1,200
    const model = await fitFromSql({ ...query, loss: 'logistic', l2: 0.1, warmStart: far });
    const plain = await fitFromSql({ ...query, loss: 'logistic', l2: 0.1 });
    expectClose(model.weights, plain.weights, PENALIZED);
    await expect(fitFromSql({ ...query, target: 'y', loss: 'logistic' })).rejects.toMatchObject({
      code: 'INVALID_LABEL',
      where: { column: 'y' },
    });
    await expect(fitFromSql({ ...query, where: 'label = 1', loss: 'logistic' })).rejects.toMatchObject({
      code: 'INVALID_LABEL',
    });
  });
});

it('more than a hundred features take gradients only', async () => {
  const engine = await (OPENERS.DuckDB as () => Promise<Engine>)();
  const names = Array.from({ length: 101 }, (_, j) => `f${j}`);
  const columns = Object.fromEntries(names.map((name, j) => [name, Array.from(numbers(100 + j, ROWS, 1, 3))]));
  await createTable(engine, 'many', {
    ...Object.fromEntries(Object.entries(columns).map(([column, values]) => [column, { values }])),
    label: { values: label },
  });
  const texts: string[] = [];
  const model = await fitFromSql({
    ...{ dialect: engine.dialect, from: 'many', features: names, target: 'label', loss: 'logistic', l2: 0.5 },
    execute: (sql) => (texts.push(sql), engine.execute(sql)),
  });
  expect(model.report).toMatchObject({ optimizer: 'lbfgs', converged: true });
  expect(Math.max(...texts.map((text) => text.split('SUM(').length - 1))).toBeLessThan(4 * names.length);
  const onRows = await fit({ columns, targets: label }, { loss: 'logistic', l2: 0.5, tolerance: 1e-10 });
  expectClose(model.weights, onRows.weights, { absolute: 1e-6, because: 'L-BFGS, to the tolerance of the fit' });
  // The squared loss has its moments in one pass, unless it is asked not to take them.
  const squared = { dialect: engine.dialect, from: 'many', features: names, target: 'label', l2: 0.5 };
  const expected = await fit({ columns, targets: label }, { l2: 0.5 });
  for (const [optimizer, ran] of [
    ['auto', 'normalEquations'],
    ['lbfgs', 'lbfgs'],
  ] as const) {
    const found = await fitFromSql({ ...squared, optimizer, execute: engine.execute });
    expect(found.report).toMatchObject({ optimizer: ran, converged: true });
    expectClose(found.weights, expected.weights, { absolute: 1e-6, because: 'L-BFGS, to the tolerance of the fit' });
  }
  await engine.close();
});
