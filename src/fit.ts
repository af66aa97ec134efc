import type { Descent, Trainer } from './backend.js';
import { largestEigenvalue } from './curvature.js';
import { type ExampleData, isSource, requireObject, toDataset } from './data.js';
import { Dataset } from './dataset.js';
import { distanceToOptimum } from './distance.js';
import { DescentError } from './errors.js';
import { LinearModel } from './model.js';
import { Moments } from './moments/moments.js';
import { openBackend } from './open-backend.js';
import { type FitOptions, type FitSettings, resolveSettings } from './options.js';
import { signedUniforms, STREAMS } from './random.js';
import type { FitReport, FitWarning } from './report.js';
import { SyntheticData } from './sources/synthetic.js';
import { chooseTrainer, type PreparedData } from './strategy.js';

/**
 * What `fit` learns from: plain arrays, a checked dataset, a source that is read to its end, or the moments of examples,
 * with which it needs no examples any more.
 */
export type FitData = ExampleData | Moments;

/**
 * Fits h(x) = X·w + b to the data by gradient descent on L = 1/(2m)·Σ (h(x) − y)², on the GPU.
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
  const startMs = performance.now();
  const settings = resolveSettings(options);
  const { signal } = options;
  signal?.throwIfAborted();
  const given = await prepare(data, settings);
  const { featureNames, targetName } = await namesOf(given);
  const featureCount = featureNames.length;
  const initial = initialParameters({ featureCount }, settings, options.initialParameters);
  signal?.throwIfAborted();

  const warnings: FitWarning[] = [];
  const backend = given instanceof Moments ? null : await openBackend(settings.backend, options.context, warnings);
  const openedMs = performance.now();
  try {
    const {
      trainer,
      strategy,
      exampleCount,
      data: trained,
    } = await chooseTrainer(given, backend, settings, warnings, signal);
    const uploadedMs = performance.now();
    try {
      warnings.unshift(...warningsAbout(exampleCount, featureCount));
      warnings.push(...trainer.warnings, ...constantWarnings(featureNames, trainer));
      const limit = await learningRateLimit(trainer, featureCount + 1, settings.l2);
      const learningRate = chooseLearningRate(settings.learningRate, limit, warnings);
      // Over the limit the loss rises without end: an epoch in which it does not fall is no sign of being done.
      const tolerance = limit !== null && learningRate >= limit ? 0 : settings.tolerance;
      signal?.throwIfAborted();

      const descent = await trainer.descend(initial, {
        ...settings,
        learningRate,
        tolerance,
        signal,
        onProgress: (epoch, loss) => options.onProgress?.({ epoch, epochs: settings.epochs, loss }),
      });
      const { weights, bias } = trainer.toCallerUnits(descent.parameters);
      const report: FitReport = {
        backend: backend?.name ?? 'cpu',
        adapter: backend?.adapter ?? null,
        strategy,
        kernels: trainer.kernels,
        settings: { ...settings, learningRate, tolerance },
        exampleCount,
        featureCount,
        lossHistory: Array.from(descent.lossHistory),
        epochsRun: descent.lossHistory.length,
        stopReason: descent.stopReason,
        learningRateLimit: limit,
        distanceToOptimum: distanceToOptimum(trained, settings, initial, descent.parameters),
        timings: {
          deviceMs: openedMs - startMs,
          uploadMs: uploadedMs - openedMs,
          totalMs: performance.now() - startMs,
          ...descent.timings,
          ...epochSpeed(descent, strategy === 'streaming' ? 4 * exampleCount * (featureCount + 1) : null),
        },
        warnings,
      };
      return new LinearModel({ weights, bias, featureNames, targetName, report });
    } finally {
      trainer.dispose();
    }
  } finally {
    backend?.dispose();
  }
}

/** Data as a strategy takes it: a source as it is where one pass over it is all, and else a dataset. */
async function prepare(data: FitData, settings: FitSettings): Promise<PreparedData> {
  requireObject(data);
  if (settings.strategy === 'moments' || data instanceof Moments) refuseStreamed(settings);
  if (data instanceof Moments) {
    refuseExamples(data, settings);
    return data;
  }
  if (data instanceof SyntheticData && canBeMade(settings)) return data;
  return settings.strategy === 'moments' && isSource(data) ? data : toDataset(data);
}

/** Whether streaming may make synthetic data where it reads them: halves and moments begin with numbers of the host's. */
function canBeMade({ backend, storage, strategy }: FitSettings): boolean {
  return backend !== 'cpu' && storage === 'f32' && strategy !== 'moments';
}

/** Options that only streaming has. */
function refuseStreamed({ kernels, storage }: FitSettings): void {
  if (kernels === 'auto' && storage === 'f32') return;
  throw new DescentError('INVALID_OPTION', {
    got: `moments with ${kernels === 'auto' ? `storage '${storage}'` : `kernels '${kernels}'`}`,
    expected: "kernels 'auto' and storage 'f32': with moments no epoch reads the features",
    fix: "Use strategy: 'streaming', or leave the other option out.",
  });
}

/** Options that ask for examples, where there are moments alone. */
function refuseExamples({ targetCount }: Moments, { strategy, backend }: FitSettings): void {
  if (targetCount !== 1) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `moments of ${targetCount} targets`,
      expected: 'one target to learn',
      fix: 'Make moments of one target.',
    });
  }
  if (strategy !== 'streaming' && backend !== 'webgpu') return;
  throw new DescentError('INVALID_OPTION', {
    got: `moments with ${strategy === 'streaming' ? "strategy 'streaming'" : "backend 'webgpu'"}`,
    expected: 'examples, which moments are not: descent on them is on the CPU',
    fix: 'Leave the option out, or pass the examples.',
  });
}

async function namesOf(given: PreparedData) {
  if (given instanceof Dataset || given instanceof SyntheticData) return given;
  if (given instanceof Moments) return { featureNames: given.featureNames, targetName: given.targetNames[0] as string };
  const { features, target } = await given.columns();
  return { featureNames: features, targetName: target };
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

export function warningsAbout(exampleCount: number, featureCount: number): FitWarning[] {
  if (exampleCount > featureCount) return [];
  const message = `${exampleCount} ${exampleCount === 1 ? 'example' : 'examples'} for ${featureCount + 1} parameters: many models fit equally well, and this is one.`;
  return [{ code: 'UNDERDETERMINED', message }];
}

export function constantWarnings(
  featureNames: readonly string[],
  trainer: Pick<Trainer, 'constantFeatures'>,
): FitWarning[] {
  return trainer.constantFeatures.map((j) => ({
    code: 'CONSTANT_FEATURE',
    message: `Feature '${featureNames[j]}' has one value only: its weight is 0.`,
  }));
}

/** `bytes` are those of X and y in f32, counted once per epoch; null where an epoch reads none. */
function epochSpeed({ lossHistory, timings }: Descent, bytes: number | null) {
  if (lossHistory.length === 0) return { msPerEpoch: null, gigabytesPerSecond: null };
  const msPerEpoch = timings.trainMs / lossHistory.length;
  return { msPerEpoch, gigabytesPerSecond: bytes === null ? null : bytes / msPerEpoch / 1e6 };
}
