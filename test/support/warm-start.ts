import { expect, it } from 'vitest';
import { createDataset, type Dataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import { fitMany } from '../../src/fit-many.js';
import type { ManyOptions } from '../../src/fitting/many-options.js';
import type { LinearModel } from '../../src/model/linear-model.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import { expectClose } from './close.js';
import { examples } from './examples.js';

/** 1/(2m)·Σ (h(x) − y)² of a model. */
export async function lossOf(model: LinearModel, { columns, targets }: Dataset): Promise<number> {
  const rows = Array.from(targets, (_, i) => columns.map((column) => column[i] as number));
  const predictions = await model.predict(rows);
  return (
    predictions.reduce((sum, prediction, i) => sum + (prediction - (targets[i] as number)) ** 2, 0) / 2 / targets.length
  );
}

/** What holds of a warm start wherever it is made; `rounding` is one of its numbers, relative. */
export function describeWarmStart(where: () => FitOptions, rounding: number): void {
  const data = examples(5, 211, 3);
  const common = () => ({ ...where(), tolerance: 0, learningRate: 0.2 });
  const tolerance = { relative: 40 * rounding, because: 'predictions of ten operations, squared, each rounded once' };

  it.each([true, false])('begins at the loss that the model ended with, standardize %s', async (standardize) => {
    const begun = await fit(data, { backend: 'cpu', strategy: 'streaming', epochs: 4, standardize: !standardize });
    const model = await fit(data, { ...common(), epochs: 3, standardize, warmStart: begun });
    const [first = 0, , third = 0] = model.report.lossHistory;
    expectClose([first], [await lossOf(begun, data)], tolerance);
    expect(third).toBeLessThan(first);
  });

  it('goes on with other examples of the same features, a constant one included', async () => {
    const columns = { a: [1, 2, 3, 4, 5, 7], flat: [2, 2, 2, 2, 2, 2] };
    const begun = await fit(createDataset({ columns: { a: [1, 2, 4], flat: [1, 2, 2] }, targets: [2, 3, 6] }), {
      backend: 'cpu',
      epochs: 200,
    });
    const other = createDataset({ columns, targets: [1, 2, 3, 3, 5, 6] });
    const model = await fit(other, { ...common(), epochs: 1, warmStart: begun });
    expectClose(model.report.lossHistory, [await lossOf(begun, other)], tolerance);
  });

  it('takes the weights by the names of their features', async () => {
    const [a, b, c] = data.columns as [Float64Array, Float64Array, Float64Array];
    const turned = createDataset({ columns: { x3: c, x1: a, x2: b }, targets: data.targets });
    const begun = await fit(turned, { backend: 'cpu', strategy: 'streaming', epochs: 7 });
    const model = await fit(data, { ...common(), epochs: 1, warmStart: begun });
    expectClose(model.report.lossHistory, [await lossOf(begun, turned)], tolerance);
  });
}

/** The same for several models at a time. */
export function describeManyWarmStarts(where: () => ManyOptions, rounding: number): void {
  it('each of several models begins at a model of its own, and of its targets', async () => {
    const data = examples(6, 211, 3);
    const doubled = Array.from(data.targets, (y) => 2 * y - 5);
    const twice = createDataset({ columns: named(data), targets: doubled });
    const elsewhere = { backend: 'cpu', strategy: 'streaming', tolerance: 0 } as const;
    const first = await fit(data, { ...elsewhere, epochs: 3 });
    const second = await fit(twice, { ...elsewhere, epochs: 5 });
    const models = await fitMany(data, [{ warmStart: first }, { warmStart: second, target: 'twice' }, {}], {
      ...where(),
      targets: { twice: doubled },
      epochs: 2,
      tolerance: 0,
    });
    const losses = models.map(({ report }) => report.lossHistory[0] as number);
    expectClose(losses.slice(0, 2), [await lossOf(first, data), await lossOf(second, twice)], {
      relative: 40 * rounding,
      because: 'predictions of ten operations, squared, each rounded once',
    });
    expect(losses[2], 'by chance').toBeGreaterThan(losses[0] as number);
  });
}

function named({ columns, featureNames }: Dataset) {
  return Object.fromEntries(columns.map((column, j) => [featureNames[j] as string, column]));
}
