// Ends and round trips: what had ended stays as it was, and what was saved knows what it was.

import { describe, expect, it } from 'vitest';
import { fit } from '../../src/fit.js';
import { fitMany } from '../../src/fit-many.js';
import { LinearModel } from '../../src/model/linear-model.js';
import { solveExact } from '../../src/solve-exact.js';
import { describeEnds } from '../support/ends.js';
import { examples } from '../support/examples.js';
import { expectRefusal } from '../support/refusal.js';

describe('on the CPU', () => describeEnds(() => ({ backend: 'cpu', strategy: 'streaming' })));
describe('on the reference', () => describeEnds(() => ({ backend: 'reference', strategy: 'streaming' })));

const loaded = (model: LinearModel) => LinearModel.fromJSON(JSON.parse(JSON.stringify(model)));

describe('a model that was loaded', () => {
  const data = examples(12, 60, 3);

  it.each([
    ['with an intercept', {}],
    ['without an intercept', { fitIntercept: false }],
    ['of the logistic loss', { loss: 'logistic' }],
    ['of the logistic loss without an intercept', { loss: 'logistic', fitIntercept: false }],
  ] as const)('has the summary and the score that it had: %s', async (_, options) => {
    const labels = Array.from(data.targets, (y, i) => Number(y + Math.sin(9 * i) > 0));
    const columns = Object.fromEntries(data.columns.map((column, j) => [`x${j + 1}`, column]));
    const given = 'loss' in options ? { columns, targets: labels } : data;
    const model = await fit(given, { backend: 'cpu', ...options });
    const again = loaded(model);
    expect(String(await again.summary(given))).toBe(String(await model.summary(given)));
    expect(await again.summary(given)).toEqual(await model.summary(given));
    expect(await again.score(given)).toBe(await model.score(given));
  });

  it('has no summary with a penalty, as before', async () => {
    for (const options of [{ l2: 0.1 }, { l1: 0.1 }]) {
      const model = loaded(await fit(data, { backend: 'cpu', ...options }));
      const name = Object.keys(options).join();
      await expectRefusal(() => model.summary(data), 'INVALID_OPTION', `a summary of a model with ${name} 0.1`);
    }
    const [many] = await fitMany(data, [{ l2: 0.1 }], { backend: 'cpu', epochs: 3 });
    await expectRefusal(() => loaded(many as LinearModel).summary(data), 'INVALID_OPTION', 'l2 0.1');
    await expectRefusal(async () => loaded(await solveExact(data, { l2: 2 })).summary(data), 'INVALID_OPTION', 'l2 2');
  });

  it('of an earlier version has an intercept and no penalties, as far as it says', async () => {
    const { objective, ...saved } = (await fit(data, { backend: 'cpu' })).toJSON();
    expect(objective).toEqual({ fitIntercept: true, l1: 0, l2: 0 });
    const old = LinearModel.fromJSON({ ...saved, version: 2 });
    expect(old.objective).toBeNull();
    expect((await old.summary(data)).rows).toHaveLength(4);
  });
});
