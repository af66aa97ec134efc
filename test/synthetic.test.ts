import { describe, expect, it } from 'vitest';
import { signedUniforms, STREAMS } from '../src/random.js';
import { leastSquares } from '../src/reference/qr.js';
import { syntheticRegression } from '../src/sources/synthetic.js';
import { expectClose } from './support/close.js';
import { correlation, covariance, mean } from './support/examples.js';
import { expectRefusal } from './support/refusal.js';

describe('an example', () => {
  it.each([1, 2, 3, 6])('of %i features is the same in a larger set', (features) => {
    const small = syntheticRegression({ rows: 5, features, seed: 9 });
    const large = syntheticRegression({ rows: 400, features, seed: 9 });
    expect([...large.dataset.targets.subarray(0, 5)]).toEqual([...small.dataset.targets]);
    small.dataset.columns.forEach((column, j) => {
      expect([...(large.dataset.columns[j]?.subarray(0, 5) ?? [])]).toEqual([...column]);
    });
    expect([large.weights, large.bias]).toEqual([small.weights, small.bias]);
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

describe('refuses', () => {
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
  ])('$says', ({ options, says }) => expectRefusal(() => syntheticRegression(options), 'INVALID_OPTION', says));

  it('true weights of another number than features', () =>
    expectRefusal(
      () => syntheticRegression({ rows: 1, features: 3, weights: [1, 2] }),
      'SHAPE_MISMATCH',
      '2 true weights for 3 features',
    ));

  it('a truth that is not finite, by its first target', () =>
    expectRefusal(() => syntheticRegression({ rows: 1, features: 1, bias: Number.NaN }), 'NON_FINITE_VALUE', 'row 0'));
});
