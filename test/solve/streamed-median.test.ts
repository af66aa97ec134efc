import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/base/turns.js';
import { weightedMedian } from '../../src/solve/median.js';
import { streamedMedian } from '../../src/solve/streamed-median.js';
import { normals } from '../support/examples.js';

/** The median of values that are held, and of the same in passes of which each holds no more than `most`, with their number. */
async function both(values: Float64Array, weights: Float64Array | undefined, most: number) {
  let passes = 0;
  const streamed = await streamedMedian((visit) => {
    passes += 1;
    values.forEach((value, i) => visit(value, weights?.[i] ?? 1));
    return Promise.resolve();
  }, most);
  return { held: atOnce(weightedMedian(values.slice(), weights?.slice())), streamed, passes };
}

const sizes = (count: number) => Float64Array.from(normals(3, count), Math.abs);

describe('the median of values that are streamed', () => {
  it.each([
    ['an odd number', sizes(1001)],
    ['an even number, between two values', sizes(1000)],
    ['values of which most are 0', sizes(1001).map((value, i) => (i % 3 === 0 ? value : 0))],
    ['halves of two values far apart', Float64Array.from({ length: 600 }, (_, i) => (i % 2 === 0 ? 1e-300 : 1e300))],
    ['values that differ in their last bits', Float64Array.from({ length: 999 }, (_, i) => 1 + (i % 16) * 2 ** -52)],
    ['one value', Float64Array.of(5)],
    ['two values', Float64Array.of(7, 4)],
  ])('is that of values that are held: %s', async (_, values) => {
    for (const most of [1, 10, 1e6]) {
      const { held, streamed } = await both(values, undefined, most);
      expect(streamed).toBe(held);
    }
  });

  it('counts each value by its weight', async () => {
    // Whole weights: their sums have no rounding, in whatever order.
    const weights = Float64Array.from({ length: 1000 }, (_, i) => 1 + (i % 5));
    const { held, streamed } = await both(sizes(1000), weights, 10);
    expect(streamed).toBe(held);
    expect(held).not.toBe(atOnce(weightedMedian(sizes(1000))));
  });

  it('takes two passes where the values are spread, and more where many share their leading bits', async () => {
    expect((await both(sizes(5000), undefined, 100)).passes).toBe(2);
    // The first digit ends at 2^-9 of a number, the second at 2^-29.
    const apart = (gap: number) => Float64Array.from({ length: 5000 }, (_, i) => 1 + i * gap);
    expect((await both(apart(2 ** -35), undefined, 100)).passes).toBe(3);
    expect((await both(apart(2 ** -45), undefined, 100)).passes).toBe(4);
  });

  it('is NaN of no values', async () => expect((await both(new Float64Array(0), undefined, 10)).streamed).toBeNaN());
});
