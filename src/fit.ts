import type { Descent, Trainer } from './backend.js';
import { largestEigenvalue } from './curvature.js';
import { type ExampleData, isSource, requireObject, toDataset } from './data.js';
import { Dataset } from './dataset.js';
import { distanceToOptimum } from './distance.js';
import { DescentError } from './errors.js';
import { BufferExamples, type BufferInput, examplesForFit, isBufferInput } from './gpu/buffer-examples.js';
import { checkLabels } from './labels.js';
import { chooseRate } from './learning-rate.js';
import { LinearModel } from './model.js';
import { Moments } from './moments/moments.js';
import { openBackend } from './open-backend.js';
import { type FitOptions, type FitSettings, resolveSettings } from './options.js';
import { signedUniforms, STREAMS } from './random.js';
import type { FitReport, FitWarning } from './report.js';
import { SyntheticData } from './sources/synthetic.js';
import { chooseTrainer, type PreparedData } from './strategy.js';

/**
 * What `fit` learns from: plain arrays, a checked dataset, a source that is read to its end, examples in buffers of the
 * context's device, or the moments of examples, with which it needs no examples any more.
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
  const startMs = performance.now();
  const settings = resolveSettings(options);
  const { signal } = options;
  signal?.throwIfAborted();
  const given = await prepare(data, settings, options.context);
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
      warnings.unshift(...warningsAbout(exampleCount, featureCount, settings));
      warnings.push(...trainer.warnings, ...constantWarnings(featureNames, trainer));
      const largest = await largestEigenvalue((direction) => trainer.curvature(direction), featureCount + 1);
      const { learningRate, tolerance, limit } = chooseRate(largest, settings, warnings);
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
      return new LinearModel({ weights, bias, featureNames, targetName, loss: settings.loss, report });
    } finally {
      trainer.dispose();
    }
  } finally {
    backend?.dispose();
  }
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
  if (settings.strategy === 'moments' && isSource(data)) return data;
  const dataset = await toDataset(data);
  if (settings.loss === 'logistic') checkLabels(dataset.targets, dataset.targetName, dataset.exampleWeights);
  return dataset;
}

/**
 * Whether streaming may make synthetic data where it reads them: halves and moments begin with numbers of the host's, and
 * so does what is to be refused as labels.
 */
function canBeMade({ spec }: SyntheticData, { backend, storage, strategy, loss }: FitSettings): boolean {
  const areTargets = loss !== 'logistic' || spec.targets === 'logistic';
  return areTargets && backend !== 'cpu' && storage === 'f32' && strategy !== 'moments';
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
function refuseExamples({ targetCount }: Moments, { strategy, backend, loss }: FitSettings): void {
  if (targetCount !== 1) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `moments of ${targetCount} targets`,
      expected: 'one target to learn',
      fix: 'Make moments of one target.',
    });
  }
  const asked = [
    strategy === 'streaming' && "strategy 'streaming'",
    backend === 'webgpu' && "backend 'webgpu'",
    loss !== 'squared' && `loss '${loss}'`,
  ].find((option) => option !== false);
  if (asked === undefined) return;
  throw new DescentError('INVALID_OPTION', {
    got: `moments with ${asked}`,
    expected: 'examples, which moments are not: descent on them is of the squared loss, on the CPU',
    fix: 'Leave the option out, or pass the examples.',
  });
}

async function namesOf(given: PreparedData) {
  if (given instanceof Dataset || given instanceof SyntheticData || given instanceof BufferExamples) return given;
  if (given instanceof Moments) return { featureNames: given.featureNames, targetName: given.targetNames[0] as string };
  const { features, target } = await given.columns();
  return { featureNames: features, targetName: target };
}

/** The parameters to start from, [d + 1]: the given ones, or uniform in [-1, 1) from the seed; with bias 0 where it stays. */
export function initialParameters(
  { featureCount }: { featureCount: number },
  { seed, fitIntercept = true }: Pick<FitSettings, 'seed'> & Partial<Pick<FitSettings, 'fitIntercept'>>,
  given?: FitOptions['initialParameters'],
): Float64Array {
  if (!given) {
    const drawn = signedUniforms(seed, STREAMS.initialParameters, featureCount + 1);
    return fitIntercept ? drawn : drawn.fill(0, featureCount);
  }
  if (!fitIntercept && given.bias !== 0) {
    throw new DescentError('INVALID_OPTION', {
      got: `initialParameters with bias ${given.bias} and fitIntercept false`,
      expected: 'bias 0, which is where it stays',
      fix: 'Start from bias 0, or fit the intercept.',
    });
  }
  const parameters = Float64Array.from([...Array.from(given.weights), given.bias]);
  if (parameters.length !== featureCount + 1 || !parameters.every(Number.isFinite)) {
    throw new DescentError('INVALID_OPTION', {
      got: `initialParameters of ${given.weights.length} weights and bias ${given.bias}`,
      expected: `${featureCount} finite weights and a finite bias`,
      fix: 'Leave initialParameters out to draw them from the seed.',
      where: { option: 'initialParameters' },
    });
  }
  return parameters;
}

export function warningsAbout(
  exampleCount: number,
  featureCount: number,
  { fitIntercept }: Pick<FitSettings, 'fitIntercept'>,
): FitWarning[] {
  const parameterCount = featureCount + (fitIntercept ? 1 : 0);
  if (exampleCount >= parameterCount) return [];
  const message = `${exampleCount} ${exampleCount === 1 ? 'example' : 'examples'} for ${parameterCount} parameters: many models fit equally well, and this is one.`;
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
