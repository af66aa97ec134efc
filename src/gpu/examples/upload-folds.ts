import type { ManyData } from '../../descent/backend.js';
import type { GpuContext } from '../device/device.js';
import type { Layout } from '../kernels/layout.js';
import type { Standardization } from '../../descent/standardization.js';
import { type Shard, uploadDataset, type UploadedDataset } from './upload.js';

/** A shard whose examples are all of one fold, or, where `fold` is null, of none. */
export interface FoldShard extends Shard {
  fold: number | null;
}

/** A dataset on the device, in folds. */
export interface UploadedFolds extends UploadedDataset {
  shards: readonly FoldShard[];
}

/** The dataset as it is, all examples in no fold. */
export function withoutFolds(data: UploadedDataset): UploadedFolds {
  return { ...data, shards: data.shards.map((shard) => ({ ...shard, fold: null })) };
}

/**
 * Copies the examples to the device, fold after fold, so that a model that holds one out passes over whole shards: it
 * takes no mask, and no time for the examples that it does not see. Throws as uploadDataset does, with nothing left behind.
 */
export async function uploadFolds(
  context: GpuContext,
  { dataset, targets, folds }: Pick<ManyData, 'dataset' | 'targets' | 'folds'>,
  standardization: Standardization,
  layout: Layout,
  signal: AbortSignal | undefined,
  leastColumns: number,
): Promise<UploadedFolds> {
  const upload = (rows?: Uint32Array) =>
    uploadDataset(context, dataset, standardization, layout, signal, { targets, leastColumns, ...(rows && { rows }) });
  if (folds.length === 0) return withoutFolds(await upload());
  const uploaded: UploadedDataset[] = [];
  const destroy = () => uploaded.forEach((part) => part.destroy());
  try {
    for (const rows of folds) {
      uploaded.push(await upload(rows));
    }
  } catch (error) {
    destroy();
    throw error;
  }
  const { exampleCount, featureCount, exampleWeights } = dataset;
  const isWeighted = exampleWeights !== undefined;
  const shards = uploaded.flatMap((part, fold) => part.shards.map((shard) => ({ ...shard, fold })));
  return { exampleCount, featureCount, layout, isWeighted, shards, destroy };
}
