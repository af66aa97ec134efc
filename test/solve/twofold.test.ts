// Sums in twofold precision against exact ones.

import { expect, it } from 'vitest';
import { lostInDifference, TwofoldSum } from '../../src/solve/twofold.js';
import { exactSums, inUnits } from '../support/exact.js';
import { uniforms } from '../support/examples.js';

it('keeps what additions lose', () => {
  const sum = new TwofoldSum();
  for (const term of [1e16, 1, 2 ** -30, -1e16]) sum.add(term);
  expect(sum.value).toBe(1 + 2 ** -30);
});

it('keeps what products lose: cancelling products of 300 numbers, to the last bit', () => {
  const a = uniforms(1, 300).map((value) => value / 3);
  const b = uniforms(2, 300).map((value) => 1e8 * value);
  const left = [...a, ...a.map((value) => -value), 0.1];
  const right = [...b, ...b, 0.1];
  const sum = new TwofoldSum();
  left.forEach((value, i) => sum.addProduct(value, right[i] as number));
  const { products } = exactSums([left, right], [0, 0]);
  expect(sum.value).toBe(products[1]);
  expect(sum.value).toBe(0.1 * 0.1);
});

it('x − y is the difference and what it lost', () => {
  const y = uniforms(4, 100);
  uniforms(3, 100).forEach((value, i) => {
    const [x, other] = [1e6 * value, y[i] as number];
    expect(inUnits(x - other) + inUnits(lostInDifference(x, other))).toBe(inUnits(x) - inUnits(other));
  });
});
