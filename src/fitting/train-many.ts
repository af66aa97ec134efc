import { warnOnce } from './warn-once.js';
import { DescentError } from '../base/errors.js';
import { labelledTargets, requireNumbers } from '../data/labels.js';
import type { ManyData, ModelProgress } from '../descent/backend.js';
import type { FittedModel } from '../model/fitted-model.js';
import { type DescentOptions, isDescent } from '../options/choose-optimizer.js';
import { wholeDataset } from './assess-many.js';
import { descendMany } from './descend-many.js';
import { resolveHuberDelta } from './huber-delta.js';
import type { ManyOptions } from './many-options.js';
import type { DescentPlan, ModelPlan, TrainedModels } from './model-plan.js';
import { type FitOne, solveMany } from './solve-many.js';

/**
 * Trains models by what their options ask for: those by gradient descent together, those by a solver one after another.
 * `startMs` is when the caller began, for the reports.
 */
export async function trainMany(
  examples: Omit<ManyData, 'roles'>,
  plans: readonly ModelPlan[],
  options: ManyOptions,
  startMs: number,
  fitOne: FitOne,
): Promise<TrainedModels> {
  const data = forLossOf(plans, examples);
  const byDescent = plans.filter(({ settings }) => isDescent(settings));
  const bySolver = plans.filter(({ settings }) => !isDescent(settings));
  const optionsOf = ofAll(plans, options);
  const none: TrainedModels = { models: [], validationLosses: [] };
  const solved = bySolver.length > 0 ? await solveMany(data, bySolver, optionsOf(bySolver), fitOne) : none;
  if (byDescent.length === 0) return solved;
  const resolved = await resolveAll(data, byDescent, options.signal);
  const descended = await descendMany(data, resolved, optionsOf(byDescent), startMs);
  const ofPlan = plans.map((plan) => {
    const isOurs = isDescent(plan.settings);
    return { of: isOurs ? descended : solved, at: (isOurs ? byDescent : bySolver).indexOf(plan) };
  });
  return {
    models: ofPlan.map(({ of, at }) => of.models[at] as FittedModel),
    validationLosses: ofPlan.map(({ of, at }) => of.validationLosses[at] as number | null),
  };
}

/** The examples with the targets of the models as their loss, which is the same for all, learns them. */
function forLossOf(
  plans: readonly ModelPlan[],
  { targets, ...examples }: Omit<ManyData, 'roles'>,
): Omit<ManyData, 'roles'> {
  const used = new Set(plans.map(({ role }) => role.target));
  const loss = (plans[0] as ModelPlan).settings.loss;
  const columns = targets.map((column, k) => {
    if (!used.has(k)) return column;
    if (loss !== 'logistic') {
      requireNumbers(column, loss);
      return column;
    }
    const { targets: values, classes } = labelledTargets(column, examples.dataset.exampleWeights);
    return { name: column.name, values, labels: classes };
  });
  return { ...examples, targets: columns };
}

/** The options for some of the models: progress is that of all models, and each warning is told once. */
function ofAll(plans: readonly ModelPlan[], options: ManyOptions): (members: readonly ModelPlan[]) => ManyOptions {
  const { onProgress, onWarning } = options;
  const progress = plans.map((): ModelProgress => ({ epoch: 0, loss: Number.NaN, isRunning: true }));
  const warn = onWarning && warnOnce(onWarning);
  return (members) => ({
    ...options,
    ...(onProgress && {
      onProgress: (models) => {
        members.forEach((plan, k) => (progress[plans.indexOf(plan)] = models[k] as ModelProgress));
        onProgress(progress.slice());
      },
    }),
    ...(warn && { onWarning: warn }),
  });
}

/** The plans with δ as a number: one for all models, since they share each read of the examples. */
async function resolveAll(
  data: Omit<ManyData, 'roles'>,
  plans: readonly ModelPlan[],
  signal: AbortSignal | undefined,
): Promise<DescentPlan[]> {
  const { role, settings: first } = plans[0] as ModelPlan;
  const targets = new Set(plans.map((plan) => plan.role.target));
  if (first.loss === 'huber' && first.huberDelta === 'auto' && targets.size > 1) {
    throw new DescentError('INVALID_OPTION', {
      got: `huberDelta 'auto' for ${targets.size} columns of targets`,
      expected: 'a number above 0, because the models share each read of the examples',
      fix: 'Set huberDelta, or train them in separate calls.',
      where: { option: 'huberDelta' },
    });
  }
  const settings = { ...first, optimizer: 'gradientDescent' as const };
  const { huberDelta } = await resolveHuberDelta(wholeDataset(data, role), settings, signal);
  return plans.map((plan) => {
    return { ...plan, asked: plan.settings, settings: { ...plan.settings, huberDelta } as DescentOptions };
  });
}
