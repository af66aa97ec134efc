import { giveWay, inTurns } from '../base/turns.js';
import type { ManyData, ManyTrainer, Role, RunResult, Start, TargetColumn } from '../descent/backend.js';
import type { FitReport, FitWarning } from '../descent/report.js';
import type { Dataset } from '../data/checked-dataset.js';
import { withParts } from '../data/with-parts.js';
import { takeRows } from '../data/dataset-rows.js';
import type { DescentOptions } from '../options/choose-optimizer.js';
import { HostEvaluator } from '../solve/host-evaluator.js';
import { assessConvergence, type Convergence, unassessed } from './assess-convergence.js';
import { convergenceWarnings } from './convergence-warnings.js';

/** Multiply-adds on the host that the gradients of all models may take: about 0.2 s. */
const MOST_WORK = 2e8;

/** Gradients that the best constant model takes mostly, for the prediction of the work. */
const CONSTANT_PASSES = 3;

/** One of several models after its training. */
export interface TrainedModel {
  start: Start;
  settings: DescentOptions;
  run: RunResult;
  /** [d + 1] The parameters of the model, in training units. */
  result: Float64Array;
}

/** The parts of a model's report that tell if it is at its optimum. */
export type ModelConvergence = Convergence & Pick<FitReport, 'stopReason'> & { lateWarnings: FitWarning[] };

/**
 * The convergence of models that were trained together, on the host in f64: each by the gradient over the examples that it
 * sees. If the gradients of all would take long, it is unknown.
 */
export async function assessMany(
  trainer: Pick<ManyTrainer, 'constantFeatures' | 'toCallerUnits'>,
  data: Omit<ManyData, 'roles'>,
  models: readonly TrainedModel[],
): Promise<ModelConvergence[]> {
  const { exampleCount, featureCount, featureNames } = data.dataset;
  const isAffordable = 2 * (1 + CONSTANT_PASSES) * models.length * exampleCount * featureCount <= MOST_WORK;
  const found: ModelConvergence[] = [];
  let seen: { role: Role; dataset: Dataset } | undefined;
  for (const { start, settings, run, result } of models) {
    await giveWay(); // the training units of many features are some milliseconds of work
    const { role, initial } = start;
    const whole = wholeDataset(data, role);
    if (isAffordable && (seen?.role.target !== role.target || seen.role.validationFold !== role.validationFold)) {
      seen = { role, dataset: await trainingDataset(whole, data, role) };
    }
    const dataset = seen?.dataset ?? whole;
    const inForce = { ...settings, tolerance: start.settings.tolerance, learningRate: start.settings.learningRate };
    const reason: FitReport['stopReason'] = run.stopReason ?? 'aborted';
    // With folds the training units are those of all examples.
    const fit = { settings: inForce, exampleCount: dataset.exampleCount, featureNames, data: role.validationFold === null ? dataset : null }; // prettier-ignore
    const end = {
      result,
      initial,
      firstObjective: run.losses[0] ?? Number.NaN,
      stopReason: reason,
      epochsRun: run.losses.length,
    };
    const units = {
      constantFeatures: trainer.constantFeatures,
      toCallerUnits: (parameters: Float64Array) => trainer.toCallerUnits(parameters, role.target),
    };
    const { convergence, stopReason } = isAffordable
      ? await assessConvergence({ ...fit, trainer: HostEvaluator.inUnitsOf(units, dataset, settings) }, end)
      : unassessed(reason);
    const lateWarnings = convergenceWarnings(fit, { ...convergence, stopReason });
    found.push({ ...convergence, stopReason, lateWarnings });
  }
  return found;
}

/** All examples, with the targets of the role. */
export function wholeDataset({ dataset, targets }: Omit<ManyData, 'roles'>, { target }: Role): Dataset {
  const { name, values, labels = null } = targets[target] as TargetColumn;
  const { origin } = dataset;
  const own = (origin ?? labels) && { encoder: null, reading: null, ...origin, labels, inputs: null };
  return withParts(dataset, { targets: values, targetName: name, origin: own });
}

/** The examples that a model of the role sees. */
export async function trainingDataset(
  whole: Dataset,
  data: Omit<ManyData, 'roles'>,
  role: Role,
  signal?: AbortSignal,
): Promise<Dataset> {
  const rows = trainingRows(data, role);
  return rows ? inTurns(takeRows(whole, rows), signal) : whole;
}

/** The rows that a model of the role sees; null for all. */
export function trainingRows(
  { dataset: { exampleCount }, folds }: Omit<ManyData, 'roles'>,
  { validationFold }: Role,
): Uint32Array | null {
  if (validationFold === null) return null;
  const leftOut = folds[validationFold] as Uint32Array; // in rising order
  const rows = new Uint32Array(exampleCount - leftOut.length);
  for (let row = 0, at = 0, out = 0; row < exampleCount; row++) {
    if (leftOut[out] === row) out++;
    else rows[at++] = row;
  }
  return rows;
}
