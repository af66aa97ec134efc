import { describe, expect, it } from 'vitest';
import { multiply } from '../../src/moments/multiply.js';
import { step } from '../../src/descent/step.js';
import { expectClose } from '../support/close.js';
import { uniforms } from '../support/examples.js';

describe('multiply', () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 9, 63, 64, 65])('is the product, from the upper triangle alone: %i rows', (size) => {
    const entries = uniforms(size, size * size);
    const entry = (i: number, j: number) => entries[Math.min(i, j) * size + Math.max(i, j)] as number;
    const rows = Array.from({ length: size }, (_, i) => i);
    const upper = entries.map((value, at) => {
      const [i, j] = [Math.floor(at / size), at % size];
      // Four rows at a time: the blocks on the diagonal are read whole.
      return Math.floor(i / 4) > Math.floor(j / 4) ? Number.NaN : entry(i, j) + 0 * value;
    });
    const vector = uniforms(size + 1, size);
    const expected = rows.map((i) => rows.reduce((sum, j) => sum + entry(i, j) * (vector[j] as number), 0));
    const out = new Float64Array(size + 2).fill(7);
    multiply(upper, Float64Array.of(...vector, Number.NaN), size, out);
    const because = 'as many roundings of 2^-53 as there are terms, all under 1';
    expectClose(out.subarray(0, size), expected, { absolute: size * 2 ** -51, because });
    expect([...out.subarray(size)]).toEqual([7, 7]);
  });
});

describe('step', () => {
  it('goes λ times against the gradient, bias and all, and writes the next parameters only', () => {
    const [gradient, parameters, next] = [Float64Array.of(2, -1, 0.5), Float64Array.of(1, 2, 3), new Float64Array(3)];
    step(gradient, { learningRate: 0.5, l1: 0, l2: 0 }, parameters, next);
    expect([...next]).toEqual([0, 2.5, 2.75]);
    expect([[...gradient], [...parameters]]).toEqual([[2, -1, 0.5], [1, 2, 3]]); // prettier-ignore
  });
});
