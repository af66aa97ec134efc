import { assembleReport, epochSpeed, streamedBytes } from './assemble-report.js';
import type { RunResult, ManyData, ManyTrainer, Role, Start, TargetColumn } from '../descent/backend.js';
import type { Beginning } from '../descent/start.js';
import { largestEigenvalue } from '../base/largest-eigenvalue.js';
import { constantWarnings, sizeWarnings } from '../descent/warnings.js';
import { labelledTargets, requireNumbers } from '../data/labels.js';
import type { Classes } from '../data/table/encoding.js';
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
  given: Omit<ManyData, 'roles'>,
  plans: readonly ModelPlan[],
  options: ManyOptions,
  startMs: number,
): Promise<TrainedModels> {
  const { signal } = options;
  const common: FitWarning[] = [];
  plans.forEach((plan) => requirePathFits(plan.settings, given.dataset.featureCount));
  const { settings: first } = plans[0] as ModelPlan; // how examples lie and where they are read is the same for all
  const { targets, classes } = targetsForLoss(given, plans, first.loss);
  const data = { ...given, targets };
  const backend = await openBackend(first.backend, options.context, common);
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
      const descents = await trainer.descendAll(
        prepared.map(({ start }) => start),
        { signal, onProgress: options.onProgress },
      );
      const results = descents.map((descent, k) => resultOfStart(descent, prepared[k] as PreparedModel));
      const validationLosses = await validate(trainer, roles, results);
      const finishedMs = performance.now();
      const timings = {
        deviceMs: openedMs - startMs,
        uploadMs: uploadedMs - openedMs,
        totalMs: finishedMs - startMs,
        ...timingsOf(descents, data),
      };
      const models = descents.map((descent, k) => {
        const { warnings, limit, start } = prepared[k] as PreparedModel;
        const { settings } = plans[k] as ModelPlan;
        const epochsRun = descent.lossHistory.length;
        const toCallerUnits = (parameters: Float64Array) => trainer.toCallerUnits(parameters, start.role.target);
        const report = assembleReport({
          backend: backend.name,
          adapter: backend.adapter,
          strategy: 'streaming',
          kernels: trainer.kernels,
          settings: { ...settings, ...rateInForce(start) },
          exampleCount: seenBy(start.role, data),
          featureCount: data.dataset.featureCount,
          lossHistory: Array.from(descent.lossHistory),
          path: pathReport([], descent, { ...settings, epochsRun }, toCallerUnits),
          stopReason: descent.stopReason,
          learningRateLimit: limit,
          state: stateReport(descent, start.initial, settings),
          reading: data.dataset.origin?.reading ?? null,
          timings,
          warnings: [...warnings, ...common],
        });
        return new LinearModel({
          ...toCallerUnits(results[k] as Float64Array),
          featureNames: data.dataset.featureNames,
          targetName: data.targets[start.role.target]?.name ?? '',
          loss: settings.loss,
          classes: classes[start.role.target] ?? null,
          encoder: data.dataset.origin?.encoder ?? null,
          report,
        });
      });
      return { models, validationLosses };
    } finally {
      trainer.dispose();
    }
  } finally {
    backend.dispose();
  }
}

/** The columns of targets as the loss learns them, and the classes of those that are labels. */
function targetsForLoss(
  { targets, dataset }: Omit<ManyData, 'roles'>,
  plans: readonly ModelPlan[],
  loss: FitSettings['loss'],
): { targets: readonly TargetColumn[]; classes: (Classes | null)[] } {
  const used = new Set(plans.map(({ role }) => role.target));
  const labelled = targets.map((column, k) => {
    if (!used.has(k)) return null;
    if (loss === 'logistic') return labelledTargets(column, dataset.exampleWeights);
    requireNumbers(column, loss);
    return null;
  });
  return {
    targets: targets.map((column, k) => ({ name: column.name, values: labelled[k]?.targets ?? column.values })),
    classes: labelled.map((column) => column?.classes ?? null),
  };
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
    const { heldOut } = role;
    if (eigenvalues.has(heldOut) || !hasLimit(settings)) continue;
    signal?.throwIfAborted();
    const apply = (direction: Float64Array) => trainer.curvature(direction, heldOut);
    eigenvalues.set(heldOut, await largestEigenvalue(apply, featureCount + 1));
  }
  return plans.map(({ role, settings, beginning }) => {
    const warnings = sizeWarnings(seenBy(role, data), featureCount, settings);
    const limit = limitOf(eigenvalues.get(role.heldOut) ?? Number.NaN, settings);
    const asked = ratesOf(settings);
    const rate = chooseRate({ ...settings, ...asked }, { limit, largestSquare: null }, warnings);
    const rule = ruleOf(settings, asked);
    const { epochs, patience, l1, l2, pathEvery } = settings;
    const { parameters } = beginning((given) => trainer.toTrainingUnits(given, role.target));
    return {
      start: { role, initial: parameters, settings: { ...rate, epochs, patience, l1, l2, pathEvery, rule } },
      limit,
      warnings,
    };
  });
}

/** The parameters of a model. */
function resultOfStart(descent: RunResult, { start: { settings } }: PreparedModel): Float64Array {
  return resultOf({ ...descent, epoch: descent.lossHistory.length }, settings.rule ?? { averageFrom: Infinity });
}

function rateInForce({ settings: { learningRate, tolerance } }: Start) {
  return { learningRate, tolerance };
}

/** Examples that a model of this role sees. */
function seenBy({ heldOut }: Role, { dataset, folds }: Omit<ManyData, 'roles'>): number {
  return dataset.exampleCount - (heldOut === null ? 0 : (folds[heldOut]?.length ?? 0));
}

/** One pass over each fold, with all models of one column of targets that did not see it. */
async function validate(
  trainer: ManyTrainer,
  roles: readonly Role[],
  results: readonly Float64Array[],
): Promise<(number | null)[]> {
  const found = roles.map((): number | null => null);
  const keyOf = ({ target, heldOut }: Role) => `${target} ${heldOut}`;
  for (const key of new Set(roles.map(keyOf))) {
    const those = roles.flatMap((role, k) => (keyOf(role) === key ? [k] : []));
    const { target, heldOut } = roles[those[0] as number] as Role;
    if (heldOut === null) continue;
    const points = those.map((k) => results[k] as Float64Array);
    const losses = await trainer.losses(
      points,
      { target, fold: heldOut },
      { signal: undefined, onProgress: undefined },
    );
    those.forEach((k, i) => (found[k] = losses[i] as number));
  }
  return found;
}

/**
 * The timings of all models together: runs one after another add up, and an epoch is one pass over the examples for
 * all.
 */
function timingsOf(
  descents: readonly RunResult[],
  { dataset }: Omit<ManyData, 'roles'>,
): Omit<Timings, 'deviceMs' | 'uploadMs' | 'totalMs'> {
  const runs = [...new Set(descents.map(({ timings }) => timings))];
  const sum = (of: (timings: RunResult['timings']) => number) => runs.reduce((total, run) => total + of(run), 0);
  const trainMs = sum((run) => run.trainMs);
  const epochs = Math.max(...descents.map(({ lossHistory }) => lossHistory.length));
  return {
    trainMs,
    readbackMs: sum((run) => run.readbackMs),
    gpuMs: runs.some(({ gpuMs }) => gpuMs === null) ? null : sum(({ gpuMs }) => gpuMs ?? 0),
    ...epochSpeed(epochs, trainMs, streamedBytes(dataset)),
  };
}
