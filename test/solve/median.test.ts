import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/base/turns.js';
import { weightedMedian } from '../../src/solve/median.js';
import { uniforms } from '../support/examples.js';

/** The definition: sorted, up to where half of the weight lies. */
function bySorting(values: Float64Array, weights: Float64Array): number {
  const order = Array.from(values.keys()).sort((a, b) => (values[a] as number) - (values[b] as number));
  const half = weights.reduce((sum, weight) => sum + weight, 0) / 2;
  let sum = 0;
  for (const [k, i] of order.entries()) {
    sum += weights[i] as number;
    if (sum === half) return ((values[i] as number) + (values[order[k + 1] as number] as number)) / 2;
    if (sum > half) return values[i] as number;
  }
  return Number.NaN;
}

describe('the weighted median', () => {
  it.each(Array.from({ length: 40 }, (_, n) => n + 1))('of %d values is that of the sorted values', (count) => {
    const values = uniforms(count, count).map((value, i) => (i % 3 === 0 ? Math.round(4 * value) : value));
    const weights = uniforms(count + 100, count).map((value) => Math.ceil(4 * Math.abs(value)));
    const ones = new Float64Array(count).fill(1);
    expect(atOnce(weightedMedian(values.slice(), weights.slice()))).toBe(bySorting(values, weights));
    expect(atOnce(weightedMedian(values.slice()))).toBe(bySorting(values, ones));
  });

  it('of equal values is that value, and of none NaN', () => {
    expect(atOnce(weightedMedian(new Float64Array(1000).fill(7)))).toBe(7);
    expect(atOnce(weightedMedian(new Float64Array(0)))).toBeNaN();
  });
});
