import type { Descent, DescentState, RunWatch, Trainer, UpdateRule } from './backend.js';
import { beginningOf, requireSameCount, savedInOrder } from './beginning.js';
import { largestEigenvalue } from './curvature.js';
import { type ExampleData, isSource, toDataset } from './data.js';
import { requireObject } from './known-options.js';
import { Dataset } from './dataset.js';
import { descend } from './descend.js';
import { distanceToOptimum } from './distance.js';
import { DescentError } from './errors.js';
import { BufferExamples, type BufferInput, examplesForFit, isBufferInput } from './gpu/buffer-examples.js';
import { checkLabels } from './labels.js';
import { chooseRate, hasLimit, limitOf, type Rate } from './learning-rate.js';
import { LinearModel } from './model.js';
import { Moments } from './moments/moments.js';
import { openBackend } from './open-backend.js';
import { resultOf, ruleOf } from './optimizers.js';
import { type FitOptions, type FitSettings, resolveSettings } from './options.js';
import { pathReport, requirePathFits } from './path.js';
import { type FitReport, type FitWarning, type PathPoint, stateReport } from './report.js';
import { ratesOf } from './schedules.js';
import { SyntheticData } from './sources/synthetic.js';
import { chooseTrainer, parted, type PreparedData } from './strategy.js';

/**
 * Training data for `fit`: plain arrays, a checked dataset, a source that is read to its end, examples in buffers of
 * the context's device, or the moments of examples, which replace the examples.
 */
export type FitData = ExampleData | BufferInput | Moments;

/**
 * Fits h(x) = X·w + b to the data by gradient descent on L = 1/(2m)·Σ (h(x) − y)², or another `loss`, on the GPU.
 *
 *     source → dataset → upload → [ residual → gradient → update ] × epochs → readback → model + report
 *     source → moments → [ gradient → update ] × epochs → model + report         (strategy 'moments', on the host)
 *
 * The model's weights are in the units of the given features, whether or not descent standardises them inside.
 * A rate over the stability limit ends as `stopReason: 'diverged'` with the last parameters whose loss was finite.
 *
 * Throws a `DescentError` before any training for data or options that are wrong, and when the device cannot hold
 * the data, is missing or goes away. Whatever happens, nothing stays allocated.
 *
 *     const model = await fit({ features: X, targets: y, featureCount: 2 }, { epochs: 100, learningRate: 1 });
 *     model.weights // Float64Array [2]
 */
export async function fit(data: FitData, options: FitOptions = {}): Promise<LinearModel> {
  return train(data, options, null);
}

/** The story, from the first epoch or from where an earlier fit left off. */
export async function train(data: FitData, options: FitOptions, saved: SavedFit | null): Promise<LinearModel> {
  const ready = await openFit(data, options, saved);
  try {
    const { trainer, from, settings, rate, rule } = ready;
    const descent = await descend(trainer, from, {
      ...settings,
      ...rate,
      rule,
      signal: options.signal,
      onProgress: options.onProgress && told(options.onProgress, settings.epochs),
    });
    return modelOf(ready, descent);
  } finally {
    ready.dispose();
  }
}

/** Adapts the caller's `onProgress` to the callback of a run. */
export function told(onProgress: NonNullable<FitOptions['onProgress']>, epochs: number): RunWatch['onProgress'] {
  return (epoch, loss, losses, validationLosses) =>
    onProgress({
      epoch,
      epochs,
      loss,
      losses: Array.from(losses),
      validationLosses: Array.from(validationLosses),
    });
}

/** The state in which an earlier fit of the same examples ended. */
export interface SavedFit {
  featureNames: readonly string[];
  exampleCount: number;
  state: DescentState;
  earlier: Earlier;
}

/** The reported history of the epochs before a run. */
export interface Earlier {
  lossHistory: readonly number[];
  validationHistory: readonly number[];
  path: readonly PathPoint[];
  /** [d + 1] in training units, what descent began at; null where that is the beginning of the run. */
  initial: Float64Array | null;
}

export const NOTHING_EARLIER: Earlier = { lossHistory: [], validationHistory: [], path: [], initial: null };

/** Data where they are trained on, and all that is known before the first epoch. */
export interface ReadyFit extends Pick<FitReport, 'backend' | 'adapter' | 'strategy' | 'exampleCount' | 'warnings'> {
  /** The options as requested by the caller. */
  settings: FitSettings;
  trainer: Trainer;
  /** The training data, as far as the host has them. */
  data: PreparedData;
  from: DescentState;
  earlier: Earlier;
  limit: number | null;
  rate: Rate;
  rule: UpdateRule;
  rateWarnings: readonly FitWarning[];
  featureNames: readonly string[];
  targetName: string;
  timings: { startMs: number; deviceMs: number; uploadMs: number };
  dispose(): void;
}

/** The story up to the first epoch. What it opens is the caller's to dispose of. */
export async function openFit(data: FitData, options: FitOptions, saved: SavedFit | null): Promise<ReadyFit> {
  const startMs = performance.now();
  const settings = resolveSettings(options);
  const { signal } = options;
  signal?.throwIfAborted();
  const prepared = await prepare(data, settings, options.context);
  const { given, heldOut } = parted(prepared, settings);
  const { featureNames, targetName } = await namesOf(given);
  requirePathFits(settings, featureNames.length);
  const asked = ratesOf(settings);
  const resumed = saved && savedInOrder(saved, featureNames);
  const beginning = resumed ? () => resumed.state : beginningOf(featureNames, settings, options);
  signal?.throwIfAborted();

  const warnings: FitWarning[] = [];
  const backend = given instanceof Moments ? null : await openBackend(settings.backend, options.context, warnings);
  const openedMs = performance.now();
  let trainer: Trainer | undefined;
  const dispose = () => {
    trainer?.dispose();
    backend?.dispose();
  };
  try {
    const chosen = await chooseTrainer(given, heldOut, backend, settings, warnings, signal);
    const { strategy } = chosen;
    const exampleCount = chosen.exampleCount + chosen.heldOutCount;
    trainer = chosen.trainer;
    if (resumed) requireSameCount(exampleCount, resumed);
    const uploadedMs = performance.now();
    warnings.unshift(...warningsAbout(chosen.exampleCount, featureNames.length, settings));
    warnings.push(...trainer.warnings, ...constantWarnings(featureNames, trainer));
    const curvature = (direction: Float64Array) => chosen.trainer.curvature(direction);
    const largest = hasLimit(settings) ? await largestEigenvalue(curvature, featureNames.length + 1) : Infinity;
    const limit = limitOf(largest, settings);
    const rateWarnings: FitWarning[] = [];
    const rate = chooseRate({ ...settings, ...asked }, { limit, largestSquare: trainer.largestSquare }, rateWarnings);
    signal?.throwIfAborted();
    for (const warning of [...warnings, ...rateWarnings]) options.onWarning?.(warning);
    return {
      backend: backend?.name ?? 'cpu',
      adapter: backend?.adapter ?? null,
      strategy,
      exampleCount,
      warnings,
      settings,
      trainer,
      data: chosen.data,
      from: beginning((parameters) => chosen.trainer.toTrainingUnits(parameters)),
      earlier: resumed?.earlier ?? NOTHING_EARLIER,
      limit,
      rate,
      rule: ruleOf(settings, asked),
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

/** The story from the last epoch on. */
export function modelOf(ready: ReadyFit, descent: Descent): LinearModel {
  const { trainer, settings, rate, rule, limit, featureNames, targetName } = ready;
  const { strategy, exampleCount, backend, adapter } = ready;
  const { startMs, ...timings } = ready.timings;
  const bytes = strategy === 'streaming' ? 4 * exampleCount * (featureNames.length + 1) : null;
  const lossHistory = [...ready.earlier.lossHistory, ...descent.lossHistory];
  const epochsRun = lossHistory.length;
  const initial = ready.earlier.initial ?? ready.from.parameters;
  const chosen = settings.restoreBest ? descent.best?.parameters : undefined;
  const result = chosen ?? resultOf({ ...descent, epoch: epochsRun }, rule);
  const validationHistory = [...ready.earlier.validationHistory, ...descent.validationHistory];
  const { weights, bias } = trainer.toCallerUnits(result);
  const report: FitReport = {
    backend,
    adapter,
    strategy,
    kernels: trainer.kernels,
    settings: { ...settings, ...rate },
    exampleCount,
    featureCount: featureNames.length,
    lossHistory,
    epochsRun,
    validationHistory: settings.validationFraction > 0 ? validationHistory : null,
    bestEpoch: descent.best?.epoch ?? null,
    path: pathReport(ready.earlier.path, descent, { ...settings, epochsRun }, (point) => trainer.toCallerUnits(point)),
    stopReason: descent.stopReason,
    learningRateLimit: limit,
    distanceToOptimum: distanceToOptimum(ready.data, settings, initial, result),
    state: stateReport(descent, initial, settings),
    timings: {
      ...timings,
      totalMs: performance.now() - startMs,
      ...descent.timings,
      ...epochSpeed(descent.lossHistory.length, descent.timings.trainMs, bytes),
    },
    warnings: [...ready.warnings, ...ready.rateWarnings],
  };
  return new LinearModel({ weights, bias, featureNames, targetName, loss: settings.loss, report });
}

/** Data as a strategy takes it: a source as it is where one pass over it is all, and else a dataset. */
async function prepare(data: FitData, settings: FitSettings, context: FitOptions['context']): Promise<PreparedData> {
  requireObject(data);
  if (isBufferInput(data)) return examplesForFit(data, settings, context);
  if (settings.strategy === 'moments' || data instanceof Moments) refuseStreamed(settings);
  if (data instanceof Moments) {
    refuseExamples(data, settings);
    return data;
  }
  if (data instanceof SyntheticData && canBeMade(data, settings)) return data;
  if (settings.strategy === 'moments' && isSource(data) && settings.validationFraction === 0) return data;
  const dataset = await toDataset(data);
  if (settings.loss === 'logistic') checkLabels(dataset.targets, dataset.targetName, dataset.exampleWeights);
  return dataset;
}

/**
 * True if streaming may generate synthetic data on the GPU. Halves, moments and batches need the numbers on the host,
 * and so does the check of labels.
 */
function canBeMade({ spec }: SyntheticData, { backend, storage, strategy, loss, batchSize }: FitSettings): boolean {
  const areTargets = loss !== 'logistic' || spec.targets === 'logistic';
  return areTargets && backend !== 'cpu' && storage === 'f32' && strategy !== 'moments' && batchSize === 'full';
}

/** Options that only streaming has. */
function refuseStreamed({ kernels, storage, batchSize }: FitSettings): void {
  const asked = [
    kernels !== 'auto' && `kernels '${kernels}'`,
    storage !== 'f32' && `storage '${storage}'`,
    batchSize !== 'full' && `batchSize ${batchSize}`,
  ].find((option) => option !== false);
  if (asked === undefined) return;
  throw new DescentError('INVALID_OPTION', {
    got: `moments with ${asked}`,
    expected:
      "kernels 'auto', storage 'f32' and batchSize 'full', because training on moments does not read the features",
    fix: "Use strategy: 'streaming' on the examples, or leave the other option out.",
  });
}

/** Options that ask for examples, where there are moments alone. */
function refuseExamples({ targetCount }: Moments, { strategy, backend, loss, validationFraction }: FitSettings): void {
  if (targetCount !== 1) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `moments of ${targetCount} targets`,
      expected: 'exactly one target',
      fix: 'Compute moments with one target.',
    });
  }
  const asked = [
    strategy === 'streaming' && "strategy 'streaming'",
    backend === 'webgpu' && "backend 'webgpu'",
    loss !== 'squared' && `loss '${loss}'`,
    validationFraction > 0 && 'validationFraction',
  ].find((option) => option !== false);
  if (asked === undefined) return;
  throw new DescentError('INVALID_OPTION', {
    got: `moments with ${asked}`,
    expected: 'examples, because training on moments uses the squared loss, on the CPU',
    fix: 'Leave the option out, or pass the examples.',
  });
}

async function namesOf(given: PreparedData) {
  if (given instanceof Dataset || given instanceof SyntheticData || given instanceof BufferExamples) return given;
  if (given instanceof Moments) return { featureNames: given.featureNames, targetName: given.targetNames[0] as string };
  const { features, target } = await given.columns();
  return { featureNames: features, targetName: target };
}

export function warningsAbout(
  exampleCount: number,
  featureCount: number,
  { fitIntercept }: Pick<FitSettings, 'fitIntercept'>,
): FitWarning[] {
  const parameterCount = featureCount + (fitIntercept ? 1 : 0);
  if (exampleCount >= parameterCount) return [];
  const message = `${exampleCount} ${exampleCount === 1 ? 'example' : 'examples'} for ${parameterCount} parameters: the best model is not unique, and this is one of many.`;
  return [{ code: 'UNDERDETERMINED', message }];
}

export function constantWarnings(
  featureNames: readonly string[],
  trainer: Pick<Trainer, 'constantFeatures'>,
): FitWarning[] {
  return trainer.constantFeatures.map((j) => ({
    code: 'CONSTANT_FEATURE',
    message: `Feature '${featureNames[j]}' is constant: its weight is 0.`,
  }));
}

/** `bytes` are those of X and y in f32, counted once per epoch; null where an epoch reads none. */
function epochSpeed(epochs: number, trainMs: number, bytes: number | null) {
  if (epochs === 0) return { msPerEpoch: null, gigabytesPerSecond: null };
  const msPerEpoch = trainMs / epochs;
  return { msPerEpoch, gigabytesPerSecond: bytes === null ? null : bytes / msPerEpoch / 1e6 };
}
