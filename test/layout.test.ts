import { describe, expect, it } from 'vitest';
import { GREATEST_HALF, halfBits } from '../src/gpu/examples/f16.js';
import { columnLayout, featureBytes, type Layout, planShards, quadCountOf } from '../src/gpu/kernels/layout.js';
import { expectRefusal } from './support/refusal.js';

const limits = (bytes: number) => ({ maxBufferSize: 4 * bytes, maxStorageBufferBindingSize: bytes });
const slow = { mostShardBytes: Infinity };
const columns = columnLayout('f32');
const rows: Layout = { order: 'rows', rowQuads: 16, exampleMultiple: 8, storage: 'f32' };

describe('a plan of shards', () => {
  it.each([
    [1, 1, 65_536],
    [16_384, 1, 65_536], // one column fills the binding
    [16_385, 1, 65_536],
    [100_003, 3, 65_536],
    [100_003, 3, 2 ** 30],
    [7, 4096, 65_536], // one quad of rows fills the binding
  ])('holds each example once, in order, within the limit: %i × %i in bindings of %i bytes', (m, d, bytes) => {
    for (const layout of [columnLayout('f32'), columnLayout('f16'), ...(d <= 64 ? [rows] : [])]) {
      const shards = planShards({ exampleCount: m, featureCount: d, layout, limits: limits(bytes), tuning: slow });
      let next = 0;
      for (const { firstExample, exampleCount } of shards) {
        expect(firstExample).toBe(next);
        expect(exampleCount).toBeGreaterThan(0);
        expect(featureBytes(quadCountOf(exampleCount, layout), d, layout)).toBeLessThanOrEqual(bytes);
        next += exampleCount;
      }
      expect(next).toBe(m);
      const all = featureBytes(quadCountOf(m, layout), d, layout);
      const targets = 16 * quadCountOf(m, layout);
      if (Math.max(all, targets) <= bytes) expect(shards).toHaveLength(1);
    }
  });

  it('begins every shard but the first at a whole unit, and keeps them of about one size', () => {
    const shards = planShards({
      exampleCount: 100_003,
      featureCount: 3,
      layout: rows,
      limits: limits(65_536),
      tuning: slow,
    });
    expect(shards.length).toBeGreaterThan(2);
    const sizes = shards.map(({ exampleCount }) => exampleCount);
    for (const { firstExample } of shards) expect(firstExample % rows.exampleMultiple).toBe(0);
    expect(new Set(sizes.slice(0, -1)).size).toBe(1);
    expect(sizes.at(-1)).toBeLessThanOrEqual(sizes[0] as number);
  });

  it('takes half the memory for halves', () => {
    expect(featureBytes(10, 3, columnLayout('f16'))).toBe(featureBytes(10, 3, columnLayout('f32')) / 2);
  });

  it('cuts finer where a dispatch would take too long, down to one unit', () => {
    const plan = (mostShardBytes: number) =>
      planShards({
        exampleCount: 1000,
        featureCount: 2,
        layout: columns,
        limits: limits(2 ** 20),
        tuning: { mostShardBytes },
      });
    expect(plan(Infinity)).toHaveLength(1);
    expect(plan(4000)).toHaveLength(2);
    expect(plan(1)).toHaveLength(250);
  });

  it('says which limit not even one unit fits, and by how much', async () => {
    await expectRefusal(
      () => planShards({ exampleCount: 8, featureCount: 5000, layout: columns, limits: limits(65_536), tuning: slow }),
      'TOO_LARGE',
      '5000 features, 80000 bytes',
      "at most 65536 bytes, this device's maxStorageBufferBindingSize",
    );
    const small = { maxBufferSize: 1000, maxStorageBufferBindingSize: 2000 };
    await expectRefusal(
      () => planShards({ exampleCount: 8, featureCount: 100, layout: columns, limits: small, tuning: slow }),
      'TOO_LARGE',
      "1000 bytes, this device's maxBufferSize",
    );
  });

  it('counts beyond 2^32 examples without a slip', () => {
    const shards = planShards({
      exampleCount: 2 ** 33 + 5,
      featureCount: 8,
      layout: columns,
      limits: limits(2 ** 31),
      tuning: slow,
    });
    const last = shards.at(-1) as { firstExample: number; exampleCount: number };
    expect(last.firstExample + last.exampleCount).toBe(2 ** 33 + 5);
    expect(shards).toHaveLength(129);
  });
});

/** The number that 16 bits stand for, by the definition of binary16. */
function valueOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

describe('halves', () => {
  it('keep every number that is one', () => {
    for (let half = 0; half < 0x10000; half++) {
      const value = valueOf(half);
      if (Number.isNaN(value)) expect(Number.isNaN(valueOf(halfBits(value)))).toBe(true);
      else if (halfBits(value) !== half) expect(half, 'comes back').toBe(halfBits(value));
    }
  });

  it('are the nearest, ties to even', () => {
    for (let half = 0; half < 0x7bff; half++) {
      const [low, high] = [valueOf(half), valueOf(half + 1)];
      const middle = (low + high) / 2;
      if (halfBits(middle) !== (half % 2 === 0 ? half : half + 1)) expect(middle).toBe('a tie to even');
      if (halfBits(-middle - (high - low) / 8) !== (0x8000 | (half + 1))) expect(-middle).toBe('rounded away');
    }
  });

  it('end at the greatest', () => {
    expect(valueOf(halfBits(GREATEST_HALF))).toBe(GREATEST_HALF);
    expect(valueOf(halfBits(65_519))).toBe(GREATEST_HALF);
    expect([halfBits(65_520), halfBits(-1e30)].map(valueOf)).toEqual([Infinity, -Infinity]);
  });
});
