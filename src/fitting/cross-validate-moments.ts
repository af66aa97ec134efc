import { listOrNone } from '../base/list-or-none.js';
import { DescentError } from '../base/errors.js';
import type { FittedModel } from '../model/fitted-model.js';
import { isMoments } from '../moments/is-moments.js';
import { mergeMoments } from '../moments/merge.js';
import type { Moments } from '../moments/moments.js';
import { squaredLossOf } from '../moments/model-loss.js';
import type { FitOptions } from './fit-options.js';
import { type ManyOptions, type ModelOptions, resolveMany } from './many-options.js';
import { warnOnce } from './warn-once.js';

/** The moments of each fold, in a list or by key. */
export type FoldsOfMoments = readonly Moments[] | ReadonlyMap<unknown, Moments>;

/** The models of one list of options, and their losses over the folds that they did not see. */
export interface FoldResults {
  models: FittedModel[];
  validationLosses: number[];
}

/** Options that speak of examples. */
const OF_EXAMPLES = ['folds', 'targets', 'target', 'seed'] as const;

/** Trains one model on moments. */
type TrainOne = (moments: Moments, options: FitOptions, signal: AbortSignal | undefined) => Promise<FittedModel>;

/**
 * Cross-validation on the moments of folds, on the host: a model without a fold is learned from the others' moments together,
 * since a difference of sums would lose digits, and its loss over that fold follows from the fold's own, d² numbers each.
 */
export async function crossValidateMoments(
  folds: FoldsOfMoments,
  options: readonly ModelOptions[],
  shared: ManyOptions & { folds?: number | undefined },
  trainOne: TrainOne,
): Promise<FoldResults[]> {
  const parts = [...folds.values()];
  checkFolds(parts);
  const { signal, context, onProgress, onWarning, ...plain } = shared;
  for (const each of [shared, ...listOrNone(options)]) refuseExamples({ ...each });
  resolveMany(options, plain, parts[0]?.targetNames ?? []);
  const training = parts.map((_, fold) => {
    const [first, ...rest] = parts.filter((_, k) => k !== fold) as [Moments, ...Moments[]];
    return mergeMoments(first, ...rest);
  });
  const run = { ...(context && { context }), ...(onWarning && { onWarning: warnOnce(onWarning) }) };
  const progress = options.flatMap(() => parts.map(() => ({ epoch: 0, loss: Number.NaN, isRunning: true })));
  const results: FoldResults[] = [];
  for (const [k, own] of options.entries()) {
    const models: FittedModel[] = [];
    for (const [fold, moments] of training.entries()) {
      signal?.throwIfAborted();
      const model = await trainOne(moments, { ...plain, ...own, ...run }, signal);
      models.push(model);
      progress[k * parts.length + fold] = progressOf(model);
      onProgress?.(progress.slice());
    }
    results.push({
      models,
      validationLosses: models.map((model, fold) => squaredLossOf(model, parts[fold] as Moments)),
    });
  }
  return results;
}

function checkFolds(parts: readonly unknown[]): asserts parts is readonly Moments[] {
  if (parts.length >= 2 && parts.every(isMoments)) return;
  throw new DescentError('INVALID_OPTION', {
    got: parts.every(isMoments) ? `moments of ${parts.length} folds` : 'a list that holds something other than moments',
    expected: 'the moments of two folds or more',
    fix: 'Take them with foldBy of momentsFromSql, or with computeMoments of each part of the examples.',
    where: { option: 'folds' },
  });
}

function refuseExamples(options: Partial<Record<string, unknown>> | null | undefined): void {
  const name = OF_EXAMPLES.find((each) => options?.[each] !== undefined);
  if (name === undefined) return;
  throw new DescentError('INVALID_OPTION', {
    got: `${name} with folds of moments`,
    expected: 'options of solvers and of the objective: the folds are those of the moments',
    fix: `Leave ${name} out.`,
    where: { option: name },
  });
}

function progressOf({ report }: FittedModel) {
  return { epoch: report.epochsRun, loss: report.lossHistory.at(-1) ?? Number.NaN, isRunning: false };
}
