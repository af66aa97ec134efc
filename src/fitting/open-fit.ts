import { largestEigenvalue } from '../base/largest-eigenvalue.js';
import type { RunState, RunWatch, Trainer, UpdateRule } from '../descent/backend.js';
import { chooseRate, hasLimit, limitOf, type Rate } from '../descent/learning-rate.js';
import { ruleOf } from '../descent/optimizers.js';
import { requirePathFits } from '../descent/parameter-path.js';
import type { FitReport, FitWarning } from '../descent/report.js';
import { type Earlier, NOTHING_EARLIER, type SavedFit } from '../descent/saved-state.js';
import { ratesOf } from '../descent/schedules.js';
import { beginningOf, requireSameCount, savedInOrder } from '../descent/start.js';
import { constantWarnings, sizeWarnings } from '../descent/warnings.js';
import { requireDataForm } from '../data/dataset.js';
import { Moments } from '../moments/moments.js';
import type { Origin } from '../data/origin.js';
import type { FitSettings } from '../options/specs.js';
import { type FitOptions, resolveOptions } from './fit-options.js';
import { openBackend } from './open-backend.js';
import { type FitData, prepareData, type TrainingData } from './prepare-data.js';
import { chooseTrainer } from './strategy.js';

/** A fit that is ready for its first epoch: examples where they are trained on, and the resolved options. */
export interface OpenFit extends Pick<FitReport, 'backend' | 'adapter' | 'strategy' | 'exampleCount' | 'warnings'> {
  /** The options as requested by the caller. */
  settings: FitSettings;
  trainer: Trainer;
  /** The training data, as far as the host has them. */
  data: TrainingData;
  from: RunState;
  earlier: Earlier;
  limit: number | null;
  rate: Rate;
  rule: UpdateRule;
  rateWarnings: readonly FitWarning[];
  featureNames: readonly string[];
  targetName: string;
  /** The table that the examples come from, once they have been read. */
  origin: () => Origin | null;
  timings: { startMs: number; deviceMs: number; uploadMs: number };
  dispose(): void;
}

/** Checks options and data, uploads the examples and chooses the learning rate. The caller disposes of the result. */
export async function openFit(data: FitData, options: FitOptions, saved: SavedFit | null): Promise<OpenFit> {
  const startMs = performance.now();
  requireDataForm(data); // before the options: a call that mixes them up gets the form to write
  const settings = resolveOptions(options);
  const { signal } = options;
  signal?.throwIfAborted();
  const prepared = await prepareData(data, settings, options.context);
  const { featureNames, targetName } = prepared;
  requirePathFits(settings, featureNames.length);
  const requestedRates = ratesOf(settings);
  const resumed = saved && savedInOrder(saved, featureNames);
  const beginning = resumed ? () => resumed.state : beginningOf(featureNames, settings, options);
  signal?.throwIfAborted();

  const warnings: FitWarning[] = [];
  const needsBackend = !(prepared.training instanceof Moments);
  const backend = needsBackend ? await openBackend(settings.backend, options.context, warnings) : null;
  const openedMs = performance.now();
  let trainer: Trainer | undefined;
  const dispose = () => {
    trainer?.dispose();
    backend?.dispose();
  };
  try {
    const chosen = await chooseTrainer(prepared, backend, settings, signal);
    trainer = chosen.trainer;
    const exampleCount = chosen.exampleCount + chosen.validationCount;
    if (resumed) requireSameCount(exampleCount, resumed);
    const uploadedMs = performance.now();
    const limit = await measureLimit(chosen.trainer, featureNames.length, settings);
    const rateWarnings: FitWarning[] = [];
    const curvature = { limit, largestSquare: trainer.largestSquare };
    const rate = chooseRate({ ...settings, ...requestedRates }, curvature, rateWarnings);
    signal?.throwIfAborted();
    const allWarnings = [
      ...sizeWarnings(chosen.exampleCount, featureNames.length, settings),
      ...warnings,
      ...chosen.warnings,
      ...trainer.warnings,
      ...constantWarnings(featureNames, trainer),
    ];
    for (const warning of [...allWarnings, ...rateWarnings]) options.onWarning?.(warning);
    return {
      backend: backend?.name ?? 'cpu',
      adapter: backend?.adapter ?? null,
      strategy: chosen.strategy,
      exampleCount,
      warnings: allWarnings,
      settings,
      trainer,
      data: chosen.data,
      from: beginning((parameters) => chosen.trainer.toTrainingUnits(parameters)),
      earlier: resumed?.earlier ?? NOTHING_EARLIER,
      limit,
      rate,
      rule: ruleOf(settings, requestedRates),
      rateWarnings,
      featureNames,
      targetName,
      origin: prepared.origin,
      timings: { startMs, deviceMs: openedMs - startMs, uploadMs: uploadedMs - openedMs },
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** The stability limit of the learning rate, from the largest curvature of the examples. */
async function measureLimit(trainer: Trainer, featureCount: number, settings: FitSettings): Promise<number | null> {
  if (!hasLimit(settings)) return null;
  const curvature = (direction: Float64Array) => trainer.curvature(direction);
  return limitOf(await largestEigenvalue(curvature, featureCount + 1), settings);
}

/** Adapts the caller's `onProgress` to the engine's callback. */
export function progressCallback(
  onProgress: FitOptions['onProgress'],
  epochs: number,
): RunWatch['onProgress'] | undefined {
  return (
    onProgress &&
    ((epoch, loss, losses, validationLosses) =>
      onProgress({
        epoch,
        epochs,
        loss,
        losses: Array.from(losses),
        validationLosses: Array.from(validationLosses),
      }))
  );
}
