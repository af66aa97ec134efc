// The three steps of an epoch against values worked out by hand.

import { describe, expect, it } from 'vitest';
import { gradient } from '../../src/reference/gradient.js';
import { residual } from '../../src/reference/residual.js';
import { zScores } from '../../src/reference/standardize.js';
import { update } from '../../src/reference/update.js';
import { expectClose } from '../support/close.js';
import { covariance, mean, uniforms } from '../support/examples.js';

// Three examples, (1, −2), (3, 4) and (−5, 0.5), with targets 10, 20 and 30.
const FEATURES = [Float64Array.of(1, 3, -5), Float64Array.of(-2, 4, 0.5)];
const TARGETS = Float64Array.of(10, 20, 30);

describe('residual', () => {
  it('is prediction − target, in this sign', () => {
    const residuals = new Float64Array(3).fill(99);
    residual(FEATURES, TARGETS, Float64Array.of(2, -1, 0.5), residuals);
    // 2·1 + 2 + 0.5 − 10;  2·3 − 4 + 0.5 − 20;  −10 − 0.5 + 0.5 − 30
    expect([...residuals]).toEqual([-5.5, -17.5, -40]);
  });

  it('reads its inputs and writes residuals only', () => {
    const [parameters, targets] = [Float64Array.of(2, -1, 0.5), TARGETS.slice()];
    const features = FEATURES.map((column) => column.slice());
    residual(features, targets, parameters, new Float64Array(3));
    expect([features, targets, parameters]).toEqual([FEATURES, TARGETS, Float64Array.of(2, -1, 0.5)]);
  });
});

describe('gradient', () => {
  it('sums r·x for every weight, r for the bias, and r²', () => {
    const sums = new Float64Array(4).fill(99);
    gradient(FEATURES, Float64Array.of(-5.5, -17.5, -40), sums);
    // −5.5 − 52.5 + 200;  11 − 70 − 20;  −63;  30.25 + 306.25 + 1600
    expect([...sums]).toEqual([142, -79, -63, 1936.5]);
  });
});

describe('update', () => {
  it('steps by λ times the mean against the gradient, and returns the halved mean square', () => {
    const parameters = Float64Array.of(1, 2, 3);
    const loss = update(Float64Array.of(8, -4, 2, 20), 4, { learningRate: 0.5 }, parameters);
    expect([...parameters]).toEqual([1 - 0.5 * 2, 2 + 0.5 * 1, 3 - 0.5 * 0.5]);
    expect(loss).toBe(20 / 8);
  });

  it.each([Infinity, Number.NaN])('leaves the parameters alone when the loss is %d', (squares) => {
    const parameters = Float64Array.of(1, 2);
    expect(update(Float64Array.of(3, 4, squares), 2, { learningRate: 0.5 }, parameters)).toBe(squares);
    expect([...parameters]).toEqual([1, 2]);
  });
});

describe('the gradient', () => {
  const shapes = [1, 3, 63, 64, 65, 257].flatMap((m) => [1, 2, 3, 8, 17].map((d) => [m, d] as const));

  it.each(shapes)('is the slope of the loss: %i examples of %i features', (m, d) => {
    const features = Array.from({ length: d }, (_, j) => uniforms(50 + j, m).map((value) => (1 + j) * value + 0.3));
    const targets = uniforms(90, m).map((value) => 2 * value - 0.7);
    const parameters = uniforms(91, d + 1);

    const loss = (at: Float64Array): number => {
      let total = 0;
      for (let i = 0; i < m; i++) {
        let h = at[d] as number;
        for (let j = 0; j < d; j++) h += (at[j] as number) * (features[j]?.[i] as number);
        total += (h - (targets[i] as number)) ** 2;
      }
      return total / (2 * m);
    };
    // The loss is a square: central differences have no truncation error, and a wide step keeps rounding small.
    const step = 2 ** -4;
    const slopes = parameters.map((value, j) => {
      return (loss(parameters.with(j, value + step)) - loss(parameters.with(j, value - step))) / (2 * step);
    });

    const residuals = new Float64Array(m);
    const sums = new Float64Array(d + 2);
    residual(features, targets, parameters, residuals);
    gradient(features, residuals, sums);
    const largest = Math.max(...slopes.map(Math.abs));
    expectClose(sums.map((sum) => sum / m).subarray(0, d + 1), slopes, {
      relative: 1e-7,
      absolute: 1e-9 * largest,
      because: 'differences lose 3 of 16 digits to the step, and more where a slope is far smaller than the loss',
    });
    expectClose([update(sums, m, { learningRate: 0 }, parameters)], [loss(parameters)], {
      relative: 1e-12,
      because: 'the same sum',
    });
  });
});

describe('zScores', () => {
  it('have mean 5 and deviation 2 by hand, over m and not m − 1', () => {
    const { values, mean, deviation, isConstant } = zScores(Float32Array.of(2, 4, 4, 4, 5, 5, 7, 9));
    expect([...values]).toEqual([-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2]);
    expect([mean, deviation, isConstant]).toEqual([5, 2, false]);
  });

  it('have mean 0 and spread 1, and lead back, for offsets far larger than the spread', () => {
    const column = uniforms(6, 1000).map((value) => 1e6 + 3 * value);
    const scores = zScores(column);
    const because = 'an offset of 1e6 leaves 10 digits of the spread';
    expectClose([mean(scores.values), covariance(scores.values, scores.values)], [0, 1], { absolute: 1e-9, because });
    const back = scores.values.map((value) => value * scores.deviation + scores.mean);
    expectClose(back, column, { relative: 1e-15, because: 'two roundings' });
  });

  it.each([0, 0.1, -7, 1e300])('are zeros for one value, %d', (value) => {
    const scores = zScores(new Float64Array(7).fill(value));
    expect(scores).toEqual({ values: new Float64Array(7), mean: value, deviation: 1, isConstant: true });
  });

  it.each([
    { name: 'too small for their squares', column: [1e-200, 3e-200, 2e-200] },
    { name: 'one rounding apart', column: [1, 1 + 2 ** -52, 1] },
  ])('are finite for values $name', ({ column }) => {
    const { values, mean, deviation } = zScores(Float64Array.from(column));
    expect([...values, mean, deviation].every(Number.isFinite)).toBe(true);
    expect(deviation).toBeGreaterThan(0);
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(2);
  });

  it('do not write to the column', () => {
    const column = Float64Array.of(1, 2, 4);
    zScores(column);
    expect([...column]).toEqual([1, 2, 4]);
  });
});
