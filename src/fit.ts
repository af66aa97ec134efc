import type { Backend, Descent, Trainer } from './backend.js';
import { largestEigenvalue } from './curvature.js';
import { collectDataset, createDataset, Dataset, type DatasetInput } from './dataset.js';
import { DescentError } from './errors.js';
import { openGpuBackend } from './gpu/backend.js';
import { LinearModel } from './model.js';
import { type FitOptions, type FitSettings, resolveSettings } from './options.js';
import { signedUniforms, STREAMS } from './random.js';
import { openReferenceBackend } from './reference/backend.js';
import type { FitReport, FitWarning } from './report.js';
import type { ExampleSource } from './sources/source.js';

/** What `fit` learns from: plain arrays, a checked dataset, or a source that is read to its end. */
export type FitData = DatasetInput | Dataset | ExampleSource;

/**
 * Fits h(x) = X·w + b to the data by gradient descent on L = 1/(2m)·Σ (h(x) − y)², on the GPU.
 *
 *     source → dataset → upload → [ residual → gradient → update ] × epochs → readback → model + report
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
  const startMs = performance.now();
  const settings = resolveSettings(options);
  options.signal?.throwIfAborted();
  const dataset = await toDataset(data);
  const initial = initialParameters(dataset, settings, options.initialParameters);
  options.signal?.throwIfAborted();

  const warnings = warningsAbout(dataset);
  const backend = await openBackend(settings, options, warnings);
  const openedMs = performance.now();
  try {
    const trainer = await backend.upload(dataset, { ...settings, signal: options.signal });
    const uploadedMs = performance.now();
    try {
      warnings.push(...trainer.warnings, ...constantWarnings(dataset, trainer));
      const limit = await learningRateLimit(trainer, dataset.featureCount + 1, settings.l2);
      const learningRate = chooseLearningRate(settings.learningRate, limit, warnings);
      // Over the limit the loss rises without end: an epoch in which it does not fall is no sign of being done.
      const tolerance = limit !== null && learningRate >= limit ? 0 : settings.tolerance;
      options.signal?.throwIfAborted();

      const descent = await trainer.descend(initial, {
        ...settings,
        learningRate,
        tolerance,
        signal: options.signal,
        onProgress: (epoch, loss) => options.onProgress?.({ epoch, epochs: settings.epochs, loss }),
      });
      const { weights, bias } = trainer.toCallerUnits(descent.parameters);
      const report: FitReport = {
        backend: backend.name,
        adapter: backend.adapter,
        strategy: 'streaming',
        kernels: trainer.kernels,
        settings: { ...settings, learningRate, tolerance },
        exampleCount: dataset.exampleCount,
        featureCount: dataset.featureCount,
        lossHistory: Array.from(descent.lossHistory),
        epochsRun: descent.lossHistory.length,
        stopReason: descent.stopReason,
        learningRateLimit: limit,
        timings: {
          deviceMs: openedMs - startMs,
          uploadMs: uploadedMs - openedMs,
          totalMs: performance.now() - startMs,
          ...descent.timings,
          ...epochSpeed(dataset, descent),
        },
        warnings,
      };
      return new LinearModel({
        weights,
        bias,
        featureNames: dataset.featureNames,
        targetName: dataset.targetName,
        report,
      });
    } finally {
      trainer.dispose();
    }
  } finally {
    backend.dispose();
  }
}

export function toDataset(data: FitData): Dataset | Promise<Dataset> {
  if (data instanceof Dataset) return data;
  // Callers without types hand in anything.
  if (typeof (data as unknown) !== 'object' || (data as unknown) === null) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `data of type ${(data as unknown) === null ? 'null' : typeof data}`,
      expected: 'an object with features and targets',
      fix: 'Pass { features, targets, featureCount }, for example.',
    });
  }
  return 'batches' in data ? collectDataset(data) : createDataset(data);
}

/** The parameters to start from, [d + 1]: the given ones, or uniform in [-1, 1) from the seed. */
export function initialParameters(
  { featureCount }: { featureCount: number },
  { seed }: Pick<FitSettings, 'seed'>,
  given?: FitOptions['initialParameters'],
): Float64Array {
  if (!given) return signedUniforms(seed, STREAMS.initialParameters, featureCount + 1);
  const parameters = Float64Array.from([...Array.from(given.weights), given.bias]);
  if (parameters.length !== featureCount + 1 || !parameters.every(Number.isFinite)) {
    throw new DescentError('INVALID_OPTION', {
      got: `initialParameters of ${given.weights.length} weights and bias ${given.bias}`,
      expected: `${featureCount} finite weights and a finite bias`,
      fix: 'Leave initialParameters out to draw them from the seed.',
    });
  }
  return parameters;
}

/** The backend asked for. With 'auto' a missing GPU means the CPU, and the report says so. */
export async function openBackend(
  settings: FitSettings,
  options: Pick<FitOptions, 'context'>,
  warnings: FitWarning[],
): Promise<Backend> {
  if (settings.backend === 'cpu') return openReferenceBackend();
  try {
    return await openGpuBackend(options.context);
  } catch (error) {
    const isMissing = error instanceof DescentError && error.code === 'WEBGPU_UNAVAILABLE';
    if (settings.backend === 'webgpu' || !isMissing) throw error;
    warnings.push({ code: 'BACKEND_FALLBACK', message: `Trained on the CPU: ${error.message}` });
    return openReferenceBackend();
  }
}

/** 2/(λmax + l2) of the curvature in training units; null when it is out of reach of the numbers. */
async function learningRateLimit(trainer: Trainer, parameterCount: number, l2: number): Promise<number | null> {
  const largest = await largestEigenvalue((direction) => trainer.curvature(direction), parameterCount);
  return largest > 0 && Number.isFinite(largest) ? 2 / (largest + l2) : null;
}

/** With 'auto', 1/λmax: half the limit, the longest step that never lets the loss rise, in any direction. */
export function chooseLearningRate(asked: number | 'auto', limit: number | null, warnings: FitWarning[]): number {
  if (limit === null) {
    warnings.push({
      code: 'LIMIT_UNKNOWN',
      message:
        'The learning-rate limit is unknown: the squares of the features overflow. Standardize, or scale them down.',
    });
    if (asked === 'auto') {
      throw new DescentError('INVALID_OPTION', {
        got: "learningRate 'auto' for features whose squares overflow",
        expected: 'features of moderate size',
        fix: 'Standardize, or scale the features down.',
      });
    }
    return asked;
  }
  if (asked === 'auto') return limit / 2;
  if (asked >= limit) {
    warnings.push({
      code: 'LEARNING_RATE_ABOVE_LIMIT',
      message: `Learning rate ${asked} is not under the limit ${Number(limit.toPrecision(6))}: descent diverges.`,
    });
  }
  return asked;
}

export function warningsAbout({
  exampleCount,
  featureCount,
}: Pick<Dataset, 'exampleCount' | 'featureCount'>): FitWarning[] {
  if (exampleCount > featureCount) return [];
  const message = `${exampleCount} ${exampleCount === 1 ? 'example' : 'examples'} for ${featureCount + 1} parameters: many models fit equally well, and this is one.`;
  return [{ code: 'UNDERDETERMINED', message }];
}

export function constantWarnings(dataset: Dataset, trainer: Trainer): FitWarning[] {
  return trainer.constantFeatures.map((j) => ({
    code: 'CONSTANT_FEATURE',
    message: `Feature '${dataset.featureNames[j]}' has one value only: its weight is 0.`,
  }));
}

/** Bytes of X and y in f32, counted once per epoch, over the time. */
function epochSpeed({ exampleCount, featureCount }: Dataset, { lossHistory, timings }: Descent) {
  if (lossHistory.length === 0) return { msPerEpoch: null, gigabytesPerSecond: null };
  const msPerEpoch = timings.trainMs / lossHistory.length;
  const bytes = 4 * exampleCount * (featureCount + 1);
  return { msPerEpoch, gigabytesPerSecond: bytes / msPerEpoch / 1e6 };
}
