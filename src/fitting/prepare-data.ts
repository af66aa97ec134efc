import { inTurns } from '../base/turns.js';
import { requireObject, withoutLeftOut } from '../base/require-object.js';
import { Dataset } from '../data/checked-dataset.js';
import { type BufferInput, isBufferInput } from '../data/buffer-input.js';
import { type ExampleData, isSource, isStreamed, labelledIf, toDataset } from '../data/inputs.js';
import { type Origin, originOf } from '../data/origin.js';
import type { StreamedSource } from '../data/streamed-source.js';
import { isSynthetic } from '../data/is-synthetic.js';
import type { ExampleSource } from '../data/source.js';
import type { SyntheticData } from '../data/synthetic.js';
import type { TableInput } from '../data/table/memory-table.js';
import { DescentError } from '../base/errors.js';
import type { BufferExamples } from '../gpu/examples/buffer-examples.js';
import { isMoments } from '../moments/is-moments.js';
import type { Moments } from '../moments/moments.js';
import type { DataKind } from '../options/check-data-kind.js';
import type { FitSettings } from '../options/specs.js';
import type { SourceReport } from '../descent/report.js';
import type { FitOptions } from './fit-options.js';

/**
 * Training data for `fit`: plain arrays, a checked dataset, a source that is read to its end, examples in buffers of
 * the context's device, or the moments of examples, which replace the examples.
 */
export type FitData = ExampleData | BufferInput | Moments;

/** Checked training data: synthetic data may be generated where they are read, and a source read pass by pass. */
export type TrainingData = Dataset | SyntheticData | BufferExamples | StreamedSource | Moments;

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
  /** The source of the examples and the passes over it so far; null for examples that came at once. */
  source: { read: SourceReport['read']; passes: () => number } | null;
}

/** Checks the data against the options, and splits off the validation examples. */
export async function prepareData(
  given: FitData,
  settings: FitSettings,
  watch: Pick<FitOptions, 'context' | 'signal' | 'onRead'>,
): Promise<PreparedData> {
  requireObject(given);
  const part = isSource(given) ? given : withoutLeftOut(given); // a source may count on being itself
  const data = isTable(part) ? await readTable(part, settings) : part;
  const source = isSource(data) ? await streamedSource(data, settings, watch) : null;
  const examples = source ? await readSource(source, settings, watch.signal) : await checkedData(data, settings, watch);
  const names = await namesOf(examples);
  const parts = await split(examples, settings, watch.signal);
  const read = isStreamed(parts.training) ? 'streamed' : 'gathered';
  return {
    ...names,
    ...parts,
    origin: () => originOf(parts.training),
    source: source && { read, passes: () => source.passes },
  };
}

/** The data in the form that the strategy needs. */
async function checkedData(
  data: FitData,
  settings: FitSettings,
  { context, signal }: Pick<FitOptions, 'context' | 'signal'>,
): Promise<TrainingData> {
  if (isBufferInput(data)) {
    const { bufferExamples } = await import('../gpu/examples/buffer-examples.js');
    const { checkDataKind } = await import('../options/check-data-kind.js');
    return bufferExamples(data, context, () => checkDataKind('buffers of a device', settings));
  }
  if (isMoments(data)) {
    requireOneTarget(data);
    await checkKind('moments', settings);
    return data;
  }
  if (isSynthetic(data) && canBeGenerated(data, settings)) return data;
  return forLoss(await toDataset(labelledIf(settings.loss, data), { signal }), settings.loss);
}

/** The examples with the targets that a loss learns. The code that knows labels loads where there are some, or the loss learns them. */
async function forLoss(dataset: Dataset, loss: FitSettings['loss']): Promise<Dataset> {
  if (loss !== 'logistic' && !dataset.origin?.labels) return dataset;
  return (await import('../data/labels.js')).forLoss(dataset, loss);
}

function isTable(data: object): data is TableInput {
  return 'table' in data;
}

/** A table in memory as a dataset; as a source where its encoded features take more than the memory budget. */
async function readTable(data: TableInput, { loss, memoryBudget }: FitSettings): Promise<Dataset | ExampleSource> {
  const { tableWithin } = await import('../data/table/memory-table.js');
  return tableWithin(labelledIf(loss, data) as TableInput, memoryBudget);
}

/** The source in passes, of which no more is held than the memory budget. */
async function streamedSource(
  source: ExampleSource,
  { loss, memoryBudget }: FitSettings,
  { signal, onRead }: Pick<FitOptions, 'signal' | 'onRead'>,
): Promise<StreamedSource> {
  const { StreamedSource } = await import('../data/streamed-source.js');
  return new StreamedSource(labelledIf(loss, source), { mostBytes: memoryBudget, signal, onRead });
}

/** A source as training reads it: all examples if they fit the memory budget, and otherwise the source itself, to be streamed. */
async function readSource(
  source: StreamedSource,
  settings: FitSettings,
  signal: AbortSignal | undefined,
): Promise<Dataset | StreamedSource> {
  const { memoryBudget, loss, strategy, validationFraction } = settings;
  // One pass is all that moments take: nothing is gained by holding the examples.
  if (strategy === 'moments' && validationFraction === 0) return source;
  const { collectWithin } = await import('../data/collect-dataset.js');
  const dataset = await collectWithin(source, memoryBudget, signal);
  if (dataset) return forLoss(dataset, loss);
  await checkKind('a source larger than memoryBudget', settings);
  return source;
}

/** Throws `INVALID_OPTION` for an option that this kind of data cannot have. */
async function checkKind(kind: DataKind, settings: FitSettings): Promise<void> {
  (await import('../options/check-data-kind.js')).checkDataKind(kind, settings);
}

/** Moments and buffers are never split: their options exclude validation. */
async function split(
  examples: TrainingData,
  settings: FitSettings,
  signal: AbortSignal | undefined,
): Promise<Pick<PreparedData, 'training' | 'validation'>> {
  const hasRows = examples instanceof Dataset || isSynthetic(examples);
  if (settings.validationFraction === 0 || !hasRows) return { training: examples, validation: undefined };
  const { splitExamples } = await import('../data/split.js');
  return inTurns(splitExamples(examples, settings), signal);
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
