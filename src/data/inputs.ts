import { collectDataset, createDataset, Dataset, type DatasetInput } from './dataset.js';
import { DescentError } from '../base/errors.js';
import { isBufferInput } from '../gpu/examples/buffer-examples.js';
import type { ExampleSource } from './source.js';
import { SyntheticData } from './synthetic.js';

/** Examples in any form: plain arrays, a checked dataset, a source, or what is yet to be made. */
export type ExampleData = DatasetInput | Dataset | ExampleSource | SyntheticData;

export function isSource(data: ExampleData): data is ExampleSource {
  return 'batches' in data;
}

/** The examples as a checked dataset; a source is read to its end. */
export function toDataset(data: ExampleData): Dataset | Promise<Dataset> {
  if (data instanceof Dataset) return data;
  if (data instanceof SyntheticData) return data.dataset;
  if (isBufferInput(data)) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: 'examples in GPUBuffers',
      expected: 'typed arrays, columns or a source, because only fit trains on buffers',
      fix: 'Use fit, or pass typed arrays.',
    });
  }
  return isSource(data) ? collectDataset(data) : createDataset(data);
}
