import { collectDataset, createDataset, Dataset, type DatasetInput } from './dataset.js';
import { DescentError } from '../base/errors.js';
import type { Loss } from '../options/names.js';
import type { ExampleSource } from './source.js';
import { datasetOfTable } from './table/memory-table.js';
import type { KeptEncoding } from './table/encoder.js';
import { SyntheticData } from './synthetic.js';

/**
 * Examples that are on a device already, in buffers of the usage STORAGE. They are read, while `fit` or `score` runs, and
 * never written to, kept or destroyed.
 */
export interface BufferInput {
  /** [m, d] row-major, f32. */
  features: GPUBuffer;
  /** [m] f32. */
  targets: GPUBuffer;
  /** [m] f32: how much each example counts, 0 or more. Default: all the same. */
  exampleWeights?: GPUBuffer;
  /** d */
  featureCount: number;
  /** m. Default: as many as the buffer of targets holds. */
  exampleCount?: number;
  /** d names; default x1, x2, … */
  featureNames?: readonly string[];
  /** Default y. */
  targetName?: string;
}

export function isBufferInput(data: object): data is BufferInput {
  return ('features' in data && isGpuBuffer(data.features)) || ('targets' in data && isGpuBuffer(data.targets));
}

/** By its members: in Node and in frames a buffer may come from another realm than the global GPUBuffer. */
export function isGpuBuffer(value: unknown): value is GPUBuffer {
  return typeof value === 'object' && value !== null && 'mapState' in value && 'usage' in value && 'size' in value;
}

/** Examples in any form: plain arrays, a checked dataset, a source, or what is yet to be made. */
export type ExampleData = DatasetInput | Dataset | ExampleSource | SyntheticData;

export function isSource(data: ExampleData): data is ExampleSource {
  return 'batches' in data && typeof data.batches === 'function';
}

/** The examples with a target of labels, where the loss learns labels and the source can say so. */
export function labelledIf<Data extends ExampleData>(loss: Loss, data: Data): Data | ExampleSource {
  return loss === 'logistic' && isSource(data) && data.labelled ? data.labelled() : data;
}

/**
 * The examples as a checked dataset; a source is read to its end. A table is encoded as `kept` says, where a model has been
 * trained already. A signal ends reading.
 */
export function toDataset(
  data: ExampleData,
  { kept, signal }: { kept?: KeptEncoding; signal?: AbortSignal | undefined } = {},
): Dataset | Promise<Dataset> {
  if (data instanceof Dataset) return data;
  if (data instanceof SyntheticData) return data.dataset;
  if (isBufferInput(data)) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: 'examples in GPUBuffers',
      expected: 'typed arrays, columns or a source, because only fit trains on buffers',
      fix: 'Use fit, or pass typed arrays.',
    });
  }
  if (isSource(data)) return collectDataset(kept && data.encodedBy ? data.encodedBy(kept) : data, signal);
  return kept && 'table' in data ? datasetOfTable(data, kept) : createDataset(data);
}
