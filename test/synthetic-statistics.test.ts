// The numbers of src/data/draw-synthetic.ts, and so of shaders/examples/synthetic.wgsl, as samples of what they are meant to be.

import { describe, expect, it } from 'vitest';
import { CounterRandom, STREAMS } from '../src/base/random.js';
import { syntheticClassification, syntheticRegression } from '../src/data/synthetic.js';
import { expectClose } from './support/close.js';
import { correlation, mean } from './support/examples.js';

const ROWS = 40_000;
const because = 'five standard errors: 1 in 1,700,000 seeds exceeds them, and this seed does not';

/** Means of the first four powers, against the distribution's moments [1 … 8], with standard errors from them. */
function expectMoments(values: ArrayLike<number>, moments: readonly number[]): void {
  for (let power = 1; power <= 4; power++) {
    const expected = moments[power - 1] as number;
    const variance = (moments[2 * power - 1] as number) - expected ** 2;
    const powers = Array.from(values, (value) => value ** power);
    expectClose([mean(powers)], [expected], { absolute: 5 * Math.sqrt(variance / values.length), because });
  }
}

const NORMAL_MOMENTS = [0, 1, 0, 3, 0, 15, 0, 105];
const UNIFORM_MOMENTS = [0, 1 / 3, 0, 1 / 5, 0, 1 / 7, 0, 1 / 9];

/** Σ (observed − expected)²/expected over equal bins: mean k − 1, variance 2(k − 1), and nearly normal for large k. */
function expectEven(counts: ArrayLike<number>): void {
  const bins = counts.length;
  const expected = mean(counts);
  let chiSquare = 0;
  for (let bin = 0; bin < bins; bin++) chiSquare += ((counts[bin] as number) - expected) ** 2 / expected;
  expectClose([chiSquare], [bins - 1], { absolute: 5 * Math.sqrt(2 * (bins - 1)), because });
}

function binned(places: ArrayLike<number>, bins: number): Uint32Array {
  const counts = new Uint32Array(bins);
  for (let i = 0; i < places.length; i++) counts[places[i] as number] = (counts[places[i] as number] as number) + 1;
  return counts;
}

/** The standard normal distribution function, by Simpson's rule. */
function normalDistribution(z: number): number {
  const steps = 60; // far closer than a bin can show
  let sum = 0;
  for (let i = 0; i <= steps; i++)
    sum += Math.exp(-(((z * i) / steps) ** 2) / 2) * (i % steps === 0 ? 1 : i % 2 === 1 ? 4 : 2);
  return 0.5 + (z / steps / 3) * (sum / Math.sqrt(2 * Math.PI));
}

describe('words', () => {
  it('have bytes that are even, one by one and in pairs', () => {
    const random = new CounterRandom(1, STREAMS.examples);
    const words = Uint32Array.from({ length: ROWS }, (_, i) => random.words(i >> 2, 0)[i & 3] as number);
    for (const shift of [0, 8, 16, 24])
      expectEven(
        binned(
          words.map((word) => (word >>> shift) & 255),
          256,
        ),
      );
    expectEven(
      binned(
        words.subarray(1).map((word, i) => ((word >>> 28) << 4) | ((words[i] as number) >>> 28)),
        256,
      ),
    );
  });
});

describe('uniform features', () => {
  const { dataset } = syntheticRegression({ rows: ROWS, features: 5, seed: 12 });

  it('have the moments of the uniform distribution, and even bins', () => {
    for (const column of dataset.columns) {
      expectMoments(column, UNIFORM_MOMENTS);
      expectEven(
        binned(
          column.map((x) => Math.floor(64 * (x + 1))),
          128,
        ),
      );
    }
  });

  it('fill the square of any two evenly', () => {
    dataset.columns.forEach((a, j) => {
      const b = dataset.columns[(j + 1) % 5] as Float32Array;
      expectEven(
        binned(
          a.map((x, i) => 16 * Math.floor(8 * (x + 1)) + Math.floor(8 * ((b[i] as number) + 1))),
          256,
        ),
      );
    });
  });
});

describe('normal features', () => {
  const { dataset, weights, bias } = syntheticRegression({
    rows: ROWS,
    features: 5,
    distribution: 'normal',
    noise: 1,
    seed: 12,
  });
  const noise = dataset.targets.map((target, i) =>
    dataset.columns.reduce((rest, column, j) => rest - (weights[j] as number) * (column[i] as number), target - bias),
  );
  const series = [...dataset.columns, noise] as Float32Array[];

  it('have the moments of the normal distribution: mean, variance, skewness and kurtosis', () => {
    for (const column of series) expectMoments(column, NORMAL_MOMENTS);
  });

  it('are spread as the normal distribution function says', () => {
    for (const column of series)
      expectEven(
        binned(
          column.map((z) => Math.floor(100 * normalDistribution(z))),
          100,
        ),
      );
  });

  it('are independent: of each other, of each other in size, and of the example before', () => {
    const size = (values: Float32Array) => values.map((value) => value ** 2);
    const found = series.flatMap((a, i) => [
      correlation(a.subarray(1), a.subarray(0, -1)),
      ...series.slice(i + 1).flatMap((b) => {
        // The sine and the cosine of a pair share their radius: uncorrelated sizes are what makes them independent.
        return [correlation(a, b), correlation(size(a), size(b)), correlation(a.subarray(1), b.subarray(0, -1))];
      }),
    ]);
    expectClose(found, new Float64Array(found.length), { absolute: 5 / Math.sqrt(ROWS), because });
  });
});

describe('correlated features', () => {
  const RHO = 0.7;

  it('are normal from normal numbers, and correlate by ρ, every two', () => {
    const made = syntheticRegression({ rows: ROWS, features: 4, distribution: 'normal', correlation: RHO, seed: 3 });
    const columns = made.dataset.columns as Float32Array[];
    for (const column of columns) expectMoments(column, NORMAL_MOMENTS);
    const found = columns.flatMap((a, i) => columns.slice(i + 1).map((b) => correlation(a, b)));
    // The standard error of a correlation of normal numbers is (1 − ρ²)/√m.
    const absolute = (5 * (1 - RHO ** 2)) / Math.sqrt(ROWS);
    expectClose(found, new Float64Array(6).fill(RHO), { absolute, because });
  });

  it('keep mean and variance from uniform numbers, reach √(1 − ρ) + √ρ, and correlate by ρ', () => {
    const made = syntheticRegression({ rows: ROWS, features: 3, correlation: RHO, seed: 3 });
    const [own, common] = [Math.sqrt(1 - RHO), Math.sqrt(RHO)];
    const columns = made.dataset.columns as Float32Array[];
    for (const column of columns) {
      const fourth = (own ** 4 + common ** 4) / 5 + (6 * own ** 2 * common ** 2) / 9;
      expectClose([mean(column)], [0], { absolute: 5 / Math.sqrt(3 * ROWS), because });
      const squares = column.map((x) => x ** 2);
      expectClose([mean(squares)], [1 / 3], { absolute: 5 * Math.sqrt((fourth - 1 / 9) / ROWS), because });
      const reach = column.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      expect(reach).toBeLessThanOrEqual(own + common);
      expect(reach).toBeGreaterThan(0.95 * (own + common));
    }
    const found = columns.flatMap((a, i) => columns.slice(i + 1).map((b) => correlation(a, b)));
    const absolute = 5 / Math.sqrt(ROWS);
    expectClose(found, new Float64Array(3).fill(RHO), { absolute, because });
  });
});

describe('outliers', () => {
  it('are the share that was asked for, with ten times the noise', () => {
    const shape = { rows: ROWS, features: 1, weights: [0], bias: 0, noise: 0.5, seed: 21 };
    const plain = syntheticRegression(shape).dataset.targets;
    const contaminated = syntheticRegression({ ...shape, outliers: 0.05 }).dataset.targets;
    const isOutlier = contaminated.map((target, i) => (target === plain[i] ? 0 : 1));
    expectClose([mean(isOutlier)], [0.05], { absolute: 5 * Math.sqrt((0.05 * 0.95) / ROWS), because });
    expectClose([correlation(isOutlier, plain.map(Math.abs))], [0], { absolute: 5 / Math.sqrt(ROWS), because });
    const variance = 0.25 * (0.95 + 0.05 * 100);
    // The fourth moment of the mixture is 3σ⁴(1 − ε + 10⁴·ε).
    const fourth = 3 * 0.0625 * (0.95 + 0.05 * 1e4);
    const squares = contaminated.map((target) => target ** 2);
    expectClose([mean(squares)], [variance], { absolute: 5 * Math.sqrt((fourth - variance ** 2) / ROWS), because });
  });

  it('are all or none at the ends of the range', () => {
    const shape = { rows: 100, features: 1, weights: [0], bias: 0, seed: 21 };
    const plain = syntheticRegression(shape).dataset.targets;
    expect(syntheticRegression({ ...shape, outliers: 0 }).dataset.targets).toEqual(plain);
    const all = syntheticRegression({ ...shape, outliers: 1 }).dataset.targets;
    expectClose(
      all,
      plain.map((target) => 10 * target),
      { relative: 2e-7, because: 'two roundings to f32' },
    );
  });
});

describe('labels', () => {
  const { dataset } = syntheticClassification({ rows: ROWS, features: 2, weights: [3, -2], bias: 0.5, seed: 8 });
  const logits = dataset.targets.map(
    (_, i) => 3 * (dataset.columns[0]?.[i] as number) - 2 * (dataset.columns[1]?.[i] as number) + 0.5,
  );
  const probabilities = Float64Array.from(logits, (z) => 1 / (1 + Math.exp(-z)));

  it('are 0 or 1, each as often as its probability says, at every size of the logit', () => {
    expect(new Set(dataset.targets)).toEqual(new Set([0, 1]));
    const bins = Array.from({ length: 10 }, () => ({ difference: 0, variance: 0 }));
    dataset.targets.forEach((label, i) => {
      const p = probabilities[i] as number;
      const bin = bins[Math.floor((logits[i] as number) + 4.5)] as (typeof bins)[number];
      bin.difference += label - p;
      bin.variance += p * (1 - p);
    });
    expect(bins.every(({ variance }) => variance > 5)).toBe(true);
    for (const { difference, variance } of bins) {
      expectClose([difference], [0], { absolute: 5 * Math.sqrt(variance), because });
    }
  });

  it('are certain where the logit leaves no doubt', () => {
    const labelsOf = (bias: number) => syntheticClassification({ rows: 1000, features: 1, bias }).dataset.targets;
    expect(labelsOf(1e4).every((label) => label === 1)).toBe(true);
    expect(labelsOf(-1e4).every((label) => label === 0)).toBe(true);
  });
});
