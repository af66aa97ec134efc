// Statistics of a column that comes batch by batch, against those of the whole column.

import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../src/data/column-layout.js';
import { StreamedColumn } from '../../src/data/column-survey.js';
import { normals } from '../support/examples.js';

function surveyed(values: Float64Array, weights?: Float64Array): StreamedColumn {
  const survey = new StreamedColumn();
  for (let from = 0, size = 7; from < values.length; from += size, size += 11) {
    const part = weights?.subarray(from, from + size);
    if (!part || part.some((weight) => weight > 0)) survey.add(values.subarray(from, from + size), part);
  }
  return survey;
}

const NOISE = normals(8, 900);
const drifting = Float64Array.from(NOISE, (value, i) => 2020 + i / 100 + 0.01 * value);

/** Sums of 900 values in f64: some roundings of 2^-53, of means that are 2,000 deviations away some 2^-42. */
const TOLERANCE = 2 ** -40;

describe('a survey of a column', () => {
  it.each<[string, Float64Array, Float64Array?]>([
    ['normal values', NOISE.slice()],
    ['a drift far from 0', drifting],
    ['values whose squares overflow', Float64Array.from(NOISE, (value) => 1e200 * value)],
    ['values whose squares underflow', Float64Array.from(NOISE, (value) => 1e-200 * value)],
    [
      'weights, whole batches of 0 among them',
      drifting,
      Float64Array.from(NOISE, (value, i) => (i < 60 ? 0 : value ** 2)),
    ],
  ])('has the center and the spread of %s', (_, values, weights) => {
    for (const isCentered of [true, false]) {
      const [found, right] = [surveyed(values, weights).spread(isCentered), spreadOf(values, weights, isCentered)];
      expect(Math.abs(found.center - right.center)).toBeLessThanOrEqual(TOLERANCE * right.deviation);
      expect(Math.abs(found.deviation - right.deviation)).toBeLessThanOrEqual(TOLERANCE * right.deviation);
      expect(found.isConstant).toBe(false);
    }
  });

  it.each([
    ['one value', new Float64Array(50).fill(0.1)],
    ['one value but for rounding', new Float64Array(50).fill(0.1).map((value, i) => value + (i % 3) * 2 ** -57)],
    ['zeros', new Float64Array(50)],
  ])('finds a constant column: %s', (_, values) => {
    for (const isCentered of [true, false]) {
      expect(surveyed(values).spread(isCentered).isConstant).toBe(spreadOf(values, undefined, isCentered).isConstant);
    }
  });

  it('does not take a value of each batch for a constant column', () => {
    const survey = new StreamedColumn();
    survey.add(Float64Array.of(1, 1), undefined);
    survey.add(Float64Array.of(3, 3), undefined);
    expect(survey.spread(true)).toEqual({ center: 2, deviation: 1, isConstant: false });
    expect(survey.size).toBe(3);
  });
});
