import { giveWay } from '../base/turns.js';
import { requireFinite } from './require-finite.js';
import { largestEigenvalue } from '../base/largest-eigenvalue.js';
import { type FloatArray, rowsOfColumn } from '../data/dataset.js';
import { countedExamples } from '../data/example-weights.js';
import { twoClasses } from '../data/labels.js';
import type { ManyData, ManyTrainer, Role, RunResult, Start, TargetColumn } from '../descent/backend.js';
import { chooseRate, hasLimit, limitOf } from '../descent/learning-rate.js';
import { resultOf, ruleOf } from '../descent/optimizers.js';
import { pathReport, requirePathFits } from '../descent/parameter-path.js';
import { type FitWarning, stateReport, type Timings } from '../descent/report.js';
import { ratesOf } from '../descent/schedules.js';
import { scaledState } from '../descent/start.js';
import { constantWarnings, sizeWarnings } from '../descent/warnings.js';
import type { FittedModel } from '../model/fitted-model.js';
import { LinearModel } from '../model/linear-model.js';
import { assembleReport, epochSpeed, streamedBytes } from './assemble-report.js';
import { assessMany, type ModelConvergence, trainingRows, wholeDataset } from './assess-many.js';
import { withDelta } from './huber-delta.js';
import type { ManyOptions } from './many-options.js';
import type { DescentOptions } from '../options/choose-optimizer.js';
import type { DescentPlan, TrainedModels } from './model-plan.js';
import { type ChosenBackend, openBackend } from './open-backend.js';
import { placeOf } from './place.js';
import { workOf } from './placement.js';
import { hasTargetScale, scaleOfDataset } from './target-scale.js';

/**
 * The story of `fit` for several models that share each read of X:
 *
 *     dataset → upload → [ residuals → gradients → updates ] × epochs → readback → models + reports
 */
export async function descendMany(
  data: Omit<ManyData, 'roles'>,
  plans: readonly DescentPlan[],
  options: ManyOptions,
  startMs: number,
): Promise<TrainedModels> {
  const { signal } = options;
  const common: FitWarning[] = [];
  plans.forEach((plan) => requirePathFits(plan.settings, data.dataset.featureCount));
  const { settings: first } = plans[0] as DescentPlan; // how examples lie and where they are read is the same for all
  const openingMs = performance.now(); // the examples have been read by then
  const opened = await openBackend(first, options.context, workOf(data.dataset, first, plans.length), options.signal);
  const { backend } = opened;
  common.push(...opened.warnings);
  const openedMs = performance.now();
  try {
    if (backend.name === 'webgpu') {
      const { requireF32Sizes } = await import('./gpu-limits.js');
      for (const { role, settings } of plans) await requireF32Sizes(wholeDataset(data, role), settings);
    }
    const roles = plans.map(({ role }) => role);
    const trainer = await backend.uploadMany({ ...data, roles }, { ...first, signal });
    const uploadedMs = performance.now();
    try {
      common.push(...trainer.warnings, ...constantWarnings(data.dataset.featureNames, trainer));
      const prepared = await chooseRates(trainer, data, plans, signal);
      for (const warning of [...prepared.flatMap(({ warnings }) => warnings), ...common]) options.onWarning?.(warning);
      signal?.throwIfAborted();
      const runs = await trainer.runAll(
        prepared.map(({ start }) => start),
        { signal, onProgress: options.onProgress },
      );
      const results = runs.map((run, k) => resultOfStart(run, prepared[k] as PreparedModel));
      const validationLosses = await validate(trainer, roles, results);
      const trained = runs.map((run, k): TrainedModel => {
        const { settings, asked } = plans[k] as DescentPlan;
        return { settings, asked, ...(prepared[k] as PreparedModel), run, result: results[k] as Float64Array };
      });
      const convergence = await assessMany(trainer, data, trained);
      for (const warning of convergence.flatMap(({ lateWarnings }) => lateWarnings)) options.onWarning?.(warning);
      const finishedMs = performance.now();
      const timings = {
        deviceMs: openedMs - openingMs,
        uploadMs: uploadedMs - openedMs,
        totalMs: finishedMs - startMs,
        ...timingsOf(runs, data),
      };
      const shared = { data, opened, trainer, timings, warnings: common };
      const models = trained.map((one, k) => modelOf(one, convergence[k] as ModelConvergence, shared));
      return { models, validationLosses };
    } finally {
      trainer.dispose();
    }
  } finally {
    backend.dispose();
  }
}

/** The parts that the models of one call have in common. */
interface SharedParts {
  data: Omit<ManyData, 'roles'>;
  opened: ChosenBackend;
  trainer: ManyTrainer;
  timings: Timings;
  warnings: readonly FitWarning[];
}

/** A model that has been trained. */
interface TrainedModel extends Pick<DescentPlan, 'settings' | 'asked'>, PreparedModel {
  run: RunResult;
  result: Float64Array; // [d + 1] in training units
}

/** The model that one run came to, with its report. */
function modelOf(
  { settings, asked, start, limit, warnings, run, result }: TrainedModel,
  { lateWarnings, ...converged }: ModelConvergence,
  { data, opened, trainer, timings, warnings: common }: SharedParts,
): FittedModel {
  const { featureCount, featureNames, origin } = data.dataset;
  const toCallerUnits = (parameters: Float64Array) => trainer.toCallerUnits(parameters, start.role.target);
  const report = assembleReport({
    ...placeOf(opened, opened.placement),
    strategy: 'streaming',
    kernels: trainer.kernels,
    threads: trainer.threads ?? 1,
    tuning: trainer.tuning ?? null,
    settings: { ...withDelta(asked, settings), ...rateInForce(start) },
    exampleCount: seenBy(start.role, data),
    featureCount,
    lossHistory: Array.from(run.losses),
    path: pathReport([], run, settings, toCallerUnits),
    ...converged,
    learningRateLimit: limit,
    state: stateReport(run, start.initial, settings),
    reading: origin?.reading ?? null,
    timings,
    warnings: [...warnings, ...common, ...lateWarnings],
  });
  const { name: targetName, labels } = data.targets[start.role.target] as TargetColumn;
  return new LinearModel({
    ...requireFinite(toCallerUnits(result), featureNames),
    ...{ featureNames, targetName, loss: settings.loss, report },
    ...{ classes: twoClasses(labels), encoder: origin?.encoder ?? null },
  }) as FittedModel;
}

/** The scale of the targets that a model of the role sees, whose columns it needs not. */
function targetScaleFor(data: Omit<ManyData, 'roles'>, role: Role, settings: DescentOptions): number {
  if (!hasTargetScale(settings)) return 1;
  const { targets, exampleWeights } = wholeDataset(data, role);
  const rows = trainingRows(data, role);
  const seen = (column: FloatArray) => (rows ? rowsOfColumn(column, rows) : column);
  return scaleOfDataset({ targets: seen(targets), exampleWeights: exampleWeights && seen(exampleWeights) }, settings);
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
  plans: readonly DescentPlan[],
  signal: AbortSignal | undefined,
): Promise<PreparedModel[]> {
  const { featureCount } = data.dataset;
  const eigenvalues = new Map<number | null, number>();
  for (const { role, settings } of plans) {
    const { validationFold } = role;
    if (eigenvalues.has(validationFold) || !hasLimit(settings)) continue;
    const apply = (direction: Float64Array) => trainer.curvature(direction, validationFold);
    eigenvalues.set(validationFold, await largestEigenvalue(apply, featureCount + 1, signal));
  }
  const prepared: PreparedModel[] = [];
  for (const plan of plans) {
    prepared.push(prepareModel(trainer, data, plan, eigenvalues.get(plan.role.validationFold)));
    await giveWay(); // the targets of a fold are looked at for each
  }
  return prepared;
}

/** A model with its rate, by the largest eigenvalue of the curvature if it is known. */
function prepareModel(
  trainer: ManyTrainer,
  data: Omit<ManyData, 'roles'>,
  { role, settings, beginning, start }: DescentPlan,
  eigenvalue = Number.NaN,
): PreparedModel {
  const limit = limitOf(eigenvalue, settings);
  const rates = ratesOf(settings);
  const { rate, warnings: rateWarnings } = chooseRate({ ...settings, ...rates }, { limit, largestSquare: null });
  const counted = countedBy(role, data);
  const warnings = [...sizeWarnings(counted, data.dataset.featureCount, settings), ...rateWarnings];
  const targetScale = targetScaleFor(data, role, settings);
  const rule = ruleOf(settings, rates, targetScale);
  const { epochs, patience, l1, l2, pathEvery } = settings;
  const first = beginning((values) => trainer.toTrainingUnits(values, role.target));
  const isRandom = !start.initialParameters && !start.warmStart;
  const { parameters } = isRandom ? scaledState(first, targetScale) : first;
  return {
    start: { role, initial: parameters, settings: { ...rate, epochs, patience, l1, l2, pathEvery, rule } },
    limit,
    warnings,
  };
}

/** The parameters of a model. */
function resultOfStart(run: RunResult, { start: { settings } }: PreparedModel): Float64Array {
  return resultOf(run, settings.rule ?? { averageFrom: Infinity });
}

function rateInForce({ settings: { learningRate, tolerance } }: Start) {
  return { learningRate, tolerance };
}

/** Examples that a model of this role sees. */
function seenBy({ validationFold }: Role, { dataset, folds }: Omit<ManyData, 'roles'>): number {
  return dataset.exampleCount - (validationFold === null ? 0 : (folds[validationFold]?.length ?? 0));
}

/** Those with a weight above 0. */
function countedBy({ validationFold }: Role, { dataset, folds }: Omit<ManyData, 'roles'>): number {
  const { exampleWeights } = dataset;
  const fold = (validationFold === null ? undefined : folds[validationFold]) ?? [];
  let unseen = fold.length;
  if (exampleWeights) for (const row of fold) if (exampleWeights[row] === 0) unseen--;
  return countedExamples(dataset) - unseen;
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
