import { DescentError } from '../../base/errors.js';
import type { Storage } from './epoch-kernels.js';
import type { Tuning } from '../device/tuning.js';

/** The layout of X in its buffers. */
export interface Layout {
  /**
   * 'columns': [d, quads of examples], one column after another, each padded with zeros to whole quads.
   * 'rows': [examples, row quads], one row after another, each padded with zeros to whole row quads.
   */
  order: 'columns' | 'rows';
  /** Quads of features in a row, with padding; only for 'rows'. */
  rowQuads: number;
  /** Examples are padded to a multiple of this many, a multiple of 4. */
  exampleMultiple: number;
  storage: Storage;
}

/** Column after column. */
export function columnLayout(storage: Storage): Layout {
  return { order: 'columns', rowQuads: 0, exampleMultiple: 4, storage };
}

/** Consecutive examples in buffers of their own. */
export interface ShardRange {
  firstExample: number;
  exampleCount: number;
}

const BYTES_PER_QUAD: Record<Storage, number> = { f32: 16, f16: 8 };
export const QUAD_BYTES = BYTES_PER_QUAD.f32;

/** Quads of examples of a shard, padding included. */
export function quadCountOf(exampleCount: number, { exampleMultiple }: Layout): number {
  return (Math.ceil(exampleCount / exampleMultiple) * exampleMultiple) / 4;
}

/** Bytes of X for so many quads of examples. */
export function featureBytes(quadCount: number, featureCount: number, { order, rowQuads, storage }: Layout): number {
  return quadCount * BYTES_PER_QUAD[storage] * (order === 'columns' ? featureCount : 4 * rowQuads);
}

/** The limits of a device that bound a buffer. */
export interface BufferLimits {
  maxBufferSize: number;
  maxStorageBufferBindingSize: number;
}

/** The examples that are cut into shards, and the bounds of a shard. */
export interface ShardPlan {
  exampleCount: number;
  featureCount: number;
  layout: Layout;
  limits: BufferLimits;
  tuning: Pick<Tuning, 'mostShardBytes'>;
  /** Number of columns as long as the targets that one binding must hold. Default 1. */
  besideX?: number;
}

/**
 * Cuts the examples into as few shards as the limits allow, all of about one size.
 *
 * Throws `TOO_LARGE`, with limit and size, when not even the smallest shard fits.
 */
export function planShards(plan: ShardPlan): ShardRange[] {
  const { exampleCount, layout, tuning } = plan;
  const { unitBytes, limit } = unitOf(plan);
  // One unit where even that takes longer than a submit should.
  const units = Math.max(1, Math.floor(Math.min(limit, tuning.mostShardBytes) / unitBytes));
  return inShards(exampleCount, layout.exampleMultiple, units);
}

/**
 * The same by whole batches. A dispatch reads one batch, so a shard is as large as the limits allow.
 *
 * Throws `TOO_LARGE` likewise, and for a batch that fits no shard or that takes longer than a submit should.
 */
export function planBatchShards(batchSize: number, plan: ShardPlan): ShardRange[] {
  const { exampleCount, featureCount, layout, tuning } = plan;
  const { unitBytes, limit } = unitOf(plan);
  const most = Math.floor(limit / unitBytes) * layout.exampleMultiple;
  const mostInBatch = Math.floor(Math.min(limit, tuning.mostShardBytes) / unitBytes) * layout.exampleMultiple;
  if (batchSize > mostInBatch) {
    throw new DescentError('TOO_LARGE', {
      got: `batches of ${batchSize} examples with ${featureCount} features`,
      expected: `at most ${mostInBatch}, the number that fits one buffer of this device and one dispatch can read in time`,
      fix: "Use a smaller batchSize, or 'full'.",
      where: { option: 'batchSize' },
    });
  }
  return inShards(exampleCount, batchSize, Math.floor(most / batchSize));
}

/** The bytes of the fewest examples that a buffer may hold, and the most that one may. Throws `TOO_LARGE` where they do not fit. */
function unitOf({ featureCount, layout, limits, besideX = 1 }: ShardPlan): { unitBytes: number; limit: number } {
  const name =
    limits.maxBufferSize < limits.maxStorageBufferBindingSize ? 'maxBufferSize' : 'maxStorageBufferBindingSize';
  const unitQuads = layout.exampleMultiple / 4;
  const targetBytes = unitQuads * QUAD_BYTES * besideX;
  const unitBytes = Math.max(featureBytes(unitQuads, featureCount, layout), targetBytes);
  if (unitBytes > limits[name]) {
    throw new DescentError('TOO_LARGE', {
      got: `${featureCount} features${besideX > 1 ? ` and ${besideX} targets` : ''}, ${unitBytes} bytes for ${layout.exampleMultiple} examples in ${layout.storage}`,
      expected: `at most ${limits[name]} bytes, this device's ${name}`,
      fix: "Use fewer features, a device with higher limits, or backend: 'cpu'.",
    });
  }
  return { unitBytes, limit: limits[name] };
}

/** Shards of at most so many units of examples, all of about one size. */
function inShards(exampleCount: number, unit: number, mostUnits: number): ShardRange[] {
  const allUnits = Math.ceil(exampleCount / unit);
  const shardCount = Math.ceil(allUnits / mostUnits);
  const examplesPerShard = Math.ceil(allUnits / shardCount) * unit;
  const shards: ShardRange[] = [];
  for (let first = 0; first < exampleCount; first += examplesPerShard) {
    shards.push({ firstExample: first, exampleCount: Math.min(examplesPerShard, exampleCount - first) });
  }
  return shards;
}
