import type { Backend, Trainer } from '../descent/backend.js';
import { isSource } from '../data/inputs.js';
import { Dataset } from '../data/dataset.js';
import { DescentError, type DescentErrorCode } from '../base/errors.js';
import { BufferExamples } from '../gpu/examples/buffer-examples.js';
import { type Conditioning, conditioningOf, DIGIT_LIMITS } from '../moments/condition.js';
import { Moments, type Precision } from '../moments/moments.js';
import { MomentsTrainer } from '../moments/descent/trainer.js';
import type { FitSettings } from './fit-options.js';
import type { FitWarning } from '../descent/report.js';
import { splitExamples } from '../data/split.js';
import type { ExampleSource } from '../data/source.js';
import { SyntheticData } from '../data/synthetic.js';

/** Data as a strategy takes it: synthetic data are made where they are read, if they are streamed; buffers always are. */
export type PreparedData = Dataset | SyntheticData | BufferExamples | ExampleSource | Moments;

/** A trainer, and what it stands for. */
export interface ChosenTrainer {
  trainer: Trainer;
  strategy: 'streaming' | 'moments';
  /** Number of training examples; `heldOutCount` is that of the validation examples. */
  exampleCount: number;
  heldOutCount: number;
  /** The training data, as far as the host has them. */
  data: PreparedData;
}

/** The validation examples; moments and buffers are never split. */
export type HeldOut = Dataset | SyntheticData | undefined;

/** Splits the data into training and validation examples. Validation with data that have no rows was refused before. */
export function parted(prepared: PreparedData, settings: FitSettings): { given: PreparedData; heldOut: HeldOut } {
  const hasRows = prepared instanceof Dataset || prepared instanceof SyntheticData;
  if (settings.validationFraction === 0 || !hasRows) return { given: prepared, heldOut: undefined };
  const { training, heldOut } = splitExamples(prepared, settings);
  return { given: training, heldOut };
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
 * The trainer for what is given, by the strategy asked for. With 'auto' moments are thrown away when their sums turn out
 * to leave too few digits, of the weights or of the loss, which is known only then. Where moments are asked for, a
 * warning says so of the weights.
 */
export async function chooseTrainer(
  given: PreparedData,
  heldOut: HeldOut,
  backend: Backend | null,
  settings: FitSettings,
  warnings: FitWarning[],
  signal: AbortSignal | undefined,
): Promise<ChosenTrainer> {
  if (given instanceof Moments) return askedFor(given, undefined, settings, warnings);
  if (!backend) throw new TypeError('examples need a backend');
  const momentsOf = async (held: HeldOut) => (held instanceof Dataset ? backend.moments(held, signal) : undefined);
  const isStreamed = given instanceof SyntheticData || given instanceof BufferExamples;
  if (!isStreamed && (isSource(given) || settings.strategy === 'moments')) {
    return askedFor(await backend.moments(given, signal), await momentsOf(heldOut), settings, warnings);
  }
  if (given instanceof Dataset && settings.strategy === 'auto' && prefersMoments(given, settings)) {
    const moments = await triedMoments(backend, given, warnings, signal);
    if (moments && keepsDigits(await conditioningOf(moments, settings.fitIntercept), moments.precision))
      return onMoments(moments, await momentsOf(heldOut), settings);
  }
  const trainer = await backend.upload(given, { ...settings, heldOut, signal });
  const heldOutCount = heldOut?.exampleCount ?? 0;
  return { trainer, strategy: 'streaming', exampleCount: given.exampleCount, heldOutCount, data: given };
}

function keepsDigits({ conditionNumber, unexplained }: Conditioning, precision: Precision): boolean {
  const limits = DIGIT_LIMITS[precision];
  return conditionNumber <= limits.condition && unexplained >= limits.unexplained;
}

async function askedFor(
  moments: Moments,
  heldOut: Moments | undefined,
  settings: FitSettings,
  warnings: FitWarning[],
): Promise<ChosenTrainer> {
  const { conditionNumber } = await conditioningOf(moments, settings.fitIntercept);
  const { condition } = DIGIT_LIMITS[moments.precision];
  if (!(conditionNumber <= condition)) {
    const size = Number.isFinite(conditionNumber)
      ? `The condition number of the standardized features is ${Number(conditionNumber.toPrecision(3))}`
      : 'Some features are linearly dependent';
    const message = `${size}: moments added up in ${moments.precision} give three digits of the weights up to a condition number of ${condition}. strategy 'streaming' is more accurate.`;
    warnings.push({ code: 'ILL_CONDITIONED', message });
  }
  return onMoments(moments, heldOut, settings);
}

function onMoments(moments: Moments, heldOut: Moments | undefined, settings: FitSettings): ChosenTrainer {
  const trainer = new MomentsTrainer(moments, settings, heldOut);
  const heldOutCount = heldOut?.count ?? 0;
  return { trainer, strategy: 'moments', exampleCount: moments.count, heldOutCount, data: moments };
}

/** The moments, unless they cannot be had of data that may still be streamed. */
async function triedMoments(
  backend: Backend,
  dataset: Dataset,
  warnings: FitWarning[],
  signal: AbortSignal | undefined,
): Promise<Moments | undefined> {
  try {
    return await backend.moments(dataset, signal);
  } catch (error) {
    if (!(error instanceof DescentError) || !MOMENTS_ONLY.includes(error.code)) throw error;
    if (error.code === 'SHADER_COMPILATION') {
      warnings.push({ code: 'KERNELS_FALLBACK', message: `Trained without moments: ${error.message}` });
    }
    return undefined;
  }
}
