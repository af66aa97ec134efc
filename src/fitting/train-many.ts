import { assembleReport, epochSpeed, streamedBytes } from './assemble-report.js';
import type { Backend, RunResult, ManyData, ManyTrainer, Role, Start, TargetColumn } from '../descent/backend.js';
import type { Beginning } from '../descent/start.js';
import { largestEigenvalue } from '../base/largest-eigenvalue.js';
import { constantWarnings, sizeWarnings } from '../descent/warnings.js';
import { checkLabels } from '../data/labels.js';
import { chooseRate, hasLimit, limitOf } from '../descent/learning-rate.js';
import { openBackend } from './open-backend.js';
import type { ManyOptions } from './many-options.js';
import { LinearModel } from '../model/linear-model.js';
import { resultOf, ruleOf } from '../descent/optimizers.js';
import type { FitSettings } from '../options/specs.js';
import { pathReport, requirePathFits } from '../descent/parameter-path.js';
import { type FitWarning, stateReport, type Timings } from '../descent/report.js';
import { ratesOf } from '../descent/schedules.js';

/** One of several models before it is trained. */
export interface ModelPlan {
  role: Role;
  settings: FitSettings;
  beginning: Beginning;
}

export interface TrainedModels {
  models: LinearModel[];
  /** The loss of each model over the fold that it did not see; null where it saw all examples. */
  validationLosses: (number | null)[];
}

/**
 * The story of `fit` for several models that share each read of X:
 *
 *     dataset → upload → [ residuals → gradients → updates ] × epochs → readback → models + reports
 *
 * `startMs` is when the caller began, for the reports.
 */
export async function trainMany(
  data: Omit<ManyData, 'roles'>,
  plans: readonly ModelPlan[],
  options: ManyOptions,
  startMs: number,
): Promise<TrainedModels> {
  const { signal } = options;
  const common: FitWarning[] = [];
  plans.forEach((plan) => requirePathFits(plan.settings, data.dataset.featureCount));
  const { settings: first } = plans[0] as ModelPlan; // how examples lie and where they are read is the same for all
  if (first.loss === 'logistic') {
    for (const column of new Set(plans.map(({ role }) => role.target))) {
      const { name, values } = data.targets[column] as TargetColumn;
      checkLabels(values, name, data.dataset.exampleWeights);
    }
  }
  const { backend, warnings: backendWarnings } = await openBackend(first.backend, options.context);
  common.push(...backendWarnings);
  const openedMs = performance.now();
  try {
    const roles = plans.map(({ role }) => role);
    const trainer = await backend.uploadMany({ ...data, roles }, { ...first, signal });
    const uploadedMs = performance.now();
    try {
      common.push(...trainer.warnings, ...constantWarnings(data.dataset.featureNames, trainer));
      const prepared = await chooseRates(trainer, data, plans, signal);
      const warned = [...prepared.flatMap(({ warnings }) => warnings), ...common];
      const byMessage = new Map(warned.map((warning) => [warning.message, warning]));
      byMessage.forEach((warning) => options.onWarning?.(warning));
      signal?.throwIfAborted();
      const runs = await trainer.runAll(
        prepared.map(({ start }) => start),
        { signal, onProgress: options.onProgress },
      );
      const results = runs.map((run, k) => resultOfStart(run, (prepared[k] as PreparedModel).start));
      const validationLosses = await validate(trainer, roles, results);
      const finishedMs = performance.now();
      const timings = {
        deviceMs: openedMs - startMs,
        uploadMs: uploadedMs - openedMs,
        totalMs: finishedMs - startMs,
        ...timingsOf(runs, data),
      };
      const parts = { data, backend, trainer, timings, warnings: common };
      const models = runs.map((run, k) => buildOne(run, plans[k] as ModelPlan, prepared[k] as PreparedModel, parts));
      return { models, validationLosses };
    } finally {
      trainer.dispose();
    }
  } finally {
    backend.dispose();
  }
}

/** The model that one run came to, with its report. */
function buildOne(
  run: RunResult,
  { settings }: ModelPlan,
  { warnings, limit, start }: PreparedModel,
  { data, backend, trainer, timings, warnings: common }: SharedParts,
): LinearModel {
  const { featureCount, featureNames } = data.dataset;
  const { target } = start.role;
  const toCallerUnits = (parameters: Float64Array) => trainer.toCallerUnits(parameters, target);
  const report = assembleReport({
    backend: backend.name,
    adapter: backend.adapter,
    strategy: 'streaming',
    kernels: trainer.kernels,
    settings: { ...settings, ...rateInForce(start) },
    exampleCount: seenBy(start.role, data),
    featureCount,
    lossHistory: Array.from(run.losses),
    path: pathReport([], run, settings, toCallerUnits),
    stopReason: run.stopReason ?? 'aborted',
    learningRateLimit: limit,
    state: stateReport(run, start.initial, settings),
    timings,
    warnings: [...warnings, ...common],
  });
  const targetName = data.targets[target]?.name ?? '';
  const parameters = toCallerUnits(resultOfStart(run, start));
  return new LinearModel({ ...parameters, featureNames, targetName, loss: settings.loss, report });
}

/** The parts that the models of one call have in common. */
interface SharedParts {
  data: Omit<ManyData, 'roles'>;
  backend: Backend;
  trainer: ManyTrainer;
  timings: Timings;
  warnings: readonly FitWarning[];
}

/** A model with its learning rate. */
interface PreparedModel {
  start: Start;
  limit: number | null;
  warnings: FitWarning[];
}

/** Each model's rate, by the curvature of the examples that it sees: measured once for each fold. */
async function chooseRates(
  trainer: ManyTrainer,
  data: Omit<ManyData, 'roles'>,
  plans: readonly ModelPlan[],
  signal: AbortSignal | undefined,
): Promise<PreparedModel[]> {
  const { featureCount } = data.dataset;
  const eigenvalues = new Map<number | null, number>();
  for (const { role, settings } of plans) {
    const { validationFold } = role;
    if (eigenvalues.has(validationFold) || !hasLimit(settings)) continue;
    signal?.throwIfAborted();
    const apply = (direction: Float64Array) => trainer.curvature(direction, validationFold);
    eigenvalues.set(validationFold, await largestEigenvalue(apply, featureCount + 1));
  }
  return plans.map(({ role, settings, beginning }) => {
    const limit = limitOf(eigenvalues.get(role.validationFold) ?? Number.NaN, settings);
    const rates = ratesOf(settings);
    const { rate, warnings } = chooseRate({ ...settings, ...rates }, { limit, largestSquare: null });
    const rule = ruleOf(settings, rates);
    const { epochs, patience, l1, l2, pathEvery } = settings;
    const { parameters } = beginning((values) => trainer.toTrainingUnits(values, role.target));
    return {
      start: { role, initial: parameters, settings: { ...rate, epochs, patience, l1, l2, pathEvery, rule } },
      limit,
      warnings: [...sizeWarnings(seenBy(role, data), featureCount, settings), ...warnings],
    };
  });
}

/** The parameters of a model. */
function resultOfStart(run: RunResult, { settings }: Start): Float64Array {
  return resultOf(run, settings.rule ?? { averageFrom: Infinity });
}

function rateInForce({ settings: { learningRate, tolerance } }: Start) {
  return { learningRate, tolerance };
}

/** Examples that a model of this role sees. */
function seenBy({ validationFold }: Role, { dataset, folds }: Omit<ManyData, 'roles'>): number {
  return dataset.exampleCount - (validationFold === null ? 0 : (folds[validationFold]?.length ?? 0));
}

/** One pass over each fold, with all models of one column of targets that did not see it. */
async function validate(
  trainer: ManyTrainer,
  roles: readonly Role[],
  results: readonly Float64Array[],
): Promise<(number | null)[]> {
  const found = roles.map((): number | null => null);
  const keyOf = ({ target, validationFold }: Role) => `${target} ${validationFold}`;
  for (const key of new Set(roles.map(keyOf))) {
    const members = roles.flatMap((role, k) => (keyOf(role) === key ? [k] : []));
    const { target, validationFold } = roles[members[0] as number] as Role;
    if (validationFold === null) continue;
    const points = members.map((k) => results[k] as Float64Array);
    const losses = await trainer.losses(
      points,
      { target, fold: validationFold },
      { signal: undefined, onProgress: undefined },
    );
    members.forEach((k, i) => (found[k] = losses[i] as number));
  }
  return found;
}

/**
 * The timings of all models together: runs one after another add up, and an epoch is one pass over the examples for
 * all.
 */
function timingsOf(
  runs: readonly RunResult[],
  { dataset }: Omit<ManyData, 'roles'>,
): Omit<Timings, 'deviceMs' | 'uploadMs' | 'totalMs'> {
  const timings = [...new Set(runs.map(({ timings }) => timings))];
  const sum = (of: (timings: RunResult['timings']) => number) => timings.reduce((total, run) => total + of(run), 0);
  const trainMs = sum((run) => run.trainMs);
  const epochs = Math.max(...runs.map(({ losses }) => losses.length));
  return {
    trainMs,
    readbackMs: sum((run) => run.readbackMs),
    gpuMs: timings.some(({ gpuMs }) => gpuMs === null) ? null : sum(({ gpuMs }) => gpuMs ?? 0),
    ...epochSpeed(epochs, trainMs, streamedBytes(dataset)),
  };
}
