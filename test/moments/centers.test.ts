// What is taken off a column before its squares are added up in f32.

import { describe, expect, it } from 'vitest';
import { fullCenter, sampleCenter } from '../../src/moments/centers.js';
import { mean, normals, uniforms } from '../support/examples.js';

const spreadOf = (column: ArrayLike<number>) => {
  const center = mean(column);
  return Math.sqrt(mean(Array.from(column, (value) => (value - center) ** 2)));
};

describe('a sampled centre', () => {
  it.each([1, 2, 15, 16, 17, 63, 1023, 1024, 1025, 5000, 100_003])('lies near the mean: %i values', (length) => {
    const column = normals(3, length).map((value) => 285 + 35 * value);
    const { shift, exponent } = sampleCenter(column);
    expect(exponent).toBe(0);
    // Of 1024 values the mean is off by σ/32; seven times that is no accident.
    expect(Math.abs(shift - mean(column))).toBeLessThanOrEqual(0.22 * (spreadOf(column) || 1));
  });

  it('is near the mean of sorted values, too: the sample is spread over all', () => {
    const column = Float64Array.from({ length: 50_000 }, (_, i) => i);
    expect(Math.abs(sampleCenter(column).shift - 25_000)).toBeLessThan(500);
  });

  it('is exact in f32 for f32 values, and as it comes for f64 values', () => {
    const column = uniforms(1, 1000).map((value) => value / 3);
    const { shift } = sampleCenter(Float32Array.from(column));
    expect(shift).toBe(Math.fround(shift));
    expect(sampleCenter(column).shift).not.toBe(Math.fround(sampleCenter(column).shift));
  });

  it('is the value itself for a column of one value, whatever its size', () => {
    for (const value of [0, -0.1, 1e300, -1e-300]) {
      expect(sampleCenter(new Float64Array(3000).fill(value))).toEqual({ shift: value, exponent: 0 });
    }
  });

  it('takes in the other values of a column that is one value nearly everywhere', () => {
    const column = new Float64Array(100_000).fill(7);
    column[99_990] = 7 + 2 ** -40;
    expect(sampleCenter(column)).toEqual({ shift: 7, exponent: -40 });
  });

  it.each([1e-30, 1e-12, 1e12, 1e30, 1e100])('scales a spread of %d to near 1', (size) => {
    const column = uniforms(2, 3000).map((value) => size * value);
    const { exponent } = sampleCenter(column);
    expect(Math.max(...column.map(Math.abs)) * 2 ** -exponent).toBeGreaterThan(0.25);
    expect(Math.max(...column.map(Math.abs)) * 2 ** -exponent).toBeLessThan(4);
  });

  it('leaves ordinary spreads as they are', () => {
    for (const size of [1e-8, 1, 1e8]) expect(sampleCenter(uniforms(2, 3000).map((u) => size * u)).exponent).toBe(0);
  });
});

describe('a centre by all values', () => {
  it('is their mean, and knows the largest', () => {
    const column = uniforms(4, 100_000);
    column[77_777] = 1e30;
    expect(sampleCenter(column).exponent).toBe(0); // the sample missed it
    const { shift, exponent } = fullCenter(column);
    expect(shift).toBeCloseTo(1e25, -15);
    expect(exponent).toBe(Math.round(Math.log2(1e30)));
  });

  it('stays a number where deviations do not', () => {
    expect(fullCenter(Float64Array.of(1.7e308, -1.7e308, -1.7e308)).exponent).toBe(1023);
  });
});
