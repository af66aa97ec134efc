import type { RunState, RunWatch, Trainer, UpdateRule } from '../descent/backend.js';
import { measureRate, type Rate } from '../descent/learning-rate.js';
import { ruleOf } from '../descent/optimizers.js';
import { requirePathFits } from '../descent/parameter-path.js';
import type { FitReport, FitWarning } from '../descent/report.js';
import { ratesOf } from '../descent/schedules.js';
import { beginningOf } from '../descent/start.js';
import { constantWarnings, sizeWarnings } from '../descent/warnings.js';
import type { Checkpoint } from '../model/checkpoint.js';
import { Moments } from '../moments/moments.js';
import type { FitSettings } from '../options/specs.js';
import { type FitOptions, resolveOptions } from './fit-options.js';
import { reorderCheckpoint, requireSameCount, stateOf } from './from-checkpoint.js';
import { openBackend } from './open-backend.js';
import { type FitData, prepareData, type TrainingData } from './prepare-data.js';
import { type ChosenTrainer, chooseTrainer } from './strategy.js';

/** A fit that is ready for its first epoch: examples where they are trained on, and the resolved options. */
export interface OpenFit extends Pick<FitReport, 'backend' | 'adapter' | 'strategy' | 'exampleCount' | 'warnings'> {
  /** The options as requested by the caller. */
  settings: FitSettings;
  trainer: Trainer;
  /** The training data, as far as the host has them. */
  data: TrainingData;
  /** The state in which the run begins. */
  from: RunState;
  /** [d + 1] the parameters before the first epoch, in training units. */
  initial: Float64Array;
  /** The checkpoint whose epochs come before those of the run; null if there are none. */
  earlier: Checkpoint | null;
  limit: number | null;
  rate: Rate;
  rule: UpdateRule;
  rateWarnings: readonly FitWarning[];
  featureNames: readonly string[];
  targetName: string;
  timings: { startMs: number; deviceMs: number; uploadMs: number };
  dispose(): void;
}

/** Checks options and data, uploads the examples and chooses the learning rate. The caller disposes of the result. */
export async function openFit(data: FitData, options: FitOptions, checkpoint: Checkpoint | null): Promise<OpenFit> {
  const startMs = performance.now();
  const settings = resolveOptions(options);
  const { signal } = options;
  signal?.throwIfAborted();
  const prepared = await prepareData(data, settings, options.context);
  const { featureNames, targetName } = prepared;
  requirePathFits(settings, featureNames.length);
  const requestedRates = ratesOf(settings);
  const rule = ruleOf(settings, requestedRates);
  const earlier = checkpoint && reorderCheckpoint(checkpoint, featureNames);
  const beginning = earlier ? () => stateOf(earlier) : beginningOf(featureNames, settings, options);
  signal?.throwIfAborted();

  const opened = prepared.training instanceof Moments ? null : await openBackend(settings.backend, options.context);
  const backend = opened?.backend ?? null;
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
    if (earlier) requireSameCount(exampleCount, earlier);
    const uploadedMs = performance.now();
    const request = { ...settings, ...requestedRates };
    const { limit, rate, warnings: rateWarnings } = await measureRate(trainer, featureNames.length, request);
    signal?.throwIfAborted();
    const warnings = warningsOf(opened?.warnings ?? [], chosen, featureNames, settings);
    for (const warning of [...warnings, ...rateWarnings]) options.onWarning?.(warning);
    const from = beginning((parameters) => chosen.trainer.toTrainingUnits(parameters));
    return {
      backend: backend?.name ?? 'cpu',
      adapter: backend?.adapter ?? null,
      strategy: chosen.strategy,
      exampleCount,
      warnings,
      settings,
      trainer,
      data: chosen.data,
      from,
      initial: earlier ? Float64Array.from(earlier.initial) : from.parameters,
      earlier,
      limit,
      rate,
      rule,
      rateWarnings,
      featureNames,
      targetName,
      timings: { startMs, deviceMs: openedMs - startMs, uploadMs: uploadedMs - openedMs },
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** The warnings about the data, the backend and the trainer, in the order in which a report lists them. */
function warningsOf(
  backendWarnings: readonly FitWarning[],
  { trainer, exampleCount, warnings }: ChosenTrainer,
  featureNames: readonly string[],
  settings: FitSettings,
): FitWarning[] {
  return [
    ...sizeWarnings(exampleCount, featureNames.length, settings),
    ...backendWarnings,
    ...warnings,
    ...trainer.warnings,
    ...constantWarnings(featureNames, trainer),
  ];
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
