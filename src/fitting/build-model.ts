import { isStreamed } from '../data/inputs.js';
import { Dataset } from '../data/dataset.js';
import type { Parameters, RunResult } from '../descent/backend.js';
import { constantWarnings } from '../descent/warnings.js';
import { resultOf } from '../descent/optimizers.js';
import { pathReport } from '../descent/parameter-path.js';
import { twoClasses } from '../data/labels.js';
import { type FitReport, type FitWarning, type SolverReport, stateReport, type StopReason } from '../descent/report.js';
import { isDescent } from '../options/choose-optimizer.js';
import type { SmallestModel } from '../solve/smallest-weights.js';
import { type Assessment, assessConvergence, type FitEnd, unassessed } from './assess-convergence.js';
import { convergenceWarnings } from './convergence-warnings.js';
import type { SolverTrainer } from './solver-trainer.js';
import { noFirstLoss, requireFinite } from './require-finite.js';
import { isLeastSquares, isSolver } from './trainer-kinds.js';
import { assembleReport, epochSpeed, streamedBytes } from './assemble-report.js';
import type { OpenFit } from './open-fit.js';
import type { FittedModel } from '../model/fitted-model.js';
import { LinearModel } from '../model/linear-model.js';

/**
 * Numbers of the examples that a look at them may take after an abort: a millisecond or two on a software adapter. The convergence
 * of an aborted fit takes up to nine looks, for which nobody waits.
 */
const MOST_AFTER_ABORT = 2 ** 20;

/**
 * The model that a run came to, in the caller's units, with its report. `isWhole`: false if the trainer failed, so that it can
 * evaluate nothing any more.
 */
export async function buildModel(fit: OpenFit, run: RunResult, isWhole = true): Promise<FittedModel> {
  const { trainer, settings, rate, rule, initial, earlier, featureNames } = fit;
  const lossHistory = [...(earlier?.lossHistory ?? []), ...run.losses];
  const best = settings.restoreBest ? run.best?.parameters : undefined;
  const result = best ?? resultOf(run, rule);
  const toCallerUnits = (parameters: Float64Array) => trainer.toCallerUnits(parameters);
  const reason: StopReason = run.stopReason ?? 'aborted';
  const isHurried = reason === 'aborted' && fit.signal?.aborted === true;
  const smallest = isHurried ? null : await smallestOf(fit, toCallerUnits(result));
  const parameters = smallest ?? toCallerUnits(result);
  const size = { exampleCount: fit.exampleCount, featureCount: featureNames.length };
  const bytes = fit.strategy === 'streaming' ? streamedBytes(size) : null;
  if (reason === 'diverged' && lossHistory.length === 0 && isUnmoved(run, fit.from)) throw noFirstLoss(fit);
  // Of a source that is streamed each look takes a pass.
  const isLong = isStreamed(fit.data) ? reason === 'aborted' : isHurried && numbersOf(fit) > MOST_AFTER_ABORT;
  const mayRead = isWhole && !isLong;
  const end = {
    result,
    initial,
    epochsRun: isHurried ? 0 : lossHistory.length, // as many may be spent on an estimate as a share of them allows
    firstObjective: lossHistory[0] ?? Number.NaN,
    stopReason: reason,
  };
  const { convergence, stopReason } = mayRead ? await assessed(fit, end) : unassessed(reason);
  const settled = { ...settings, ...rate, ...(isSolver(trainer) && deltaOf(trainer)) };
  const diagnosis = await diagnose(fit);
  const ofDelta = mayRead && settings.loss === 'huber' ? await huberWarningsOf(fit, parameters) : [];
  const report = assembleReport({
    ...size,
    ...placeOfFit(fit),
    kernels: trainer.kernels,
    threads: trainer.threads ?? 1,
    tuning: trainer.tuning ?? null,
    settings: settled,
    lossHistory,
    validationHistory:
      settings.validationFraction > 0 ? [...(earlier?.validationHistory ?? []), ...run.validationLosses] : null,
    bestEpoch: run.best?.epoch ?? null,
    path: pathReport(earlier?.path ?? [], run, settings, toCallerUnits),
    stopReason,
    learningRateLimit: fit.limit,
    ...convergence,
    optimizer: optimizerOf(fit),
    ...(diagnosis && { solver: diagnosis.solver }),
    state: isDescent(settings) ? stateReport(run, initial, settings) : null,
    timings: timingsOf(fit, run, bytes),
    warnings: [
      ...fit.warnings,
      ...fit.rateWarnings,
      ...(diagnosis?.warnings ?? []),
      ...(smallest ? [smallest.warning] : []),
      ...ofDelta,
      ...convergenceWarnings(fit, { ...convergence, stopReason }),
    ],
  });
  return modelOf(fit, parameters, report);
}

/** Numbers that a pass over the examples reads; none where moments stand for them. */
function numbersOf({ strategy, exampleCount, featureNames }: OpenFit): number {
  return strategy === 'moments' ? 0 : exampleCount * (featureNames.length + 1);
}

/** The times of a fit up to now, and the speed of an epoch that reads so many bytes. */
function timingsOf({ timings: { startMs, ...timings } }: OpenFit, run: RunResult, bytes: number | null) {
  const speed = epochSpeed(run.losses.length, run.timings.trainMs, bytes);
  return { ...timings, totalMs: performance.now() - startMs, ...run.timings, ...speed };
}

/** True if the parameters are still the first ones, to the digits of f32: in an epoch of mini-batches others may have come. */
function isUnmoved({ parameters }: Pick<RunResult, 'parameters'>, from: Pick<RunResult, 'parameters'>): boolean {
  return parameters.every((value, j) => {
    const first = from.parameters[j] as number;
    return Math.abs(value - first) <= 2 ** -22 * Math.max(Math.abs(value), Math.abs(first)) || value === 0;
  });
}

/** The place where a fit ran, and how its examples came. */
function placeOfFit(fit: OpenFit) {
  const { backend, placement, adapter, strategy } = fit;
  const reading = fit.origin()?.reading ?? null;
  return { backend, placement, adapter, strategy, reading, source: sourceReport(fit) };
}

/** The convergence of a fit; unknown if a signal ends the passes over a source that would tell. */
async function assessed(fit: OpenFit, end: FitEnd): Promise<Assessment> {
  try {
    return await assessConvergence(fit, end);
  } catch (error) {
    if (!isStreamed(fit.data) || !fit.signal?.aborted) throw error;
    return unassessed(end.stopReason);
  }
}

/** The way in which a source was read; null for examples that came at once. */
function sourceReport({ source }: OpenFit): FitReport['source'] {
  return source && { read: source.read, passes: source.passes() };
}

/** The rank and condition of an exact solution with its warnings; null for other trainers, and before it is found. */
async function diagnose({
  trainer,
  featureNames,
}: OpenFit): Promise<{ solver: SolverReport; warnings: FitWarning[] } | null> {
  if (!isLeastSquares(trainer) || !trainer.solution) return null;
  const { diagnoseLeastSquares } = await import('../solve/least-squares.js');
  const { solver, warnings } = await diagnoseLeastSquares(trainer.solution);
  const ofColumns = constantWarnings(featureNames, trainer.solution);
  return { solver, warnings: [...ofColumns, ...trainer.warnings, ...warnings] };
}

/** The model, with the encoder and the classes of the table that its examples came from. */
function modelOf(
  { featureNames, targetName, settings: { loss }, origin }: OpenFit,
  parameters: Parameters,
  report: FitReport,
): FittedModel {
  const { weights, bias } = requireFinite(parameters, featureNames);
  const { encoder = null, labels = null } = origin() ?? {};
  const classes = twoClasses(labels);
  return new LinearModel({ weights, bias, featureNames, targetName, loss, encoder, classes, report }) as FittedModel;
}

/** The smallest of the models that are as good, where an iterative solver came to one of many. */
async function smallestOf({ trainer, settings, data }: OpenFit, parameters: Parameters): Promise<SmallestModel | null> {
  const isUnique = settings.l1 > 0 || settings.l2 > 0;
  if (!isSolver(trainer) || isUnique || !(data instanceof Dataset)) return null;
  if (![...parameters.weights, parameters.bias].every(Number.isFinite)) return null;
  const { smallestModel } = await import('../solve/smallest-weights.js');
  return smallestModel(data, settings, parameters);
}

async function huberWarningsOf(
  { data, settings, isDeltaChosen = false }: OpenFit,
  parameters: Parameters,
): Promise<FitWarning[]> {
  if (isDeltaChosen || !data) return [];
  const { huberWarnings } = await import('./huber-warnings.js');
  return huberWarnings(data, settings, parameters);
}

/** δ as the solver found it. */
function deltaOf({ huberDelta }: SolverTrainer): { huberDelta?: number } {
  return huberDelta === undefined ? {} : { huberDelta };
}

function optimizerOf({ trainer, settings }: OpenFit): FitReport['optimizer'] {
  if (isDescent(settings)) return settings.optimizer;
  if (isSolver(trainer)) return trainer.solverName ?? 'newton';
  return trainer.kernels === 'qr' ? 'qr' : 'normalEquations';
}
