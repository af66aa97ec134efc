import { describe, expect, it } from 'vitest';
import { largestEigenvalue, largestEigenvalueNow } from '../src/base/largest-eigenvalue.js';
import { expectClose } from './support/close.js';
import { examples, uniforms } from './support/examples.js';
import { curvatureMatrix, symmetricEigenvalues } from './support/jacobi.js';

/** A·v, and how often it was asked for. */
function operator(matrix: readonly (readonly number[])[]) {
  let applications = 0;
  const apply = (direction: Float64Array) => {
    applications += 1;
    const product = matrix.map((row) => row.reduce((sum, entry, j) => sum + entry * (direction[j] as number), 0));
    return Promise.resolve(Float64Array.from(product));
  };
  return { apply, count: () => applications };
}

const diagonal = (values: readonly number[]) => values.map((value, i) => values.map((_, j) => (i === j ? value : 0)));

/** The matrix turned by a reflection of a seeded vector: the same eigenvalues, and no zero entries. */
function reflected(matrix: readonly (readonly number[])[], seed: number): number[][] {
  const vector = uniforms(seed, matrix.length);
  const square = vector.reduce((sum, value) => sum + value * value, 0);
  const reflection = matrix.map((_, i) =>
    matrix.map((_, j) => (i === j ? 1 : 0) - (2 * (vector[i] as number) * (vector[j] as number)) / square),
  );
  const times = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]) =>
    a.map((row) => b.map((_, j) => row.reduce((sum, value, k) => sum + value * (b[k]?.[j] as number), 0)));
  return times(times(reflection, matrix), reflection);
}

const SIX_DIGITS = {
  relative: 2e-6,
  because: 'a Ritz value is off by the square of its relative residual, 1e-3, over the gap: half of λ or more in these',
};

describe('the largest eigenvalue', () => {
  it.each([
    { name: 'of one number', spectrum: [3.75] },
    { name: 'of two', spectrum: [0.5, 2] },
    { name: 'far from the others', spectrum: [100, 1, 2, 3, 0.5, 0.25, 7, 6] },
    { name: 'close to the next', spectrum: [2, 1.9, 1.5, 1, 0.3, 0.2, 0.1] },
    { name: 'that is repeated', spectrum: [4, 4, 4, 1, 0.5, 0.5] },
    { name: 'of the identity', spectrum: [1, 1, 1, 1, 1] },
    { name: 'of a rank-deficient matrix', spectrum: [5, 2, 0, 0, 0, 0] },
    { name: 'of rank one', spectrum: [0, 0, 7, 0] },
    { name: 'of spectra over many decades', spectrum: [1e6, 1e3, 1, 1e-3, 1e-6] },
    { name: 'that is huge', spectrum: [3e100, 1e100, 1] },
  ])('is found: $name', async ({ spectrum }) => {
    for (const matrix of [diagonal(spectrum), diagonal(spectrum.toReversed()), reflected(diagonal(spectrum), 12)]) {
      const { apply, count } = operator(matrix);
      expectClose([await largestEigenvalue(apply, spectrum.length)], [Math.max(...spectrum)], SIX_DIGITS);
      expect(count()).toBeLessThanOrEqual(spectrum.length);
    }
  });

  it('is 0 for the zero operator', async () => {
    const { apply, count } = operator(diagonal([0, 0, 0]));
    expect(await largestEigenvalue(apply, 3)).toBe(0);
    expect(count()).toBe(1);
  });

  it.each([1, 2, 3, 8, 17])('is that of the matrix for the curvature of %i features', async (featureCount) => {
    const matrix = curvatureMatrix(examples(featureCount, 40, featureCount).columns);
    const { apply, count } = operator(matrix);
    const found = await largestEigenvalue(apply, featureCount + 1);
    expectClose([found], [symmetricEigenvalues(matrix).at(-1) as number], SIX_DIGITS);
    expect(count()).toBeLessThanOrEqual(Math.min(featureCount + 1, 12));
  });

  it('is the same at once', async () => {
    const matrix = curvatureMatrix(examples(8, 40, 8).columns);
    const { apply } = operator(matrix);
    const applyNow = (direction: Float64Array) =>
      Float64Array.from(matrix, (row) => row.reduce((sum, entry, j) => sum + entry * (direction[j] as number), 0));
    expect(largestEigenvalueNow(applyNow, 9)).toBe(await largestEigenvalue(apply, 9));
  });

  it('takes few applications of a large operator of 200 evenly spread eigenvalues', async () => {
    const spectrum = Array.from({ length: 200 }, (_, i) => (i + 1) / 200);
    const { apply, count } = operator(diagonal(spectrum));
    // The neighbours are 0.5% away: the estimate lies between them.
    const because = 'neighbours 0.5% away hold the residual up, and the estimate lies among them';
    expectClose([await largestEigenvalue(apply, 200)], [1], { relative: 1e-3, because });
    expect(count()).toBeLessThanOrEqual(40);
  });

  it('never exceeds the true one by more than rounding, so that a rate under the limit stays under it', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const spectrum = uniforms(seed, 12).map(Math.abs);
      const { apply } = operator(reflected(diagonal([...spectrum]), seed));
      expect(await largestEigenvalue(apply, 12)).toBeLessThanOrEqual(Math.max(...spectrum) * (1 + 1e-12));
    }
  });
});

describe('an operator', () => {
  it.each([Number.NaN, Infinity, -Infinity])(
    'has no largest eigenvalue when it leaves the finite numbers (%d)',
    async (value) => {
      const apply = (direction: Float64Array) => Promise.resolve(direction.with(1, value));
      expect(await largestEigenvalue(apply, 3)).toBeNaN();
    },
  );

  it('may write into the direction it is given', async () => {
    const spectrum = [3, 2, 1];
    const apply = (direction: Float64Array) => {
      direction.forEach((value, i) => (direction[i] = value * (spectrum[i] as number)));
      return Promise.resolve(direction);
    };
    expectClose([await largestEigenvalue(apply, 3)], [3], SIX_DIGITS);
  });

  it('lets a failure through', async () => {
    const failure = new Error('device lost');
    await expect(largestEigenvalue(() => Promise.reject(failure), 3)).rejects.toBe(failure);
  });

  it('gives the same estimate every time', async () => {
    const { apply } = operator(curvatureMatrix(examples(4, 30, 6).columns));
    expect(await largestEigenvalue(apply, 7)).toBe(await largestEigenvalue(apply, 7));
  });
});
