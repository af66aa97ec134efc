import type { Dataset } from '../data/dataset.js';
import { inTurns } from '../base/turns.js';
import { takeRows } from '../data/dataset-rows.js';
import type { ManyData, ModelProgress, Role } from '../descent/backend.js';
import type { FittedModel } from '../model/fitted-model.js';
import type { FitSettings } from '../options/specs.js';
import { HostEvaluator } from '../solve/host-evaluator.js';
import { trainingDataset, wholeDataset } from './assess-many.js';
import type { FitOptions } from './fit-options.js';
import { resolveHuberDelta, withDelta } from './huber-delta.js';
import type { ManyOptions } from './many-options.js';
import type { ModelPlan, TrainedModels } from './model-plan.js';

/** Fits one model. `runSignal` aborts the training, `options.signal` also what comes before it. */
export type FitOne = (data: Dataset, options: FitOptions, runSignal: AbortSignal | undefined) => Promise<FittedModel>;

/**
 * Fits several models by a solver, one after another, each on the examples that it sees. With folds an abort rejects with its
 * reason: losses of models that were fitted and of others that had not begun are not to be compared.
 */
export async function solveMany(
  data: Omit<ManyData, 'roles'>,
  plans: readonly ModelPlan[],
  { signal, context, onProgress, onWarning }: ManyOptions,
  fitOne: FitOne,
): Promise<TrainedModels> {
  const progress = plans.map((): ModelProgress => ({ epoch: 0, loss: Number.NaN, isRunning: true }));
  const trained: TrainedModels = { models: [], validationLosses: [] };
  const deltas = new Map<number, FitSettings['huberDelta']>(); // by the column of targets
  for (const [k, { role, settings: asked, start }] of plans.entries()) {
    const whole = wholeDataset(data, role);
    const isValidated = role.validationFold !== null;
    // Losses of folds and of options can be compared if δ is the same in all of them: that of the first options.
    if (isValidated && !deltas.has(role.target)) {
      const resolved = await resolveHuberDelta(whole, { ...asked, optimizer: 'gradientDescent' }, signal);
      deltas.set(role.target, withDelta(asked, resolved).huberDelta);
    }
    const settings = { ...asked, huberDelta: deltas.get(role.target) ?? asked.huberDelta };
    const model = await fitOne(
      await trainingDataset(whole, data, role, isValidated ? signal : undefined),
      {
        ...settings,
        ...start,
        ...(context && { context }),
        ...(isValidated && { signal }),
        ...(onWarning && { onWarning }),
        onProgress: ({ epoch, loss }) => {
          progress[k] = { epoch, loss, isRunning: true };
          onProgress?.(progress.slice());
        },
      },
      signal,
    );
    if (isValidated) signal?.throwIfAborted();
    progress[k] = { ...(progress[k] as ModelProgress), isRunning: false };
    trained.models.push(model);
    trained.validationLosses.push(isValidated ? await lossOnFold(model, whole, data, role, signal) : null);
  }
  onProgress?.(progress.slice());
  return trained;
}

/** The loss of a model, without penalties, over the fold that it did not see. */
async function lossOnFold(
  model: FittedModel,
  whole: Dataset,
  { folds }: Omit<ManyData, 'roles'>,
  { validationFold }: Role,
  signal: AbortSignal | undefined,
): Promise<number> {
  const fold = await inTurns(takeRows(whole, folds[validationFold as number] as Uint32Array), signal);
  const { loss, fitIntercept, huberDelta } = model.report.settings;
  const evaluator = await HostEvaluator.of(fold, { loss, fitIntercept, standardize: false }, signal);
  const options = { withHessian: false, huberDelta: huberDelta === 'auto' ? 1 : huberDelta, signal };
  return (await evaluator.evaluate(evaluator.toTrainingUnits(model), options)).loss;
}
