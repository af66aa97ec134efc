import type { Loss } from '../options/names.js';
import { DescentError } from '../base/errors.js';
import { isLeftOut, withoutLeftOut } from '../base/require-object.js';
import { inTurns } from '../base/turns.js';
import { datasetOfArrays } from './array-dataset.js';
import { isBufferInput } from './buffer-input.js';
import { Dataset } from './checked-dataset.js';
import { requireDataForm } from './data-form.js';
import type { DatasetInput } from './dataset.js';
import { type DatasetClone, isDatasetClone } from './is-dataset-clone.js';
import { isSynthetic } from './is-synthetic.js';
import type { ExampleSource } from './source.js';
import type { SourceSurvey } from './source-survey.js';
import type { StreamedSource } from './streamed-source.js';
import type { KeptEncoding } from './table/encoder.js';
import type { TableInput } from './table/memory-table.js';
import type { SyntheticData } from './synthetic.js';

/** Examples in any form: plain arrays, a checked dataset, a source, or what is yet to be made. */
export type ExampleData = DatasetInput | Dataset | ExampleSource | SyntheticData;

export function isSource(data: object): data is ExampleSource {
  return 'batches' in data && typeof data.batches === 'function';
}

/** True for a source that training reads pass by pass. */
export function isStreamed<Data extends object | null>(data: Data): data is Extract<Data, StreamedSource> {
  return data !== null && 'batches' in data;
}

/** The statistics of a source that is streamed; undefined for other data, and before they are known. */
export function surveyOf(data: object | null): SourceSurvey | undefined {
  return data !== null && isStreamed(data) ? (data as StreamedSource).surveyed : undefined;
}

/** The examples with a target of labels, where the loss learns labels and the data do not say otherwise. */
export function labelledIf(loss: Loss, data: ExampleSource): ExampleSource;
export function labelledIf<Data extends ExampleData>(loss: Loss, data: Data): Data | ExampleSource | TableInput;
export function labelledIf(loss: Loss, data: ExampleData): ExampleData {
  if (loss !== 'logistic') return data;
  if (isSource(data)) return data.labelled?.() ?? data;
  return 'table' in data && isLeftOut(data.labels) ? withLabels(data) : data;
}

function withLabels(data: TableInput): TableInput {
  return { ...data, labels: true };
}

/**
 * The examples as a checked dataset; a source is read to its end. A table is encoded as `kept` says, where a model has been
 * trained already. A signal ends reading. The code that reads tables and sources loads where they are given.
 */
export function toDataset(
  given: ExampleData,
  { kept, signal }: { kept?: KeptEncoding; signal?: AbortSignal | undefined } = {},
): Dataset | Promise<Dataset> {
  const data = isSource(given) ? given : withoutLeftOut(given);
  if (data instanceof Dataset) return data;
  if (isSynthetic(data)) return data.dataset;
  if (isBufferInput(data)) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: 'examples in GPUBuffers',
      expected: 'typed arrays, columns or a source, because only fit trains on buffers',
      fix: 'Use fit, or pass typed arrays.',
    });
  }
  if (isSource(data)) return collected(kept && data.encodedBy ? data.encodedBy(kept) : data, signal);
  if (kept && 'table' in data) return ofTable(data, kept);
  requireDataForm(data);
  if (isDatasetClone(data)) return ofClone(data, signal);
  return 'table' in data ? ofTable(data) : inTurns(datasetOfArrays(data), signal);
}

async function collected(source: ExampleSource, signal: AbortSignal | undefined): Promise<Dataset> {
  return (await import('./collect-dataset.js')).collectDataset(source, signal);
}

async function ofClone(clone: DatasetClone, signal: AbortSignal | undefined): Promise<Dataset> {
  return inTurns((await import('./clone-dataset.js')).datasetOfClone(clone), signal);
}

async function ofTable(input: TableInput, kept?: KeptEncoding): Promise<Dataset> {
  return (await import('./table/memory-table.js')).datasetOfTable(input, kept);
}
