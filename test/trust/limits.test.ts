// Limits: the sizes of buffers and dispatches themselves, not only what comes out of them.

import { describe, expect, it } from 'vitest';
import { folded } from '../../src/gpu/device/dispatch-size.js';
import { HARDWARE, SOFTWARE } from '../../src/gpu/device/tuning.js';
import { planHessian } from '../../src/gpu/evaluate/hessian-plan.js';
import {
  columnLayout,
  featureBytes,
  type Layout,
  planBatchShards,
  planShards,
  QUAD_BYTES,
  quadCountOf,
  type ShardRange,
} from '../../src/gpu/kernels/layout.js';
import { planMoments } from '../../src/gpu/moments/moments-plan.js';
import { countOf, sharesOf } from '../../src/gpu/training/shares.js';
import { expectRefusal } from '../support/refusal.js';

const ROWS: Layout = { order: 'rows', rowQuads: 16, exampleMultiple: 8, storage: 'f32' };
const LAYOUTS: [string, Layout][] = [
  ['f32', columnLayout('f32')],
  ['f16', columnLayout('f16')],
  ['rows', ROWS],
];
const slow = { mostShardBytes: Infinity };
const limitsOf = (bytes: number) => ({ maxBufferSize: 4 * bytes, maxStorageBufferBindingSize: bytes });

/** The minimum of WebGPU, and less, with sizes beside powers of two. */
const LIMITS = [2 ** 27, 2 ** 16, 65_535, 65_537, 4096, 4100, 1024];

/** Every example is in one shard, in order, and each buffer of a shard fits one binding. */
function expectWithin(
  shards: readonly ShardRange[],
  exampleCount: number,
  bytesOf: (quads: number) => number[],
  limit: number,
  layout: Layout,
): void {
  let next = 0;
  for (const shard of shards) {
    expect(shard.firstExample).toBe(next);
    expect(shard.exampleCount).toBeGreaterThan(0);
    next += shard.exampleCount;
    for (const bytes of bytesOf(quadCountOf(shard.exampleCount, layout))) expect(bytes).toBeLessThanOrEqual(limit);
  }
  expect(next).toBe(exampleCount);
}

describe.each(LIMITS)('buffers of at most %i bytes', (limit) => {
  it.each(LAYOUTS)('hold whole mini-batches, many to a shard: %s', (_, layout) => {
    for (const [batchSize, exampleCount] of [
      [1, 5000],
      [7, 1001],
      [32, 5000],
      [33, 65_537],
      [250, 4001],
    ] as const) {
      const plan = { exampleCount, featureCount: 3, layout, limits: limitsOf(limit), tuning: slow };
      const unit = layout.exampleMultiple;
      const room = Math.floor(limit / featureBytes(unit / 4, 3, layout)) * unit;
      if (batchSize > room) {
        expect(() => planBatchShards(batchSize, plan)).toThrow(
          /the number that fits one buffer|bytes for \d+ examples/,
        );
        continue;
      }
      const shards = planBatchShards(batchSize, plan);
      const dataBytes = (quads: number) => [featureBytes(quads, 3, layout)];
      expectWithin(shards, exampleCount, dataBytes, limit, layout);
      for (const { firstExample } of shards) expect(firstExample % batchSize).toBe(0);
      const least = Math.ceil(featureBytes(quadCountOf(exampleCount, layout), 3, layout) / limit);
      expect(shards.length).toBeLessThanOrEqual(2 * least + 1);
    }
  });

  it.each(LAYOUTS)('hold the columns of many targets beside few features: %s', (_, layout) => {
    for (const besideX of [1, 2, 16, 60]) {
      const plan = { exampleCount: 5000, featureCount: 1, layout, limits: limitsOf(limit), tuning: slow, besideX };
      const unitQuads = layout.exampleMultiple / 4;
      if (unitQuads * QUAD_BYTES * besideX > limit || featureBytes(unitQuads, 1, layout) > limit) {
        expect(() => planShards(plan)).toThrow(/bytes for \d+ examples/);
        continue;
      }
      const bytesOf = (quads: number) => [featureBytes(quads, 1, layout), quads * QUAD_BYTES * besideX];
      expectWithin(planShards(plan), 5000, bytesOf, limit, layout);
    }
  });
});

/** Beside the most workgroups of a dispatch in one dimension, and beside the ends of i32 and u32. */
const COUNTS = [65_535, 2 ** 31, 2 ** 32].flatMap((count) => [count - 1, count, count + 1]);

describe('the partial sums of all shards', () => {
  const quadCounts = [1000, 1000, 1000, 10];
  const wanted = (quadCount: number) => ({
    workgroups: Math.min(16, quadCount),
    partials: 4 * Math.min(16, quadCount),
  });
  const bytes = 20;

  it('are as many as are wanted where one binding holds them', () => {
    const all = sharesOf(quadCounts, wanted, { partialBytes: bytes, limits: limitsOf(bytes * 4 * (3 * 16 + 10)) });
    expect(all).toEqual(quadCounts.map(wanted));
  });

  it.each([4 * 57, 4 * 20, 33, 16])('are fewer, of each shard some, in a binding for %i', (room) => {
    const shares = sharesOf(quadCounts, wanted, { partialBytes: bytes, limits: limitsOf(bytes * room + 1) });
    expect(countOf(shares)).toBeLessThanOrEqual(room);
    for (const { workgroups, partials } of shares) {
      expect(workgroups).toBeGreaterThanOrEqual(1);
      expect(partials).toBe(4 * workgroups);
    }
  });

  it.each([
    { maxBufferSize: 319, maxStorageBufferBindingSize: 319, name: 'maxStorageBufferBindingSize' },
    { maxBufferSize: 319, maxStorageBufferBindingSize: 320, name: 'maxBufferSize' },
  ])('are refused where a workgroup for each shard is too many: $name', ({ name, ...limits }) =>
    expectRefusal(
      () => sharesOf(quadCounts, wanted, { partialBytes: bytes, limits }),
      'TOO_LARGE',
      'sums of 4 shards, 320 bytes',
      `at most 319 bytes, this device's ${name}`,
    ),
  );
});

describe('counts beside the ends of integers', () => {
  it.each(COUNTS)('are cut into shards: %i examples', (exampleCount) => {
    for (const [, layout] of LAYOUTS) {
      const plan = { exampleCount, featureCount: 3, layout, limits: limitsOf(2 ** 30), tuning: slow };
      expectWithin(planShards(plan), exampleCount, (quads) => [featureBytes(quads, 3, layout)], 2 ** 30, layout);
    }
  });

  it.each(COUNTS)('are cut into shards of whole batches: %i examples', (exampleCount) => {
    for (const [, layout] of LAYOUTS) {
      const plan = { exampleCount, featureCount: 3, layout, limits: limitsOf(2 ** 30), tuning: slow };
      for (const batchSize of [1000, 65_535, 65_536]) {
        const shards = planBatchShards(batchSize, plan);
        expectWithin(shards, exampleCount, (quads) => [featureBytes(quads, 3, layout)], 2 ** 30, layout);
        for (const { firstExample } of shards) expect(firstExample % batchSize).toBe(0);
      }
    }
  });

  it.each(COUNTS)('are cut into chunks for moments: %i examples', (exampleCount) => {
    for (const tuning of [SOFTWARE, HARDWARE]) {
      for (const columns of [2, 9, 10, 513]) {
        const { quads, chunkCount, workgroups } = planMoments(exampleCount, columns, limitsOf(2 ** 27), tuning);
        expect((chunkCount - 1) * 4 * quads).toBeLessThan(exampleCount);
        expect(chunkCount * 4 * quads).toBeGreaterThanOrEqual(exampleCount);
        expect(16 * quads * columns).toBeLessThanOrEqual(2 ** 27);
        expect(workgroups).toBeLessThanOrEqual(65_535);
      }
    }
  });

  it.each(COUNTS)('are cut into parts of a Hessian: %i quads', (quadCount) => {
    for (const tuning of [SOFTWARE, HARDWARE]) {
      const { bands, workgroups } = planHessian(3, quadCount, limitsOf(2 ** 30), tuning);
      const parts = bands.flatMap((band) => band.parts);
      expect(workgroups).toBeLessThanOrEqual(65_535);
      parts.forEach(({ firstQuad }, k) => expect(firstQuad).toBe(parts[k - 1]?.endQuad ?? 0));
      expect(parts.at(-1)?.endQuad).toBe(quadCount);
    }
  });

  it.each([1, 65_534, 65_535, 65_536, 65_537, 2 ** 20, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 65_535 ** 2])(
    'are folded into dispatches: %i workgroups',
    (count) => {
      const [x, y] = folded(count);
      expect(Math.max(x, y)).toBeLessThanOrEqual(65_535);
      expect(x * y).toBeGreaterThanOrEqual(count);
      expect(x * y - count).toBeLessThan(x);
    },
  );

  it('are refused where not even the smallest shard fits', () =>
    expectRefusal(
      () => planShards({ exampleCount: 8, featureCount: 4096, layout: columnLayout('f32'), limits: limitsOf(65_535), tuning: slow }), // prettier-ignore
      'TOO_LARGE',
      '65536 bytes for 4 examples',
      '65535',
    ));
});
