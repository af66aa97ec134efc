import { describe, expect, it } from 'vitest';
import { CounterRandom, normalOf, signedUniforms, STREAMS, uniformOf } from '../src/base/random.js';
import { leastSquares } from '../src/reference/qr.js';
import { synthetic } from '../src/data/draw-synthetic.js';
import { syntheticClassification, SyntheticData, syntheticRegression } from '../src/data/synthetic.js';
import { expectClose } from './support/close.js';
import { correlation, covariance, mean } from './support/examples.js';
import { expectRefusal } from './support/refusal.js';

describe('an example', () => {
  it.each([1, 2, 3, 6])('is the same in a larger set: %i features', (features) => {
    const small = syntheticRegression({ rows: 5, features, seed: 9 });
    const large = syntheticRegression({ rows: 400, features, seed: 9 });
    expect([...large.dataset.targets.subarray(0, 5)]).toEqual([...small.dataset.targets]);
    small.dataset.columns.forEach((column, j) => {
      expect([...(large.dataset.columns[j]?.subarray(0, 5) ?? [])]).toEqual([...column]);
    });
    expect([large.weights, large.bias]).toEqual([small.weights, small.bias]);
  });

  it.each([
    { features: 2, drawn: [0.6839066743850708, 0.06845057010650635], target: -0.14786496758460999 },
    { features: 3, drawn: [0.6839066743850708, 0.06845057010650635, 0.8495197296142578], target: -1.1498287916183472 },
  ])('is what it was in version 0.1.0: $features features', ({ features, drawn, target }) => {
    const { dataset } = syntheticRegression({ rows: 1, features, seed: 9 });
    expect([...dataset.columns.map((column) => column[0]), dataset.targets[0]]).toEqual([...drawn, target]);
  });

  it.each(['uniform', 'normal'] as const)('is the same in any slice: %s', (distribution) => {
    const { spec, dataset } = syntheticRegression({
      rows: 50,
      features: 5,
      distribution,
      correlation: 0.3,
      outliers: 0.5,
    });
    const columns = dataset.columns.map(() => new Float32Array(7));
    const targets = new Float32Array(7);
    synthetic(spec, 31, columns, targets);
    expect(columns).toEqual(dataset.columns.map((column) => column.slice(31, 38)));
    expect(targets).toEqual(dataset.targets.slice(31, 38));
  });

  it('keeps its own numbers when it gets a common factor, outliers or a label', () => {
    const shape = { rows: 400, features: 3, weights: [0, 0, 0], bias: 0, seed: 6 };
    const plain = syntheticRegression(shape).dataset;
    const scales = syntheticRegression({ ...shape, outliers: 0.25 }).dataset.targets.map(
      (target, i) => target / (plain.targets[i] as number),
    );
    expect(new Set(scales.map((scale) => Math.round(scale * 1e5) / 1e5))).toEqual(new Set([1, 10]));
    expect(syntheticClassification(shape).dataset.columns).toEqual(plain.columns);
    const [a, b] = syntheticRegression({ ...shape, correlation: 0.75 }).dataset.columns as [Float32Array, Float32Array];
    const because = 'x1 − x2 is √(1 − ρ) = ½ of what it was: the factor cancels, but for three roundings';
    expectClose(
      a.map((value, i) => value - (b[i] as number)),
      a.map((_, i) => ((plain.columns[0]?.[i] as number) - (plain.columns[1]?.[i] as number)) / 2),
      { absolute: 2 ** -22, because },
    );
  });

  it('changes with the seed, beyond 32 bits too', () => {
    const first = (seed: number) => syntheticRegression({ rows: 1, features: 2, seed }).dataset.targets[0];
    expect(new Set([0, 1, 2 ** 32, 2 ** 40].map(first)).size).toBe(4);
  });

  it('has features and targets in f32, named x1, x2, … and y', () => {
    const { dataset } = syntheticRegression({ rows: 3, features: 2 });
    expect(dataset.columns.every((column) => column instanceof Float32Array)).toBe(true);
    expect(dataset.targets).toBeInstanceOf(Float32Array);
    expect([dataset.featureNames, dataset.targetName]).toEqual([['x1', 'x2'], 'y']);
  });
});

describe('the truth', () => {
  it('is drawn from the stream of true parameters, uniform in [-1, 1)', () => {
    const { weights, bias } = syntheticRegression({ rows: 1, features: 5, seed: 31 });
    expect([...weights, bias]).toEqual([...signedUniforms(31, STREAMS.trueParameters, 6)]);
  });

  it('is the given one when there is one, and is copied', () => {
    const given = [3, -2];
    const made = syntheticRegression({ rows: 4, features: 2, weights: given, bias: 0, noise: 0 });
    expect([[...made.weights], made.bias]).toEqual([[3, -2], 0]);
    const [x1, x2] = made.dataset.columns as [Float32Array, Float32Array];
    const expected = Float32Array.from(x1, (value, i) => 3 * value - 2 * (x2[i] as number));
    expect([...made.dataset.targets]).toEqual([...expected]);
    expect(made.weights).not.toBe(given);
  });

  it('is what QR finds under the noise', () => {
    const [rows, noise] = [20_000, 0.3];
    const { dataset, weights, bias } = syntheticRegression({ rows, features: 4, noise, seed: 5 });
    const found = leastSquares(dataset);
    const because = 'four standard errors: σ/√(m·1/3) of a weight, σ/√m of the bias';
    expectClose(found.weights, weights, { absolute: (4 * noise) / Math.sqrt(rows / 3), because });
    expectClose([found.bias], [bias], { absolute: (4 * noise) / Math.sqrt(rows), because });
  });

  it('is what QR finds without noise, but for the rounding of the targets to f32', () => {
    const { dataset, weights, bias } = syntheticRegression({ rows: 200, features: 3, noise: 0, seed: 5 });
    const found = leastSquares(dataset);
    expectClose([...found.weights, found.bias], [...weights, bias], {
      absolute: 1e-7,
      because: 'targets are rounded by at most 2^-24 of about 2, and 200 of them average that down',
    });
  });
});

describe('the words of an example', () => {
  const SEED = 77;
  const random = new CounterRandom(SEED, STREAMS.examples);
  const word = (example: number, at: number) => random.words(example, at >> 2)[at & 3] as number;

  it.each([
    { features: 4, noise: 4, extra: 8 },
    { features: 5, noise: 6, extra: 8 },
    { features: 6, noise: 6, extra: 8 },
    { features: 7, noise: 8, extra: 12 },
  ])('are those that are listed, for $features normal features', ({ features, noise, extra }) => {
    const shape = { rows: 40, features, distribution: 'normal', seed: SEED } as const;
    const { dataset } = syntheticRegression({
      ...shape,
      weights: new Float64Array(features),
      bias: 0,
      noise: 1,
      outliers: 0.4,
    });
    for (let i = 0; i < 40; i++) {
      for (let j = 0; j < features; j += 2) {
        const [first, second] = [dataset.columns[j]?.[i], dataset.columns[j + 1]?.[i]];
        expect(first).toBe(Math.fround(normalOf(word(i, j), word(i, j + 1))));
        if (second === undefined) continue;
        const radius = Math.hypot(first as number, second);
        const because = 'radius and angle of the pair, from two numbers rounded to f32';
        const turn = Math.atan2(second, first as number) / (2 * Math.PI);
        expectClose([radius ** 2 / 2], [-Math.log(1 - uniformOf(word(i, j)))], { relative: 3e-7, because });
        expectClose([(turn + 1) % 1], [uniformOf(word(i, j + 1))], { absolute: 1e-7, because });
      }
      const scale = uniformOf(word(i, extra + 2)) < 0.4 ? 10 : 1;
      expect(dataset.targets[i]).toBe(Math.fround(scale * normalOf(word(i, noise), word(i, noise + 1))));
    }
    const labels = syntheticClassification({ ...shape, weights: new Float64Array(features), bias: 0 }).dataset.targets;
    labels.forEach((label, i) => expect(label).toBe(uniformOf(word(i, noise)) < 0.5 ? 1 : 0));
  });
});

describe('synthetic data', () => {
  it('is made when it is first asked for, and kept', () => {
    const huge = syntheticRegression({ rows: 2 ** 50, features: 2, seed: 4 });
    expect(huge).toBeInstanceOf(SyntheticData);
    expect([huge.exampleCount, huge.featureCount, huge.featureNames]).toEqual([2 ** 50, 2, ['x1', 'x2']]);
    const small = syntheticRegression({ rows: 3, features: 2 });
    expect(small.dataset).toBe(small.dataset);
  });

  it('follows from plain data', () => {
    const { spec, dataset } = syntheticRegression({
      rows: 9,
      features: 2,
      distribution: 'normal',
      correlation: 0.5,
      seed: 4,
    });
    expect(new SyntheticData(structuredClone(spec)).dataset).toEqual(dataset);
  });

  it('are refused as a dataset when the host cannot hold them', () =>
    expectRefusal(
      () => syntheticRegression({ rows: 2 ** 50, features: 2 }).dataset,
      'TOO_LARGE',
      '1125899906842624 × 2',
    ));
});

describe('features and noise', () => {
  const rows = 20_000;
  const { dataset, weights, bias } = syntheticRegression({ rows, features: 3, noise: 0.5, seed: 41 });
  const noise = Float64Array.from(dataset.targets, (target, i) =>
    dataset.columns.reduce((rest, column, j) => rest - (weights[j] as number) * (column[i] as number), target - bias),
  );
  const because = 'four standard errors';

  it('have the means and variances that were asked for', () => {
    for (const column of dataset.columns) {
      expectClose([mean(column)], [0], { absolute: 4 / Math.sqrt(3 * rows), because });
      expectClose([covariance(column, column)], [1 / 3], { absolute: 4 * Math.sqrt(4 / 45 / rows), because });
    }
    expectClose([mean(noise)], [0], { absolute: (4 * 0.5) / Math.sqrt(rows), because });
    expectClose([Math.sqrt(covariance(noise, noise))], [0.5], { relative: 4 / Math.sqrt(2 * rows), because });
  });

  it('are uncorrelated, with each other and from one example to the next', () => {
    const series = [...dataset.columns, noise];
    const pairs = series.flatMap((a, i) => series.slice(i + 1).map((b) => correlation(a, b)));
    const lagged = series.map((a) => correlation(a.subarray(1), a.subarray(0, -1)));
    // Noise made of a feature's own word would be uncorrelated with it, but its size would not.
    const sizes = dataset.columns.map((column) =>
      correlation(
        column,
        noise.map((value) => value ** 2),
      ),
    );
    const all = [...pairs, ...lagged, ...sizes];
    expectClose(
      all,
      all.map(() => 0),
      { absolute: 4 / Math.sqrt(rows), because },
    );
  });

  it('has noise of a tenth when nothing is said', () => {
    const said = syntheticRegression({ rows: 50, features: 1, noise: 0.1 });
    expect(syntheticRegression({ rows: 50, features: 1 }).dataset.targets).toEqual(said.dataset.targets);
  });
});

describe('syntheticRegression', () => {
  it.each([
    { options: { rows: 0, features: 1 }, says: 'rows 0' },
    { options: { rows: 2.5, features: 1 }, says: 'rows 2.5' },
    { options: { rows: Number.NaN, features: 1 }, says: 'rows NaN' },
    { options: { rows: 1, features: 0 }, says: 'features 0' },
    { options: { rows: 1, features: Infinity }, says: 'features Infinity' },
    { options: { rows: 1, features: 1, seed: -1 }, says: 'seed -1' },
    { options: { rows: 1, features: 1, seed: 2 ** 53 }, says: 'seed 9007199254740992' },
    { options: { rows: 1, features: 1, noise: -0.5 }, says: 'noise -0.5' },
    { options: { rows: 1, features: 1, noise: Infinity }, says: 'noise Infinity' },
    { options: { rows: 1, features: 1, noise: Number.NaN }, says: 'noise NaN' },
    { options: { rows: 1, features: 1, outliers: -0.1 }, says: 'outliers -0.1' },
    { options: { rows: 1, features: 1, outliers: 1.5 }, says: 'outliers 1.5' },
    { options: { rows: 1, features: 1, outliers: Number.NaN }, says: 'outliers NaN' },
    { options: { rows: 1, features: 1, outliers: 0.1, noise: 0 }, says: 'noise 0' },
    { options: { rows: 1, features: 1, correlation: 1 }, says: 'correlation 1' },
    { options: { rows: 1, features: 1, correlation: -0.5 }, says: 'correlation -0.5' },
    { options: { rows: 1, features: 1, correlation: Number.NaN }, says: 'correlation NaN' },
    { options: { rows: 1, features: 1, distribution: 'cauchy' as 'normal' }, says: "distribution 'cauchy'" },
  ])('refuses what it cannot draw: $says', ({ options, says }) =>
    expectRefusal(() => syntheticRegression(options), 'INVALID_OPTION', says),
  );

  it('refuses another number of true weights than features', () =>
    expectRefusal(
      () => syntheticRegression({ rows: 1, features: 3, weights: [1, 2] }),
      'SHAPE_MISMATCH',
      '2 true weights for 3 features',
    ));

  it.each([
    { truth: { bias: Number.NaN }, says: 'a true bias NaN' },
    { truth: { weights: [1, Infinity] }, says: 'a true weight Infinity of feature 1' },
    { truth: { weights: [3e38, -3e38] }, says: 'targets of up to 6' },
    { truth: { weights: [1e38, 1e38], distribution: 'normal' as const }, says: 'targets of up to 1.15' },
    { truth: { noise: 6e37 }, says: 'targets of up to 3.46' },
  ])('refuses a truth whose targets f32 might not hold: $says', ({ truth, says }) =>
    expectRefusal(
      () => syntheticRegression({ rows: 2 ** 50, features: 2, noise: 0, ...truth }),
      'NON_FINITE_VALUE',
      says,
    ),
  );
});
