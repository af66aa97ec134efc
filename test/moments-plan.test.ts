// How examples are cut into chunks for their moments.

import { describe, expect, it } from 'vitest';
import { sumsOf } from '../src/gpu/kernels/moments-kernels.js';
import { type DeviceMomentsPlan, planMoments } from '../src/gpu/moments/moments-plan.js';
import { HARDWARE, partialsOf, SOFTWARE, type Tuning } from '../src/gpu/device/tuning.js';
import { expectRefusal } from './support/refusal.js';

const ROOMY = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 };
const TIGHT = { maxBufferSize: 2 ** 20, maxStorageBufferBindingSize: 2 ** 16 };

const TUNINGS = [SOFTWARE, HARDWARE];
const BOUNDS = { alone: { bytes: 3 * 2 ** 20, products: 1e8 }, together: { bytes: 2 ** 23, products: 1e10 } };
const ROWS = [1, 4, 5, 1000, 100_003, 10_000_000, 5_000_000_000];
const COLUMNS = [2, 9, 10, 65, 513];

function expectSound(
  { quads, chunkCount, workgroups, partials }: DeviceMomentsPlan,
  rows: number,
  n: number,
  t: Tuning,
) {
  expect(quads).toBeGreaterThanOrEqual(1);
  expect((chunkCount - 1) * 4 * quads).toBeLessThan(rows);
  expect(chunkCount * 4 * quads).toBeGreaterThanOrEqual(rows);
  expect(partials).toBe(partialsOf(workgroups, t));
  expect(Math.ceil(quads / (workgroups * t.sumsSize))).toBeLessThanOrEqual(256); // to an invocation
  return { chunkBytes: 16 * quads * n, partialBytes: 4 * sumsOf(n) * partials };
}

describe.each(TUNINGS)('a plan for an adapter that sums $sums', (tuning) => {
  it.each(ROWS.flatMap((rows) => COLUMNS.map((columns) => ({ rows, columns }))))(
    'covers $rows × $columns in chunks of bounded size',
    ({ rows, columns }) => {
      const sizes = expectSound(planMoments(rows, columns, ROOMY, tuning), rows, columns, tuning);
      expect(sizes.chunkBytes).toBeLessThanOrEqual(2 ** 23);
      expect(sizes.partialBytes).toBeLessThanOrEqual(2 ** 22);
    },
  );

  it.each(ROWS.flatMap((rows) => [2, 9, 10, 65].map((columns) => ({ rows, columns }))))(
    'keeps $rows × $columns within tight bindings',
    ({ rows, columns }) => {
      const sizes = expectSound(planMoments(rows, columns, TIGHT, tuning), rows, columns, tuning);
      expect(Math.max(...Object.values(sizes))).toBeLessThanOrEqual(2 ** 16);
    },
  );

  it.each(ROWS.flatMap((rows) => [2, 8, 9].map((columns) => ({ rows, columns }))))(
    'keeps the partials of $rows × $columns within bindings of a kilobyte',
    ({ rows, columns }) => {
      const tiny = { maxBufferSize: 2 ** 20, maxStorageBufferBindingSize: 1024 };
      const sizes = expectSound(planMoments(rows, columns, tiny, tuning), rows, columns, tuning);
      expect(Math.max(...Object.values(sizes))).toBeLessThanOrEqual(tiny.maxStorageBufferBindingSize);
    },
  );

  it.each(COLUMNS)('makes chunks of %i columns as large as their bytes and products may be', (columns) => {
    const { quads } = planMoments(10_000_000, columns, ROOMY, tuning);
    const { bytes, products } = BOUNDS[tuning.sums];
    const share = (count: number) => Math.max((16 * count * columns) / bytes, (4 * count * sumsOf(columns)) / products);
    expect(share(quads)).toBeLessThanOrEqual(1);
    expect(share(quads + 1)).toBeGreaterThan(1);
  });

  it('names the limit that the products exceed', () =>
    expectRefusal(
      () => planMoments(1000, 513, TIGHT, tuning),
      'TOO_LARGE',
      'moments of 513 columns',
      `${4 * sumsOf(513) * partialsOf(1, tuning)} bytes`,
      "at most 65536 bytes, this device's maxStorageBufferBindingSize",
      "strategy: 'streaming'",
    ));
});
