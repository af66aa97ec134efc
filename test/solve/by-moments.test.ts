// The number of passes that correct the solution of moments: no more than it takes, and no fewer.

import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/base/turns.js';
import { Dataset } from '../../src/data/dataset.js';
import { momentsOfDataset } from '../../src/moments/columns.js';
import { Moments } from '../../src/moments/moments.js';
import { normalEquations, refineOnExamples, solveNormalEquations } from '../../src/solve/by-moments.js';
import { solveByQr } from '../../src/solve/by-qr.js';
import { partsOf } from '../../src/solve/residual-sums.js';
import { expectClose } from '../support/close.js';
import { examples, uniforms } from '../support/examples.js';
import { partsOf as partsOfMoments } from '../support/moments.js';

const PROBLEM = { l2: 0, standardize: true, fitIntercept: true };

/** Features of which the last is a sum of two others but for a share of itself. */
function problem(features: number, apart: number): Dataset {
  const { columns, targets, featureNames } = examples(3, 3000, features);
  const [a, b] = columns as [Float64Array, Float64Array];
  const last = columns.at(-1) as Float64Array;
  if (apart < 1) last.forEach((value, i) => (last[i] = (a[i] as number) + (b[i] as number) + apart * value));
  return new Dataset(columns, targets, featureNames, 'y');
}

/** Moments as sums in f32 leave them: each product off by up to 1e-7 of what its columns allow. */
function inF32(moments: Moments): Moments {
  const { featureCount, scatter } = moments;
  const errors = uniforms(7, featureCount ** 2);
  const roots = Array.from({ length: featureCount }, (_, j) => Math.sqrt(scatter[j * featureCount + j] as number));
  const rough = scatter.map((value, at) => {
    const [i, j] = [Math.floor(at / featureCount), at % featureCount];
    const error = errors[Math.min(i, j) * featureCount + Math.max(i, j)] as number;
    return value + 1e-7 * error * (roots[i] as number) * (roots[j] as number);
  });
  return new Moments({ ...partsOfMoments(moments), scatter: rough, precision: 'f32' });
}

const refined = (dataset: Dataset, moments: Moments, start?: Float64Array) => {
  const equations = normalEquations(moments, PROBLEM);
  const solved = solveNormalEquations(equations);
  const from = start ? { ...solved, weights: start } : solved;
  return refineOnExamples(equations, from, () => partsOf(dataset), PROBLEM, undefined);
};

describe.each([1, 3, 8, 40])('%i features', (features) => {
  const dataset = problem(features, 1);
  const moments = momentsOfDataset(dataset);
  const { weights } = atOnce(solveByQr(dataset, PROBLEM));
  const because = 'f64, and a condition number of a few';

  it('take one pass after sums in f64', async () => {
    const found = await refined(dataset, moments);
    expect(found.losses).toHaveLength(1);
    expect(found).toMatchObject({ isRefined: true });
    expect(found.relativeGradient).toBeLessThan(1e-12);
    expectClose(found.weights, weights, { relative: 1e-13, absolute: 1e-14, because });
  });

  it('take two after sums in f32', async () => {
    const found = await refined(dataset, inF32(moments));
    expect(found.losses).toHaveLength(2);
    expect(found).toMatchObject({ isRefined: true });
    expectClose(found.weights, weights, { relative: 1e-13, absolute: 1e-14, because });
  });
});

it('features that nearly depend on others take as many passes as the sums are inexact', async () => {
  const dataset = problem(4, 0.005);
  const found = await refined(dataset, inF32(momentsOfDataset(dataset)));
  expect(found.losses.length).toBeGreaterThan(2);
  const { weights } = atOnce(solveByQr(dataset, PROBLEM));
  const because = 'a condition number of some hundred';
  expectClose(found.weights, weights, { relative: 1e-12, absolute: 1e-13, because });
});

it('a first correction that is small by chance is no proof that the next would be', async () => {
  const dataset = problem(4, 0.05);
  const { weights } = atOnce(solveByQr(dataset, PROBLEM));
  // Off along the features that cancel, by so little that the first correction is small, and the factor leaves a part of it.
  const start = weights.map((weight, j) => weight + 4e-9 * ([1, 1, 0, -1][j] as number));
  const found = await refined(dataset, inF32(momentsOfDataset(dataset)), start);
  const because = 'weights of 10, and a condition number of some tens';
  expectClose(found.weights, weights, { absolute: 2e-14, because });
});

it('slopes are compared with a hundredth of the targets where no feature explains anything', async () => {
  const dataset = new Dataset([Float64Array.of(1, -1, 1, -1)], Float64Array.of(1, 1, -1, -1), ['x'], 'y');
  const off = 2 ** -50; // so little that the first correction is the last
  const { losses, relativeGradient } = await refined(dataset, momentsOfDataset(dataset), Float64Array.of(off));
  expect(losses).toHaveLength(1);
  // Both columns have the length 2, so that the slope is 2·off, and 0.02 what it is compared with.
  expectClose([relativeGradient], [100 * off], { relative: 1e-12, because: 'sums of powers of two, and one quotient' });
});
