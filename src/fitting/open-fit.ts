import type { RunState, RunWatch, UpdateRule } from '../descent/backend.js';
import type { Rate } from '../descent/learning-rate.js';
import type { FitReport, FitWarning } from '../descent/report.js';
import type { BeginningOptions } from '../descent/start.js';
import { constantWarnings, sizeWarnings } from '../descent/warnings.js';
import { requireDataForm } from '../data/data-form.js';
import type { Origin } from '../data/origin.js';
import type { Checkpoint } from '../model/checkpoint.js';
import { isDescent } from '../options/choose-optimizer.js';
import type { FitSettings } from '../options/specs.js';
import { countedIn } from './counted-examples.js';
import { type FitOptions, resolveOptions } from './fit-options.js';
import { type FitData, prepareData, type PreparedData } from './prepare-data.js';
import type { ChosenTrainer } from './strategy.js';

/** A trainer that is ready, where it trains, and the options in force. */
export interface OpenTraining extends ChosenTrainer, Pick<FitReport, 'backend' | 'placement' | 'adapter'> {
  /** The options with the values that 'auto' stands for, the learning rate excepted. */
  settings: FitSettings;
  /** The stability limit of the learning rate; null if it is unknown or there is none. */
  limit: number | null;
  rate: Rate;
  rule: UpdateRule;
  /** The size of random initial parameters. */
  startScale: number;
  rateWarnings: readonly FitWarning[];
  /** True if δ of Huber's loss was chosen from the errors before descent. */
  isDeltaChosen?: boolean;
  timings: { deviceMs: number; uploadMs: number };
  dispose(): void;
}

/** A fit that is ready for its first epoch: examples where they are trained on, and the resolved options. */
export interface OpenFit extends Omit<OpenTraining, 'timings' | 'validationCount'> {
  /** The state in which the run begins. */
  from: RunState;
  /** [d + 1] the parameters before the first epoch, in training units. */
  initial: Float64Array;
  /** The checkpoint whose epochs come before those of the run; null if there are none. */
  earlier: Checkpoint | null;
  featureNames: readonly string[];
  targetName: string;
  /** The table that the examples come from, once they have been read. */
  origin: () => Origin | null;
  /** The source of the examples, as far as it has been read; null for examples that came at once. */
  source: PreparedData['source'];
  signal: AbortSignal | undefined;
  timings: OpenTraining['timings'] & { startMs: number };
}

/** Checks options and data, uploads the examples and chooses the learning rate. The caller disposes of the result. */
export async function openFit(data: FitData, options: FitOptions, checkpoint: Checkpoint | null): Promise<OpenFit> {
  const startMs = performance.now();
  requireDataForm(data); // before the options: a call that mixes them up gets the form to write
  const settings = resolveOptions(options);
  options.signal?.throwIfAborted();
  const loading = loadOpening(settings); // while the data are prepared
  loading.catch(() => undefined); // it is awaited whether they are refused or not: nothing goes on behind an error
  const prepared = await prepareData(data, settings, options).finally(() => loading);
  const { beginningOf, scaledState } = await loading;
  const { featureNames, targetName } = prepared;
  const resumed = checkpoint && (await import('./from-checkpoint.js')).fromCheckpoint(checkpoint, featureNames);
  const beginning = resumed
    ? () => resumed.state
    : beginningOf(featureNames, settings, startOf(settings, options, featureNames.length));
  options.signal?.throwIfAborted();

  const opened = await openTraining(prepared, settings, options);
  try {
    const { trainer, validationCount, rateWarnings } = opened;
    const exampleCount = opened.exampleCount + validationCount;
    resumed?.requireSameCount(exampleCount);
    options.signal?.throwIfAborted();
    const warnings = [
      ...sizeWarnings(countedIn(prepared.training), featureNames.length, settings),
      ...opened.warnings,
      ...trainer.warnings,
      ...constantWarnings(featureNames, trainer),
    ];
    for (const warning of [...warnings, ...rateWarnings]) options.onWarning?.(warning);
    const isRandom = !resumed && !options.initialParameters && !options.warmStart;
    const first = beginning((parameters) => trainer.toTrainingUnits(parameters));
    const from = isRandom ? scaledState(first, opened.startScale) : first;
    return {
      ...opened,
      exampleCount,
      warnings,
      from,
      initial: resumed ? Float64Array.from(resumed.earlier.initial) : from.parameters,
      earlier: resumed?.earlier ?? null,
      featureNames,
      targetName,
      origin: prepared.origin,
      source: prepared.source,
      signal: options.signal,
      timings: { ...opened.timings, startMs },
    };
  } catch (error) {
    opened.dispose();
    throw error;
  }
}

/** The options that say where the fit begins: a solver without such options begins at 0, whatever the seed. */
function startOf(
  settings: FitSettings,
  { initialParameters, warmStart }: FitOptions,
  featureCount: number,
): BeginningOptions {
  if (isDescent(settings) || initialParameters || warmStart) return { initialParameters, warmStart };
  return { initialParameters: { weights: new Float64Array(featureCount), bias: 0 } };
}

/** Loads the parts of a bundle that open gradient descent or a solver, and returns the one that says where it begins. */
async function loadOpening(settings: FitSettings): Promise<typeof import('../descent/start.js')> {
  const opening = isDescent(settings) ? import('./open-descent.js') : import('./open-solver.js');
  const [start] = await Promise.all([import('../descent/start.js'), opening]);
  return start;
}

/** Opens gradient descent or a solver, whichever the options ask for. */
async function openTraining(prepared: PreparedData, asked: FitSettings, options: FitOptions): Promise<OpenTraining> {
  if (!isDescent(asked)) return (await import('./open-solver.js')).openSolver(prepared, asked, options);
  const { openDescent, resolveHuberDelta, withDelta } = await import('./open-descent.js');
  const resolved = await resolveHuberDelta(prepared.training, asked, options.signal);
  const opened = await openDescent(prepared, resolved, options);
  return { ...opened, settings: withDelta(asked, resolved), isDeltaChosen: asked.huberDelta === 'auto' };
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
