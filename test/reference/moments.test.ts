// The sums about a shift, against values by hand and against rational arithmetic.

import { describe, expect, it } from 'vitest';
import { momentsFromShiftedSums } from '../../src/moments/shifted-sums.js';
import { moments } from '../../src/reference/moments.js';
import { expectClose } from '../support/close.js';
import { exactMoments, exactSums } from '../support/exact.js';
import { mean, uniforms } from '../support/examples.js';
import { expectMoments, hardColumns, hardTargets } from '../support/moments.js';
import { expectRefusal } from '../support/refusal.js';

/** The twin's outputs, which begin as numbers that none of them is. */
function sumsOf(features: Float64Array[], targets: Float64Array[], shift: Float64Array, weights?: Float64Array) {
  const sums = new Float64Array(shift.length).fill(99);
  const products = new Float64Array(shift.length ** 2).fill(99);
  const count = moments(features, targets, weights, shift, sums, products);
  return { count, shift, sums, products };
}

describe('moments', () => {
  it('are those found by hand for two features and a target about (1, 0, 10)', () => {
    // z: (1, 5, −1), (3, −2, 4)
    const features = [Float64Array.of(2, 4), Float64Array.of(5, -2)];
    const { count, sums, products } = sumsOf(features, [Float64Array.of(9, 14)], Float64Array.of(1, 0, 10));
    expect([count, [...sums]]).toEqual([2, [4, 3, 3]]);
    // prettier-ignore
    expect([...products]).toEqual([
      10, -1, 11,
      -1, 29, -13,
      11, -13, 17,
    ]);
  });

  it('are those found by hand when the second example weighs 2', () => {
    const features = [Float64Array.of(2, 4), Float64Array.of(5, -2)];
    const weights = Float64Array.of(1, 2);
    const { count, sums, products } = sumsOf(features, [Float64Array.of(9, 14)], Float64Array.of(1, 0, 10), weights);
    expect([count, [...sums]]).toEqual([3, [7, 1, 7]]);
    // prettier-ignore
    expect([...products]).toEqual([
      19, -7, 23,
      -7, 33, -21,
      23, -21, 33,
    ]);
  });

  it.each([1, 2, 3, 63, 64, 65, 257])('are the exact sums, of hard columns too: %i examples', (rows) => {
    const [features, targets] = [hardColumns(rows), [hardTargets(rows), uniforms(9, rows)]];
    const columns = [...features, ...targets];
    for (const weights of [undefined, uniforms(8, rows).map((value) => 1 + value)]) {
      const shift = Float64Array.from(columns, (column) => Math.fround(mean(column)));
      const actual = sumsOf(features, targets, shift, weights);
      const expected = exactSums(columns, shift, weights);
      const because = 'fewer than 300 additions and 3 roundings of each term, of 2^-53 each';
      expectClose([actual.count], [expected.count], { relative: 3e-14, because });
      // A sum may cancel: what bounds its rounding are the sizes of its terms, by Cauchy and Schwarz.
      const sizes = columns.map((_, i) => Math.sqrt(expected.products[i * columns.length + i] as number));
      const bound = (i: number, j: number) => (sizes[i] as number) * (sizes[j] as number) || 1;
      const size = columns.length;
      const over = (values: ArrayLike<number>) =>
        Array.from(values, (value, at) => value / bound(Math.floor(at / size), at % size));
      expectClose(over(actual.products), over(expected.products), { absolute: 3e-14, because });
      const overCount = (values: ArrayLike<number>) =>
        Array.from(values, (value, i) => value / ((sizes[i] as number) * Math.sqrt(expected.count) || 1));
      expectClose(overCount(actual.sums), overCount(expected.sums), { absolute: 3e-14, because });
    }
  });

  it('read their inputs and write sums and products only', () => {
    const [features, targets] = [hardColumns(5), [hardTargets(5)]];
    const [shift, weights] = [uniforms(1, 7), Float64Array.of(1, 0, 2, 1, 3)];
    sumsOf(features, targets, shift, weights);
    expect([features, targets]).toEqual([hardColumns(5), [hardTargets(5)]]);
    expect([shift, [...weights]]).toEqual([uniforms(1, 7), [1, 0, 2, 1, 3]]);
  });
});

describe('momentsFromShiftedSums', () => {
  const names = ['kelvin', 'year', 'tiny', 'large', 'seconds', 'together'];
  const because = 'two hundred additions of 2^-53, and a shift within a spread of the mean';

  it.each([0, 0.5, -1])('is what the data is, wherever near the means the shift lies: %d spreads away', (away) => {
    const [features, targets] = [hardColumns(200), [hardTargets(200)]];
    const exact = exactMoments([...features, ...targets]);
    const spreads = exact.scatter.map((row, i) => Math.sqrt((row[i] as number) / 200));
    const shift = Float64Array.from(exact.means, (value, i) => value + away * (spreads[i] as number));
    const moments = momentsFromShiftedSums(sumsOf(features, targets, shift), names, ['y']);
    expectMoments(moments, exact, 1e-13, because);
  });

  it('takes partial sums about one shift added up, and reads the upper triangle only', () => {
    const [features, targets] = [hardColumns(100), [hardTargets(100)]];
    const shift = Float64Array.from([...features, ...targets], mean);
    const whole = sumsOf(features, targets, shift);
    const [first, rest] = [
      sumsOf(features.map((column) => column.slice(0, 37)), targets.map((column) => column.slice(0, 37)), shift),
      sumsOf(features.map((column) => column.slice(37)), targets.map((column) => column.slice(37)), shift),
    ]; // prettier-ignore
    const added = {
      count: first.count + rest.count,
      shift,
      sums: first.sums.map((value, i) => value + (rest.sums[i] as number)),
      products: first.products.map((value, at) => {
        return Math.floor(at / 7) > at % 7 ? Number.NaN : value + (rest.products[at] as number);
      }),
    };
    const expected = exactMoments([...features, ...targets]);
    expectMoments(momentsFromShiftedSums(added, names, ['y']), expected, 1e-13, because);
    expectMoments(momentsFromShiftedSums(whole, names, ['y']), expected, 1e-13, because);
  });

  it('takes what rounding leaves of a column of one value for that: no scatter, with itself or another', () => {
    const features = [new Float64Array(50).fill(0.1), uniforms(3, 50)];
    const sums = sumsOf(features, [uniforms(4, 50)], Float64Array.of(7.3, 0, 0));
    const { scatter, crossScatter, means } = momentsFromShiftedSums(sums, ['same', 'x'], ['y']);
    expect([scatter[0], scatter[1], scatter[2], crossScatter[0]]).toEqual([0, 0, 0, 0]);
    expect(scatter[3]).toBeGreaterThan(1);
    expectClose([means[0] as number], [0.1], { absolute: 1e-14, because: 'a shift of 7.3 and 50 additions' });
  });

  it.each([Infinity, Number.NaN])('refuses sums that left the numbers: %d', (value) => {
    const products = Float64Array.of(value, 1, 1, 2);
    const sums = { count: 2, shift: new Float64Array(2), sums: Float64Array.of(1, 0), products };
    return expectRefusal(() => momentsFromShiftedSums(sums, ['x'], ['y']), 'NON_FINITE_VALUE', 'in scatter[0]');
  });
});
