import { inTurns } from './base/turns.js';
import { anyText } from './base/quote.js';
import { beginningOf } from './descent/start.js';
import { requireOptions } from './base/check-names.js';
import { DescentError } from './base/errors.js';
import { requireObject, withoutLeftOut } from './base/require-object.js';
import { type ExampleData, labelledIf, toDataset } from './data/inputs.js';
import type { FloatArray } from './data/dataset.js';
import { foldRows } from './data/folds.js';
import { lossOf, type ManyOptions, type ModelOptions, resolveMany, targetColumns } from './fitting/many-options.js';
import type { FittedModel } from './model/fitted-model.js';
import { checkObjects } from './fitting/check-objects.js';
import type { FoldsOfMoments } from './fitting/cross-validate-moments.js';
import { givenStart } from './fitting/model-plan.js';
import { isMoments } from './moments/is-moments.js';
import { trainMany } from './fitting/train-many.js';
import { trainOne } from './fit.js';

/** Options of all models of a cross-validation. */
export interface CrossValidationOptions extends ManyOptions {
  /** Number of folds, each of which is the validation fold once. Default 5. */
  folds?: number | undefined;
}

/** The cross-validation results of one set of options. */
export interface CrossValidation {
  /** [folds] the loss over the examples of each fold, of the model that was trained without them; without penalties. */
  validationLosses: number[];
  /** Mean of these, and standard deviation over the folds (not folds − 1). */
  meanLoss: number;
  /** Standard deviation of the validation losses over the folds. */
  lossDeviation: number;
  /** [folds] the model that was trained without each fold. */
  models: FittedModel[];
}

/** The largest number of folds: an epoch takes one dispatch per fold. */
const MOST_FOLDS = 1000;

/**
 * k-fold cross-validation: examples are dealt into folds by chance, and for each list of options as many models are
 * trained, each without one fold, on which its loss is then measured. All models of all options train side by side and
 * share each read of the features, as in `fitMany`.
 *
 * `seed` of `shared` deals the folds. Gradient descent standardises features by all examples, a solver by those of each
 * model, which changes no model but through what a penalty weighs. After an abort descent has the losses of what was learned until
 * then; a solver, which fits one model after another, rejects with the reason.
 *
 * Folds may come as moments, in a list or by key: those of `momentsFromSql` with `foldBy`, for example. Then models are
 * trained one after another on the host, in a time that does not depend on the number of examples, and an abort rejects.
 *
 * Throws as `fitMany` does, `EMPTY_DATA` for a fold in which no example counts, and `INVALID_OPTION` for folds that are
 * no whole number from 2 to the number of examples or 1000.
 *
 *     const [plain, ridge] = await crossValidate(data, [{ l2: 0 }, { l2: 0.1 }], { folds: 5, seed: 1 });
 *     ridge.meanLoss < plain.meanLoss
 *     await crossValidate(await momentsFromSql({ …, foldBy: 'id % 5' }), [{ l1: 0 }, { l1: 0.1 }])
 */
export async function crossValidate(
  data: ExampleData | FoldsOfMoments,
  options: readonly ModelOptions[],
  all: CrossValidationOptions = {},
): Promise<CrossValidation[]> {
  const startMs = performance.now();
  requireOptions(all);
  const { folds: foldCount = 5, ...shared } = withoutLeftOut(all);
  checkObjects(shared);
  shared.signal?.throwIfAborted();
  requireObject(data);
  if (isFolds(data)) {
    const { crossValidateMoments } = await import('./fitting/cross-validate-moments.js');
    const results = await crossValidateMoments(data, options, all, trainOne);
    return results.map(({ models, validationLosses }) => resultOf(validationLosses, models));
  }
  const dataset = await toDataset(labelledIf(lossOf(options, shared), data), { signal: shared.signal });
  requireFoldable(dataset.exampleCount);
  const most = Math.min(dataset.exampleCount, MOST_FOLDS);
  if (!Number.isInteger(foldCount) || foldCount < 2 || foldCount > most) {
    throw new DescentError('INVALID_OPTION', {
      got: `folds ${anyText(foldCount)} for ${dataset.exampleCount} examples`,
      expected: `a whole number from 2 to ${most}`,
      fix: 'Leave it out for the default, 5.',
      where: { option: 'folds' },
    });
  }
  const targets = targetColumns(dataset, shared.targets);
  const resolved = resolveMany(
    options,
    shared,
    targets.map(({ name }) => name),
  );
  const folds = await inTurns(foldRows(dataset.exampleCount, foldCount, shared.seed ?? 0), shared.signal);
  checkFolds(folds, dataset.exampleWeights);
  const plans = resolved.flatMap(({ settings, target, ...start }) =>
    folds.map((_, validationFold) => ({
      role: { target, validationFold },
      settings,
      beginning: beginningOf(dataset.featureNames, settings, start),
      start: givenStart(start),
    })),
  );
  shared.signal?.throwIfAborted();
  const { models, validationLosses } = await trainMany({ dataset, targets, folds }, plans, shared, startMs, trainOne);
  return resolved.map((_, k) => {
    const ofModel = <Item>(items: readonly Item[]) => items.slice(k * foldCount, (k + 1) * foldCount);
    const losses = ofModel(validationLosses).map((loss) => loss ?? Number.NaN);
    return resultOf(losses, ofModel(models));
  });
}

/** Throws `EMPTY_DATA` for a single example, which no model could be trained without. */
function requireFoldable(exampleCount: number): void {
  if (exampleCount > 1) return;
  throw new DescentError('EMPTY_DATA', {
    got: 'a cross-validation of 1 example',
    expected: 'two examples or more, one for each fold',
    fix: 'Check where the data comes from.',
  });
}

function isFolds(data: ExampleData | FoldsOfMoments): data is FoldsOfMoments {
  return data instanceof Map || (Array.isArray(data) && data.some(isMoments));
}

function resultOf(validationLosses: number[], models: FittedModel[]): CrossValidation {
  const largest = Math.max(...validationLosses.map(Math.abs));
  if (!Number.isFinite(largest)) throw noLoss(validationLosses);
  // Very large and very small ones in shares of the largest, whose squares are numbers.
  const scale = largest === 0 || (largest > 1e-150 && largest < 1e150) ? 1 : largest;
  const shares = validationLosses.map((loss) => loss / scale);
  const meanShare = mean(shares);
  const deviation = Math.sqrt(mean(shares.map((share) => (share - meanShare) ** 2)));
  return { validationLosses, meanLoss: meanShare * scale, lossDeviation: deviation * scale, models };
}

function noLoss(losses: readonly number[]): DescentError {
  const fold = losses.findIndex((loss) => !Number.isFinite(loss));
  return new DescentError('NON_FINITE_VALUE', {
    got: `a loss of ${losses[fold]} over fold ${fold}`,
    expected: 'errors whose squares are numbers',
    fix: 'Divide the targets and the features by a power of ten.',
  });
}

/** Over a fold in which no example counts there is no mean loss, and without all others there is nothing to learn. */
function checkFolds(folds: readonly Uint32Array[], weights: FloatArray | undefined): void {
  const counting = folds.filter((rows) => rows.some((row) => weights?.[row] !== 0)).length;
  if (counting === folds.length) return;
  throw new DescentError('EMPTY_DATA', {
    got: `a fold in which all examples have weight 0, ${folds.length - counting} of ${folds.length}`,
    expected: 'at least one example with a weight above 0 in each fold',
    fix: 'Use fewer folds, or leave out the examples of weight 0.',
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
