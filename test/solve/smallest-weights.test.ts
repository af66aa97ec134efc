// Linearly dependent features by iterative solvers: the smallest of the weights that are as good, and the warning.

import { describe, expect, it } from 'vitest';
import { createDataset, Dataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import { smallestModel } from '../../src/solve/smallest-weights.js';
import { expectClose } from '../support/close.js';
import { normals, uniforms } from '../support/examples.js';

const ROWS = 60;
const [x, z, e] = [uniforms(1, ROWS), normals(2, ROWS), normals(3, ROWS)] as [Float64Array, Float64Array, Float64Array];
const b = z.map((value) => 40 + 5 * value);
/** c = 2·a − b/5, so that (2, −1/5, −1) of the weights changes no prediction. */
const c = x.map((value, i) => 2 * value - (b[i] as number) / 5);
const NULL = [2, -0.2, -1];
const signal = x.map((value, i) => 2 * value - 0.1 * ((b[i] as number) - 40) + 0.5 * (e[i] as number));

function drawn(loss: 'huber' | 'logistic'): Dataset {
  const targets = loss === 'huber' ? signal.map((value, i) => 3 + value + (i % 9 === 0 ? 8 : 0)) : signal.map((value) => Number(value > 0)); // prettier-ignore
  return createDataset({ columns: { a: x, b, c }, targets });
}

const deviation = (column: Float64Array, isCentered: boolean) => {
  const mean = isCentered ? column.reduce((sum, value) => sum + value, 0) / ROWS : 0;
  return Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / ROWS);
};

const WAYS = (['huber', 'logistic'] as const).flatMap((loss) =>
  (['newton', 'lbfgs'] as const).flatMap(
    (optimizer) =>
    [true, false].flatMap((standardize) => [true, false].map((fitIntercept) => ({ loss, optimizer, standardize, fitIntercept }))), // prettier-ignore
  ),
);

describe('dependent features', () => {
  it.each(WAYS)('have the smallest weights and are named: %j', async (options) => {
    const data = drawn(options.loss);
    const model = await fit(data, { ...options, backend: 'cpu' });
    const found = model.report.warnings.filter(({ code }) => code === 'RANK_DEFICIENT');
    expect(found).toHaveLength(1);
    for (const name of ['a', 'b', 'c']) expect(found[0]?.message).toContain(`'${name}'`);
    expect(found[0]?.message).toContain('these are the smallest');
    const units = data.columns.map((column) => (options.standardize ? deviation(column as Float64Array, options.fitIntercept) : 1)); // prettier-ignore
    // The smallest weights are orthogonal to what changes no prediction, in training units.
    const along = NULL.reduce((sum, by, j) => sum + by * (units[j] as number) ** 2 * (model.weights[j] as number), 0);
    const size = NULL.reduce((sum, by, j) => sum + Math.abs(by * (units[j] as number) ** 2 * (model.weights[j] as number)), 0); // prettier-ignore
    expect(Math.abs(along)).toBeLessThan(1e-12 * size);
    const two = createDataset({ columns: { a: x, b }, targets: data.targets });
    const other = await fit(two, { ...options, backend: 'cpu', ...(options.loss === 'huber' && { huberDelta: model.report.settings.huberDelta as number }) }); // prettier-ignore
    const because = 'the same predictions by two of three features; L-BFGS ends at a gradient of 1e-6';
    expectClose(await model.predict({ a: x, b, c }), await other.predict({ a: x, b }), { absolute: 1e-4, because });
  });

  const unique: FitOptions[] = [{ l2: 0.1 }, { l1: 0.01 }];
  it.each(unique)('have but one best model with a penalty, which stays: %j', async (options) => {
    const model = await fit(drawn('logistic'), { loss: 'logistic', backend: 'cpu', ...options });
    expect(model.report.warnings).toEqual([]);
  });
});

describe('smallestModel', () => {
  const settings = { standardize: true, fitIntercept: true };

  it('is null where no feature depends on others, be it nearly so', async () => {
    const near = b.map((value, i) => value + 1e-9 * (e[i] as number));
    const parameters = { weights: Float64Array.of(1, 2), bias: 3 };
    expect(await smallestModel(new Dataset([b, near], signal, ['b', 'near'], 'y'), settings, parameters)).toBeNull();
    const constant = new Dataset([b, new Float64Array(ROWS).fill(0.1)], signal, ['b', 'same'], 'y');
    expect(await smallestModel(constant, settings, parameters)).toBeNull();
  });

  it('finds what only some of many rows tell', async () => {
    const many = 5000;
    const u = uniforms(9, many);
    const rare = Float64Array.from(u, (_, i) => Number(i === 4321));
    const v = u.map((value, i) => value + (rare[i] as number));
    const data = (columns: Float64Array[]) => new Dataset(columns, u, columns.map((_, j) => `x${j}`), 'y'); // prettier-ignore
    expect(await smallestModel(data([u, v]), settings, { weights: Float64Array.of(1, 2), bias: 0 })).toBeNull();
    const smallest = await smallestModel(data([u, v, rare]), settings, { weights: Float64Array.of(1, 2, 3), bias: 0 });
    expect(smallest?.warning.code).toBe('RANK_DEFICIENT');
  });
});
