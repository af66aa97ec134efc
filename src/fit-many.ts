import { beginningOf } from './descent/start.js';
import { type ExampleData, labelledIf, toDataset } from './data/inputs.js';
import { requireOptions } from './base/check-names.js';
import { requireObject, withoutLeftOut } from './base/require-object.js';
import { lossOf, type ManyOptions, type ModelOptions, resolveMany, targetColumns } from './fitting/many-options.js';
import { checkObjects } from './fitting/check-objects.js';
import { givenStart } from './fitting/model-plan.js';
import { trainMany } from './fitting/train-many.js';
import { trainOne } from './fit.js';
import type { FittedModel } from './model/fitted-model.js';

/**
 * Fits several models to the same features at a time: learning rates, penalties, seeds or targets side by side. Each
 * read of the features serves sixteen models up to three features, eight up to eight, and four beyond. Every model has a
 * loss history, a reason to stop and a report of its own, and those that have stopped wait for the others; the report's
 * timings are of all together.
 *
 * `options` holds the options of each model, as for `fit`; what a model leaves out is taken from `shared`. What is minimised
 * (`loss`, `huberDelta`, `fitIntercept`), how the examples lie and where they are read (`standardize`, `strategy`, `kernels`,
 * `storage`, `backend`) is the same for all. The models come in the order of their options.
 *
 * Throws as `fit` does, before any training, and frees everything.
 *
 *     const models = await fitMany(data, [{ l2: 0 }, { l2: 0.1 }, { l2: 1 }], { epochs: 200 });
 *     const best = models.map(({ report }) => report?.lossHistory.at(-1));
 *
 *     const targets = { rent: rents, price: prices }; // more columns of targets, beside data.targets
 *     const [cost, rent, price] = await fitMany(data, [{}, { target: 'rent' }, { target: 'price' }], { targets });
 */
export async function fitMany(
  data: ExampleData,
  options: readonly ModelOptions[],
  all: ManyOptions = {},
): Promise<FittedModel[]> {
  const startMs = performance.now();
  requireOptions(all);
  const shared = withoutLeftOut(all);
  checkObjects(shared);
  shared.signal?.throwIfAborted();
  requireObject(data);
  const dataset = await toDataset(labelledIf(lossOf(options, shared), data), { signal: shared.signal });
  const targets = targetColumns(dataset, shared.targets);
  const plans = resolveMany(
    options,
    shared,
    targets.map(({ name }) => name),
  ).map(({ settings, target, ...start }) => ({
    role: { target, validationFold: null },
    settings,
    beginning: beginningOf(dataset.featureNames, settings, start),
    start: givenStart(start),
  }));
  shared.signal?.throwIfAborted();
  const { models } = await trainMany({ dataset, targets, folds: [] }, plans, shared, startMs, trainOne);
  return models;
}
