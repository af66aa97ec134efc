import { isStreamed } from '../data/inputs.js';
import { DescentError, type DescentErrorCode } from '../base/errors.js';
import { Dataset } from '../data/dataset.js';
import type { StreamedSource } from '../data/streamed-source.js';
import type { Backend, Trainer } from '../descent/backend.js';
import type { FitWarning } from '../descent/report.js';
import type { DigitCheck } from '../moments/condition.js';
import { isMoments } from '../moments/is-moments.js';
import type { Moments } from '../moments/moments.js';
import type { DescentOptions } from '../options/choose-optimizer.js';
import type { FitSettings } from '../options/specs.js';
import type { PreparedData, TrainingData, ValidationData } from './prepare-data.js';

/** A trainer, and the strategy and the examples that it stands for. */
export interface ChosenTrainer {
  trainer: Trainer;
  strategy: 'streaming' | 'moments' | 'exact';
  /** Number of training examples. */
  exampleCount: number;
  /** Number of validation examples. */
  validationCount: number;
  /** The training data, as far as the host has them; null where nothing of them is at hand. */
  data: TrainingData | null;
  warnings: readonly FitWarning[];
}

/** More features than this: G takes megabytes, its condition a good part of a second, and each epoch a millisecond. */
const MOST_FEATURES = 512;

/**
 * The epochs that pay back the pass for moments: it takes d/2 multiply-adds for each number where an epoch takes two,
 * as many as d/4 epochs; and a few more, since a fit often converges in fewer epochs than it may take.
 */
const epochsWorthMoments = (featureCount: number) => 10 + featureCount / 4;

/**
 * True if 'auto' tries moments before it streams. False if X is smaller than G, or if an option asks for a loss,
 * batches, kernels or a storage that only streaming supports.
 */
export function prefersMoments(
  { exampleCount, featureCount }: Pick<Dataset, 'exampleCount' | 'featureCount'>,
  {
    loss,
    epochs,
    batchSize,
    kernels,
    storage,
  }: Pick<FitSettings, 'loss' | 'epochs' | 'batchSize' | 'kernels' | 'storage'>,
): boolean {
  return (
    loss === 'squared' &&
    batchSize === 'full' &&
    kernels === 'auto' &&
    storage === 'f32' &&
    featureCount <= MOST_FEATURES &&
    exampleCount > featureCount &&
    epochs >= epochsWorthMoments(featureCount)
  );
}

/** Errors of moments that streaming may not have. */
const MOMENTS_ONLY: readonly DescentErrorCode[] = ['TOO_LARGE', 'NON_FINITE_VALUE', 'SHADER_COMPILATION'];

/**
 * Opens the trainer for the prepared data, by the requested strategy. 'auto' discards moments if their sums leave too few
 * digits of the weights or of the loss, which is known only once they are added up. For moments that were requested, a
 * warning says so.
 */
export async function chooseTrainer(
  { training, validation }: Pick<PreparedData, 'training' | 'validation'>,
  backend: Backend | null,
  settings: DescentOptions,
  signal: AbortSignal | undefined,
): Promise<ChosenTrainer> {
  const { moments, warnings } = await momentsFor(training, backend, settings, signal);
  let digits: DigitCheck | null = null;
  if (moments) {
    const { checkDigits, MomentsTrainer } = await import('./moments-engine.js');
    const isRequested = isMoments(training) || settings.strategy === 'moments';
    digits = await checkDigits(moments, settings.fitIntercept, signal);
    // The steps of conjugate gradient lose more digits of the weights by streaming than moments do.
    const isNearer = settings.optimizer === 'conjugateGradient' && !digits.keepsWeights;
    if (isRequested || isNearer || (digits.keepsWeights && digits.keepsLoss)) {
      const validationMoments = await validationMomentsOf(validation, backend, signal);
      return {
        trainer: new MomentsTrainer(moments, settings, validationMoments),
        strategy: 'moments',
        exampleCount: isMoments(training) ? moments.count : training.exampleCount,
        validationCount: validation?.exampleCount ?? 0,
        data: moments,
        warnings: digits.keepsWeights ? warnings : [...warnings, conditionWarning(moments, digits)],
      };
    }
  }
  if (!backend || isMoments(training)) throw new TypeError('streaming needs examples');
  if (isStreamed(training)) {
    const trainer = await streamedDescent(training, backend, settings, signal);
    const { exampleCount } = training;
    return { trainer, strategy: 'streaming', exampleCount, validationCount: 0, data: training, warnings };
  }
  const ofDigits = backend.name === 'webgpu' ? await digitsOnGpu(training, settings, digits) : [];
  const trainer = await backend.upload(training, { ...settings, asked: settings, validation, signal });
  return {
    trainer,
    strategy: 'streaming',
    exampleCount: training.exampleCount,
    validationCount: validation?.exampleCount ?? 0,
    data: training,
    warnings: [...warnings, ...ofDigits],
  };
}

async function digitsOnGpu(
  training: TrainingData,
  settings: DescentOptions,
  digits: DigitCheck | null,
): Promise<FitWarning[]> {
  const { streamingDigits } = await import('./gpu-limits.js');
  return streamingDigits(training, settings, digits);
}

/** The moments of the training data, if they are to be tried and could be added up. */
interface TriedMoments {
  moments: Moments | undefined;
  warnings: FitWarning[];
}

/** The moments to try: those given, those requested, or, with 'auto', those that are likely to pay. */
async function momentsFor(
  training: TrainingData,
  backend: Backend | null,
  settings: DescentOptions,
  signal: AbortSignal | undefined,
): Promise<TriedMoments> {
  if (isMoments(training)) return { moments: training, warnings: [] };
  if (!backend) throw new TypeError('examples need a backend');
  if (!(training instanceof Dataset || isStreamed(training))) return { moments: undefined, warnings: [] };
  if (settings.strategy === 'moments') return { moments: await backend.moments(training, signal), warnings: [] };
  const { featureCount } = training;
  // The rows of a source that is too large for memory are more than its features.
  const exampleCount = isStreamed(training) ? Infinity : training.exampleCount;
  const isPreferred = settings.strategy === 'auto' && prefersMoments({ exampleCount, featureCount }, settings);
  if (!isPreferred) return { moments: undefined, warnings: [] };
  return tryMoments(backend, training, signal);
}

/** Gradient descent by a pass over a source for each epoch. */
async function streamedDescent(
  source: StreamedSource,
  backend: Backend,
  { loss, huberDelta, fitIntercept, standardize, storage }: DescentOptions,
  signal: AbortSignal | undefined,
): Promise<Trainer> {
  const { openStreamed } = await import('./streaming/streaming.js');
  const problem = { loss, huberDelta, fitIntercept, standardize, storage, isCentered: false };
  return openStreamed(source, backend, problem, signal);
}

async function validationMomentsOf(
  validation: ValidationData,
  backend: Backend | null,
  signal: AbortSignal | undefined,
): Promise<Moments | undefined> {
  return validation instanceof Dataset ? backend?.moments(validation, signal) : undefined;
}

function conditionWarning({ precision }: Moments, { conditionNumber, mostCondition }: DigitCheck): FitWarning {
  const size = Number.isFinite(conditionNumber)
    ? `The condition number of the standardized features is ${Number(conditionNumber.toPrecision(3))}`
    : 'Some features are linearly dependent';
  const message = `${size}: moments added up in ${precision} give three digits of the weights up to a condition number of ${mostCondition}. optimizer: 'auto' without options of gradient descent is more accurate.`;
  return { code: 'ILL_CONDITIONED', message };
}

/** The moments, unless they fail in a way that streaming may not. */
async function tryMoments(
  backend: Backend,
  dataset: Dataset | StreamedSource,
  signal: AbortSignal | undefined,
): Promise<TriedMoments> {
  try {
    return { moments: await backend.moments(dataset, signal), warnings: [] };
  } catch (error) {
    if (!(error instanceof DescentError) || !MOMENTS_ONLY.includes(error.code)) throw error;
    const message = `Trained without moments: ${error.message}`;
    return {
      moments: undefined,
      warnings: error.code === 'SHADER_COMPILATION' ? [{ code: 'KERNELS_FALLBACK', message }] : [],
    };
  }
}
