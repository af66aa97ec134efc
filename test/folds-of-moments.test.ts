// Cross-validation on the moments of folds, against that on the rows of the same folds.

import { describe, expect, it } from 'vitest';
import { atOnce } from '../src/base/turns.js';
import { computeMoments, createDataset, crossValidate, type Moments, solveExact } from '../src/index.js';
import { foldRows } from '../src/data/folds.js';
import { expectClose } from './support/close.js';
import { numbers } from './support/data.js';

const ROWS = 400;
const x1 = Array.from(numbers(1, ROWS, 3, 50));
const x2 = Array.from(numbers(2, ROWS, 0.1, -7));
const targets = x1.map((value, i) => 2 * value - 9 * (x2[i] as number) + 0.3 * (numbers(3, ROWS)[i] as number));
const DATA = { columns: { x1, x2 }, targets, targetName: 'y' };
const SEED = 4;

/** The folds that crossValidate deals, as moments. */
const foldMoments = (folds: number) =>
  Promise.all(
    atOnce(foldRows(ROWS, folds, SEED)).map((rows) => {
      const at = (column: readonly number[]) => Array.from(rows, (row) => column[row] as number);
      return computeMoments(
        createDataset({ columns: { x1: at(x1), x2: at(x2) }, targets: at(targets), targetName: 'y' }),
      );
    }),
  );

const OPTIONS = [{ l2: 0 }, { l2: 0.3 }, { l1: 0.5 }, { l1: 0.2, l2: 0.1 }];
const ROUNDING = { relative: 1e-9, because: 'two solvers in f64, whose features have a condition number below 10' };

describe('cross-validation on moments', () => {
  it.each([{}, { standardize: false }, { fitIntercept: false }])('finds what the rows say, with %o', async (shared) => {
    const onRows = await crossValidate(DATA, OPTIONS, {
      folds: 5,
      seed: SEED,
      backend: 'cpu',
      tolerance: 1e-12,
      ...shared,
    });
    const onMoments = await crossValidate(await foldMoments(5), OPTIONS, { tolerance: 1e-12, ...shared });
    onMoments.forEach((found, k) => {
      const expected = onRows[k] as (typeof onRows)[number];
      expectClose(found.validationLosses, expected.validationLosses, ROUNDING);
      expectClose([found.meanLoss], [expected.meanLoss], ROUNDING);
      found.models.forEach((model, fold) => {
        const other = expected.models[fold] as typeof model;
        expectClose(model.weights, other.weights, ROUNDING);
        expect(model.report.settings.standardize).toBe((shared as { standardize?: boolean }).standardize ?? true);
        expect(model.report.converged).toBe(true);
      });
    });
  });

  it('is that of exact solutions to nine digits', async () => {
    const rows = atOnce(foldRows(ROWS, 3, SEED));
    const [{ models, validationLosses } = { models: [], validationLosses: [] }] = await crossValidate(
      await foldMoments(3),
      [{}],
    );
    for (const [fold, left] of rows.entries()) {
      const kept = Array.from({ length: ROWS }, (_, i) => i).filter((i) => !left.includes(i));
      const at = (column: readonly number[]) => kept.map((row) => column[row] as number);
      const exact = await solveExact({ columns: { x1: at(x1), x2: at(x2) }, targets: at(targets) }, { backend: 'cpu' });
      expectClose(models[fold]?.weights ?? [], exact.weights, ROUNDING);
      const residuals = Array.from(left, (row) => {
        return (
          exact.bias +
          (exact.weights[0] as number) * (x1[row] as number) +
          (exact.weights[1] as number) * (x2[row] as number) -
          (targets[row] as number)
        );
      });
      const loss = residuals.reduce((sum, residual) => sum + residual ** 2, 0) / (2 * left.length);
      expectClose([validationLosses[fold] as number], [loss], ROUNDING);
    }
  });

  it('takes folds by key, and nothing that speaks of rows', async () => {
    const [a, b] = (await foldMoments(2)) as [Moments, Moments];
    const byKey = await crossValidate(
      new Map([
        ['a', a],
        ['b', b],
      ]),
      [{}],
    );
    expect(byKey[0]?.validationLosses).toEqual((await crossValidate([a, b], [{}]))[0]?.validationLosses);
    for (const options of [{ folds: 5 }, { seed: 1 }, { targets: { z: targets } }, { target: 'y' }])
      await expect(crossValidate([a, b], [{}], options as object)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(crossValidate([a], [{}])).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      where: { option: 'folds' },
    });
    await expect(crossValidate([a, {}] as never, [{}])).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(crossValidate([a, b], [])).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(crossValidate([a, b], [{ l3: 1 } as object])).rejects.toMatchObject({ code: 'UNKNOWN_OPTION' });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(crossValidate([a, b], [{}], { signal })).rejects.toThrow('enough');
  });
});
