import { checkFinite, Dataset } from '../../data/checked-dataset.js';
import type { ExampleSource } from '../../data/source.js';
import { collectMoments } from '../../moments/collect.js';
import { columnsOf } from '../../moments/columns.js';
import type { Moments } from '../../moments/moments.js';
import type { GpuContext } from '../device/device.js';
import { momentsOnDevice } from './moments.js';

/** The moments of examples that the device adds up; those of a source batch by batch. */
export async function addUpOnDevice(
  context: GpuContext,
  data: Dataset | ExampleSource,
  signal?: AbortSignal,
): Promise<Moments> {
  if (data instanceof Dataset) return momentsOnDevice(context, columnsOf(data), { signal });
  return collectMoments(
    data,
    (batch, firstRow) => {
      // A dataset was checked when it was made; a batch comes as the source has it.
      batch.features.forEach((column, j) => checkFinite(column, batch.featureNames[j] ?? '', firstRow));
      batch.targets.forEach((column, k) => checkFinite(column, batch.targetNames[k] ?? '', firstRow));
      return momentsOnDevice(context, batch, { signal, firstRow });
    },
    signal,
  );
}
