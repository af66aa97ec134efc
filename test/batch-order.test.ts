// Which examples a batch has, and in which order batches come.

import { describe, expect, it } from 'vitest';
import { atOnce } from '../src/base/turns.js';
import { Batches, dealBatches } from '../src/descent/batches.js';

describe('the order of the batches', () => {
  it.each([2, 3, 4, 5, 16, 17, 64, 100, 257, 1000])('is another permutation in every epoch: %i examples', (count) => {
    const batches = new Batches(new Uint32Array(count), { size: 1, isShuffled: true, seed: 7 });
    const orders = Array.from({ length: 40 }, (_, epoch) => {
      const order = Array.from({ length: count }, (_, place) => batches.at(place, epoch));
      expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, k) => k));
      return order.join(' ');
    });
    expect(new Set(orders).size).toBeGreaterThan(count < 5 ? 1 : 30);
  });

  it('comes from the seed', () => {
    const orderOf = (seed: number) => {
      const batches = new Batches(new Uint32Array(50), { size: 1, isShuffled: true, seed });
      return Array.from({ length: 50 }, (_, place) => batches.at(place, 3));
    };
    expect(orderOf(1)).toEqual(orderOf(1));
    expect(orderOf(1)).not.toEqual(orderOf(2));
    expect(orderOf(1)).not.toEqual(orderOf(1 + 2 ** 32));
  });

  // χ² with n − 1 degrees of freedom has mean n − 1 and variance 2(n − 1): six deviations of it, seeded.
  const isEven = (counts: readonly number[]) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const expected = total / counts.length;
    const square = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    const freedom = counts.length - 1;
    return Math.abs(square - freedom) < 6 * Math.sqrt(2 * freedom);
  };

  it.each([3, 7, 12, 33])(
    'puts each batch at each place, and after each other, about equally often: %i batches',
    (count) => {
      const batches = new Batches(new Uint32Array(count), { size: 1, isShuffled: true, seed: 5 });
      const epochs = 400 * count;
      const places = new Array<number>(count * count).fill(0);
      const pairs = new Array<number>(count * count).fill(0);
      for (let epoch = 0; epoch < epochs; epoch++) {
        for (let place = 0; place < count; place++) {
          const batch = batches.at(place, epoch);
          places[place * count + batch] = (places[place * count + batch] as number) + 1;
          if (place > 0) {
            const pair = batches.at(place - 1, epoch) * count + batch;
            pairs[pair] = (pairs[pair] as number) + 1;
          }
        }
      }
      for (let place = 0; place < count; place++) {
        expect(isEven(places.slice(place * count, (place + 1) * count)), `place ${place}`).toBe(true);
      }
      expect(isEven(pairs.filter((_, k) => Math.floor(k / count) !== k % count))).toBe(true);
    },
  );

  it('stays that of the examples without shuffle', () => {
    const batches = atOnce(dealBatches(10, undefined, { batchSize: 3, shuffle: false, seed: 1 })) as Batches;
    expect([...batches.rows]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([0, 1, 2, 3].map((place) => batches.at(place, 5))).toEqual([0, 1, 2, 3]);
  });
});

describe('examples are dealt', () => {
  it('go each into one batch, by chance', () => {
    const batches = atOnce(dealBatches(1001, undefined, { batchSize: 100, seed: 4 })) as Batches;
    expect(batches.count).toBe(11);
    expect([...batches.rows].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1001 }, (_, i) => i));
    expect([...batches.rows].filter((row, i) => row === i).length).toBeLessThan(10);
    expect(batches.range(10)).toEqual({ first: 1000, end: 1001 });
  });

  it('go into no batch when their weight is 0', () => {
    const weights = Float64Array.of(1, 0, 2, 0, 3, 1e-40, 1);
    expect([...(atOnce(dealBatches(7, weights, { batchSize: 2, shuffle: false })) as Batches).rows]).toEqual([
      0, 2, 4, 6,
    ]);
    expect(atOnce(dealBatches(7, weights, { batchSize: 4 }))).toBeNull();
  });

  it('go into the full batch where there are no more than one holds', () => {
    for (const batchSize of ['full', 7, 8, 1e9] as const)
      expect(atOnce(dealBatches(7, undefined, { batchSize }))).toBeNull();
  });
});
