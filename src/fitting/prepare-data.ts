import { requireObject } from '../base/require-object.js';
import { Dataset } from '../data/checked-dataset.js';
import { type BufferInput, isBufferInput } from '../data/buffer-input.js';
import { type ExampleData, isSource, labelledIf, toDataset } from '../data/inputs.js';
import { forLoss } from '../data/labels.js';
import { type Origin, originOf } from '../data/origin.js';
import type { CountingSource } from '../data/counting-source.js';
import { isSynthetic } from '../data/is-synthetic.js';
import type { SyntheticData } from '../data/synthetic.js';
import { DescentError } from '../base/errors.js';
import type { BufferExamples } from '../gpu/examples/buffer-examples.js';
import { isMoments } from '../moments/is-moments.js';
import type { Moments } from '../moments/moments.js';
import { checkDataKind } from '../options/check-combinations.js';
import type { FitSettings } from '../options/specs.js';
import type { FitOptions } from './fit-options.js';

/**
 * Training data for `fit`: plain arrays, a checked dataset, a source that is read to its end, examples in buffers of
 * the context's device, or the moments of examples, which replace the examples.
 */
export type FitData = ExampleData | BufferInput | Moments;

/** Checked training data: synthetic data may be generated where they are read, and a source read in one pass. */
export type TrainingData = Dataset | SyntheticData | BufferExamples | CountingSource | Moments;

/** Validation examples; undefined without validation. */
export type ValidationData = Dataset | SyntheticData | undefined;

/** The data of a fit, checked and split. */
export interface PreparedData {
  training: TrainingData;
  validation: ValidationData;
  featureNames: readonly string[];
  targetName: string;
  /** The table that the training examples come from; of a source, once it has been read. */
  origin: () => Origin | null;
}

/** Checks the data against the options, and splits off the validation examples. */
export async function prepareData(
  data: FitData,
  settings: FitSettings,
  { context, signal }: Pick<FitOptions, 'context' | 'signal'>,
): Promise<PreparedData> {
  requireObject(data);
  const examples = await checkedData(data, settings, { context, signal });
  const names = await namesOf(examples);
  const parts = await split(examples, settings);
  return { ...names, ...parts, origin: () => originOf(parts.training) };
}

/** The data in the form that the strategy needs: a source unread if one pass suffices, otherwise a dataset. */
async function checkedData(
  data: FitData,
  settings: FitSettings,
  { context, signal }: { context: FitOptions['context']; signal: FitOptions['signal'] },
): Promise<TrainingData> {
  if (isBufferInput(data)) {
    const { bufferExamples } = await import('../gpu/examples/buffer-examples.js');
    return bufferExamples(data, context, () => checkDataKind('buffers of a device', settings));
  }
  if (isMoments(data)) {
    requireOneTarget(data);
    checkDataKind('moments', settings);
    return data;
  }
  if (isSynthetic(data) && canBeGenerated(data, settings)) return data;
  if (settings.strategy === 'moments' && isSource(data) && settings.validationFraction === 0) {
    const { CountingSource } = await import('../data/counting-source.js');
    return new CountingSource(data);
  }
  return forLoss(await toDataset(labelledIf(settings.loss, data), { signal }), settings.loss);
}

/** Moments and buffers are never split: their options exclude validation. */
async function split(
  examples: TrainingData,
  settings: FitSettings,
): Promise<Pick<PreparedData, 'training' | 'validation'>> {
  const hasRows = examples instanceof Dataset || isSynthetic(examples);
  if (settings.validationFraction === 0 || !hasRows) return { training: examples, validation: undefined };
  return (await import('../data/split.js')).splitExamples(examples, settings);
}

/**
 * True if streaming may generate synthetic data on the GPU. Halves, moments and batches need the numbers on the host,
 * and so does the check of labels.
 */
function canBeGenerated(
  { spec }: SyntheticData,
  { backend, storage, strategy, loss, batchSize }: FitSettings,
): boolean {
  const areTargets = loss !== 'logistic' || spec.targets === 'logistic';
  const isOnHost = backend === 'cpu' || backend === 'reference';
  return areTargets && !isOnHost && storage === 'f32' && strategy !== 'moments' && batchSize === 'full';
}

function requireOneTarget({ targetCount }: Moments): void {
  if (targetCount === 1) return;
  throw new DescentError('SHAPE_MISMATCH', {
    got: `moments of ${targetCount} targets`,
    expected: 'exactly one target',
    fix: 'Compute moments with one target.',
  });
}

async function namesOf(data: TrainingData): Promise<Pick<PreparedData, 'featureNames' | 'targetName'>> {
  if (isMoments(data)) return { featureNames: data.featureNames, targetName: data.targetNames[0] as string };
  if (!('batches' in data)) return { featureNames: data.featureNames, targetName: data.targetName };
  const { features, target } = await data.columns();
  return { featureNames: features, targetName: target };
}
