import { inTurns } from '../../base/turns.js';
import type { Batches } from '../../descent/batches.js';
import type { Dataset } from '../../data/dataset.js';
import { DescentError } from '../../base/errors.js';
import { totalWeight } from '../../data/example-weights.js';
import type { Objective } from '../../options/objective.js';
import { type Buffers, UNIFORM_STRIDE } from '../device/buffers.js';
import { type Config, writeConfig } from '../kernels/uniforms.js';
import type { Place } from '../training/epoch.js';
import { mostQuadsOf } from '../training/short-batches.js';
import { largestSquare, type Standardization } from '../../descent/standardization.js';
import { type Shard, storedWeights } from './upload.js';

/** Batches of a dataset on the device. */
export interface MiniBatches {
  batches: Batches;
  /** [m] The stored weight of each example, in the order of the batches; left out if all are equal. */
  weights?: Float32Array;
  /** Mean total weight of a batch. */
  evenWeight: number;
  /** `Trainer.largestSquare`: the largest squared norm of an example. */
  largestSquare: number;
}

/** The most batches of which each has a dispatch: their configs take 128 MiB. */
const MOST_DISPATCHED = 2 ** 19;

/** The properties of a dataset's mini-batches that training needs. */
export async function miniBatchesOf(
  dataset: Dataset,
  batches: Batches,
  standardization: Standardization,
  objective: Objective,
  signal: AbortSignal | undefined,
): Promise<MiniBatches> {
  const { rows, size } = batches;
  const weights = dataset.exampleWeights && storedWeights(dataset.exampleWeights, rows);
  return {
    batches,
    evenWeight: (totalWeight(rows.length, weights) * size) / rows.length,
    largestSquare: await inTurns(largestSquare(dataset, standardization, objective, rows), signal),
    ...(weights && { weights }),
  };
}

/** Throws `TOO_LARGE` for more batches than may have a dispatch each. */
function requireFewBatches({ size, count }: Batches): void {
  if (count <= MOST_DISPATCHED) return;
  throw new DescentError('TOO_LARGE', {
    got: `${count} batches of ${size}, each with its own dispatch`,
    expected: `at most ${MOST_DISPATCHED} where one dispatch cannot run many batches: with kernels 'textbook', or with data too large for one buffer`,
    fix: 'Use a larger batchSize.',
    where: { option: 'batchSize' },
  });
}

/** One Config for each batch of a shard, which holds whole batches. Throws `TOO_LARGE` for too many. */
export function writeBatchConfigs(
  allocator: Buffers,
  mini: MiniBatches,
  shard: Shard,
  shape: Omit<Config, 'exampleCount' | 'quadCount'>,
): GPUBuffer {
  const { batches, weights } = mini;
  requireFewBatches(batches);
  const first = shard.firstExample / batches.size;
  const count = Math.ceil(shard.exampleCount / batches.size);
  const contents = new Uint8Array(count * UNIFORM_STRIDE);
  for (let k = 0; k < count; k++) {
    const range = batches.range(first + k);
    const batch = {
      first: range.first - shard.firstExample,
      end: range.end - shard.firstExample,
      weight: totalWeight(range.end - range.first, weights?.subarray(range.first, range.end)),
    };
    contents.set(new Uint8Array(writeConfig({ ...shard, ...shape, mini, batch })), k * UNIFORM_STRIDE);
  }
  return allocator.uniform('configs', contents.buffer);
}

/** The place of the batch of an update: its shard, and the offset of its Config. */
export function placeOfBatch(batches: Batches, shards: readonly Shard[], update: number): Place {
  const batch = batches.at(update % batches.count, Math.floor(update / batches.count));
  const perShard = (shards[0] as Shard).exampleCount / batches.size; // all but the last hold as many
  const round = shards.length === 1 ? 0 : Math.floor(batch / perShard);
  return { round, offset: (batch - round * perShard) * UNIFORM_STRIDE };
}

/** The most quads of a shard that a batch lies in. */
export function quadsOfBatch({ size }: Batches, { quadCount }: Pick<Shard, 'quadCount'>): number {
  return Math.min(mostQuadsOf(size), quadCount);
}
