import type { TargetColumn } from '../../descent/backend.js';
import { type Dataset, type FloatArray, rowsOfColumn } from '../../data/dataset.js';
import { DescentError } from '../../base/errors.js';
import { beforeAbort, giveWay } from '../../base/turns.js';
import { totalWeight } from '../../data/example-weights.js';
import { Buffers } from '../device/buffers.js';
import type { GpuContext } from '../device/device.js';
import { halfBits } from './f16.js';
import {
  featureBytes,
  type Layout,
  planBatchShards,
  planShards,
  QUAD_BYTES,
  quadCountOf,
  type ShardRange,
} from '../kernels/layout.js';
import type { Storage } from '../kernels/epoch-kernels.js';
import type { Standardization } from '../../descent/standardization.js';

/** Consecutive examples on the device, in buffers that fit one binding. */
export interface Shard extends ShardRange {
  /** Quads of four examples, padding included. */
  quadCount: number;
  /** X as the layout says. */
  features: GPUBuffer;
  /** [t, quads] f32, column after column, each padded with zeros; with weights of examples after the last, [t + 1, quads]. */
  targets: GPUBuffer;
  /** The total weight of its examples: m of the shard, or the sum of the weights as they are stored. */
  weight: number;
}

/** A dataset on the device. */
export interface UploadedDataset {
  exampleCount: number;
  featureCount: number;
  layout: Layout;
  /** True if the examples have weights. */
  isWeighted: boolean;
  shards: readonly Shard[];
  destroy(): void;
}

/** The part of a dataset to upload: its examples, and their targets. */
export interface UploadPart {
  /** The rows, in this order. Default: all. */
  rows?: Uint32Array;
  /** The size of the mini-batches that every shard must hold whole. Default: a shard holds whatever fits. */
  batchSize?: number;
  /** Default: the dataset's own alone. */
  targets?: readonly TargetColumn[];
  /** Columns as long as the targets that a binding must hold, whether there are so many targets or not. Default 1. */
  leastColumns?: number;
}

/** Rows of a column that are laid out between two looks at the clock: some milliseconds, so that a page stays alive and can abort. */
const BLOCK_ROWS = 2 ** 17;

/**
 * Copies a dataset to the device, laid out as the standardization and the layout say, in as many shards as it takes.
 *
 * Throws `TOO_LARGE` when no shard fits the device's limits, `OUT_OF_MEMORY`, `NON_FINITE_VALUE` for a value that the
 * storage cannot hold, and the signal's reason. Whatever happens, what was made is freed.
 */
export async function uploadDataset(
  context: GpuContext,
  dataset: Dataset,
  standardization: Standardization,
  layout: Layout,
  signal?: AbortSignal,
  part: UploadPart = {},
): Promise<UploadedDataset> {
  const { featureCount, exampleWeights } = dataset;
  const exampleCount = part.rows?.length ?? dataset.exampleCount;
  const targetCount = (part.targets?.length ?? 1) + (exampleWeights ? 1 : 0);
  const besideX = Math.max(targetCount, part.leastColumns ?? 1);
  const { limits, tuning } = context;
  const plan = { exampleCount, featureCount, layout, limits, tuning, besideX };
  const ranges = part.batchSize === undefined ? planShards(plan) : planBatchShards(part.batchSize, plan);
  const buffers = new Buffers(context.device);
  try {
    const shards: Shard[] = [];
    for (const range of ranges) {
      const shard = { dataset, standardization, layout, range, part, signal };
      shards.push(await beforeAbort(uploadShard(context, buffers, shard), signal));
    }
    const isWeighted = exampleWeights !== undefined;
    return { exampleCount, featureCount, layout, isWeighted, shards, destroy: () => buffers.destroy() };
  } catch (error) {
    buffers.destroy();
    throw error;
  }
}

/** A shard that is yet to be made. */
interface ShardPlan {
  dataset: Dataset;
  standardization: Standardization;
  layout: Layout;
  range: ShardRange;
  part: UploadPart;
  signal: AbortSignal | undefined;
}

async function uploadShard(context: GpuContext, buffers: Buffers, plan: ShardPlan): Promise<Shard> {
  const { dataset, layout, range, part } = plan;
  const { exampleWeights, exampleCount: all, featureCount } = dataset;
  const quadCount = quadCountOf(range.exampleCount, layout);
  const bytes = featureBytes(quadCount, featureCount, layout);
  const targetColumns = part.targets ?? [ownTargets(dataset)];
  const shardRows = rowsOf(plan);
  const weights = exampleWeights && storedWeights(exampleWeights, shardRows ?? range);
  const columnCount = targetColumns.length + (weights ? 1 : 0);
  const step = `upload ${all} × ${featureCount} features (${bytes} bytes at a time)`;
  const { features, targets } = await context.guard(step, () => ({
    features: buffers.mapped('features', bytes),
    targets: buffers.mapped('targets', quadCount * QUAD_BYTES * columnCount),
  }));
  const fill = async () => {
    await layOutFeatures(plan, features.getMappedRange(), quadCount);
    features.unmap();
    await layOutTargets(plan, targets.getMappedRange(), { targetColumns, weights, quadCount });
    targets.unmap();
  };
  // The memory of a mapped buffer goes with its device, at any turn.
  const outcome = await context.outcome(fill());
  if ('refused' in outcome) throw outcome.refused;
  return { ...range, quadCount, features, targets, weight: totalWeight(range.exampleCount, weights) };
}

/** The targets of a shard, and the weights behind them. */
interface ShardTargets {
  targetColumns: readonly TargetColumn[];
  weights: Float32Array | undefined;
  quadCount: number;
}

async function layOutTargets(
  plan: ShardPlan,
  contents: ArrayBuffer,
  { targetColumns, weights, quadCount }: ShardTargets,
): Promise<void> {
  for (const [k, { name, values }] of targetColumns.entries()) {
    const center = plan.standardization.targetCenters[k] as number;
    const column = { values, name, scaling: { center, scale: 1 } };
    await layOutColumn(plan, column, contents, { storage: 'f32', first: 4 * quadCount * k, stride: 1 });
  }
  if (weights) new Float32Array(contents).set(weights, 4 * quadCount * targetColumns.length);
}

/** The rows of a shard, where they are not consecutive. */
function rowsOf({ part: { rows }, range: { firstExample, exampleCount } }: ShardPlan): Uint32Array | undefined {
  return rows?.subarray(firstExample, firstExample + exampleCount);
}

async function layOutFeatures(plan: ShardPlan, contents: ArrayBuffer, quadCount: number): Promise<void> {
  const { dataset, standardization, layout } = plan;
  for (const [j, values] of dataset.columns.entries()) {
    const { center, exponent } = standardization.columns[j] ?? { center: 0, exponent: 0 };
    const column = { values, name: dataset.featureNames[j] ?? '', scaling: { center, scale: 2 ** -exponent } };
    const place = { storage: layout.storage, ...placeOf(layout, j, quadCount) };
    await layOutColumn(plan, column, contents, place);
  }
}

/** A column, and the way in which its numbers are stored. */
interface StoredColumn {
  values: FloatArray;
  name: string;
  scaling: { center: number; scale: number };
}

/** Lays out the rows of a shard, block by block. */
async function layOutColumn(
  plan: ShardPlan,
  { values, name, scaling }: StoredColumn,
  contents: ArrayBuffer,
  { storage, first, stride }: Place & { storage: Storage },
): Promise<void> {
  const { firstExample, exampleCount } = plan.range;
  const shardRows = rowsOf(plan);
  for (let from = 0; from < exampleCount; from += BLOCK_ROWS) {
    const to = Math.min(exampleCount, from + BLOCK_ROWS);
    const block = shardRows
      ? rowsOfColumn(values, shardRows.subarray(from, to))
      : values.subarray(firstExample + from, firstExample + to);
    const place = { first: first + from * stride, stride };
    const rowOf = (i: number) => shardRows?.[from + i] ?? firstExample + from + i;
    layOut(block, scaling, contents, storage, place);
    checkHeld(block, contents, storage, place, { name, rowOf, scale: scaling.scale });
    await giveWay(plan.signal);
  }
}

/**
 * Weights of some rows as the device holds them: by a power of two, the same for all parts of a dataset, so that the largest is
 * near 1 and none overflows. A loss does not change when all weights do.
 */
export function storedWeights(all: FloatArray, some: Uint32Array | ShardRange): Float32Array {
  let largest = 0;
  for (const weight of all) largest = Math.max(largest, weight);
  // In two steps: the scale of the smallest numbers of f64 is none itself.
  const exponent = -Math.round(Math.log2(largest));
  const [half, rest] = [2 ** Math.trunc(exponent / 2), 2 ** (exponent - Math.trunc(exponent / 2))];
  const weights =
    some instanceof Uint32Array
      ? rowsOfColumn(all, some)
      : all.subarray(some.firstExample, some.firstExample + some.exampleCount);
  return Float32Array.from(weights, (weight) => weight * half * rest);
}

export function ownTargets({ targetName, targets }: Dataset): TargetColumn {
  return { name: targetName, values: targets };
}

/** The position of the numbers of a column, counted in numbers. */
interface Place {
  first: number;
  stride: number;
}

function placeOf({ order, rowQuads }: Layout, j: number, quadCount: number): Place {
  return order === 'columns' ? { first: 4 * quadCount * j, stride: 1 } : { first: j, stride: 4 * rowQuads };
}

/** (x − center)·scale in f64, rounded once to what is stored. */
function layOut(
  column: FloatArray,
  { center, scale }: { center: number; scale: number },
  contents: ArrayBuffer,
  storage: Storage,
  { first, stride }: Place,
): void {
  if (storage === 'f16') {
    const target = new Uint16Array(contents);
    for (let i = 0, at = first; i < column.length; i++, at += stride) {
      target[at] = halfBits(((column[i] as number) - center) * scale);
    }
    return;
  }
  const target = new Float32Array(contents);
  if (center === 0 && scale === 1 && stride === 1) {
    target.set(column, first);
    return;
  }
  for (let i = 0, at = first; i < column.length; i++, at += stride) {
    target[at] = ((column[i] as number) - center) * scale;
  }
}

/** Throws when a finite number came out infinite. */
function checkHeld(
  column: FloatArray,
  contents: ArrayBuffer,
  storage: Storage,
  { first, stride }: Place,
  { name, rowOf, scale }: { name: string; rowOf: (i: number) => number; scale: number },
): void {
  if (storage === 'f32' && column instanceof Float32Array && scale === 1) return; // it was finite, and is as it was
  const words = storage === 'f16' ? new Uint16Array(contents) : new Uint32Array(contents);
  const exponent = storage === 'f16' ? 0x7c00 : 0x7f800000; // all its bits set: infinite, or NaN
  for (let i = 0, at = first; i < column.length; i++, at += stride) {
    if (((words[at] as number) & exponent) !== exponent) continue;
    throw new DescentError('NON_FINITE_VALUE', {
      got: `${column[i]} in row ${rowOf(i)} of '${name}', which ${storage} cannot hold`,
      expected: `magnitudes under ${storage === 'f16' ? 65_520 : 3.4e38}`,
      fix: 'Scale the column down, or standardize.',
      where: { row: rowOf(i), column: name },
    });
  }
}
