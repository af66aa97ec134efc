// The public solver on the CPU: both methods against the oracle, descent and one another; what it reports and refuses.

import { describe, expect, it } from 'vitest';
import { computeMoments } from '../src/compute-moments.js';
import { createDataset, type Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { Moments } from '../src/moments/moments.js';
import { leastSquares } from '../src/reference/qr.js';
import type { LeastSquaresSolution } from '../src/solve/least-squares.js';
import { convergenceOf } from '../src/solve/least-squares-convergence.js';
import { type ExactOptions, solveExact } from '../src/solve-exact.js';
import { syntheticRegression } from '../src/data/synthetic.js';
import { expectClose } from './support/close.js';
import { examples, uniforms } from './support/examples.js';
import { sourceOf } from './support/source.js';
import { codes } from './support/models.js';

type Data = Parameters<typeof solveExact>[0];

async function solve(data: Data, options: ExactOptions = {}) {
  const model = await solveExact(data, { backend: 'cpu', ...options });
  return { parameters: [...model.weights, model.bias], report: model.report, model };
}
const METHODS = ['qr', 'moments'] as const;

/** Three features, of which the last is nearly a sum of the others. */
function nearlyDependent(apart: number, exampleCount = 200): Dataset {
  const { columns, targets } = examples(9, exampleCount, 2);
  const [x1, x2] = columns as [Float64Array, Float64Array];
  const rest = uniforms(7, exampleCount);
  const sum = x1.map((value, i) => value + (x2[i] as number) + apart * (rest[i] as number));
  return createDataset({ columns: { x1, x2, sum }, targets });
}

describe.each(METHODS)('solveExact by %s', (method) => {
  it.each([
    [3, 1],
    [50, 3],
    [257, 8],
    [300, 65],
  ])('equals the oracle: %i examples of %i features', async (m, d) => {
    const dataset = examples(m, m, d);
    const { parameters, report } = await solve(dataset, { method });
    const { weights, bias } = leastSquares(dataset);
    const because = 'the oracle keeps 16 digits less those of its condition';
    expectClose(parameters, [...weights, bias], { relative: 1e-10, absolute: 1e-11, because });
    expect([report.stopReason, report.strategy, report.exampleCount, report.featureCount]).toEqual(['converged', 'exact', m, d]); // prettier-ignore
    expect(report.kernels).toBe(method);
    expect(codes(report)).toEqual([]);
  });

  it.each([true, false])('ends where descent with l2 does, standardize %s', async (standardize) => {
    const dataset = examples(2, 60, 3);
    const options = { l2: 0.3, standardize };
    const descended = await fit(dataset, { ...options, backend: 'cpu', epochs: 20_000, tolerance: 1e-15 });
    const { parameters } = await solve(dataset, { ...options, method });
    const because = 'descent stops when the loss falls by less than 1e-15 of itself: the square of the relative error';
    expectClose(parameters, [...descended.weights, descended.bias], { relative: 1e-7, because });
    const plain = await solve(dataset, { method });
    expect(Math.abs(parameters[0] as number)).toBeLessThan(0.9 * Math.abs(plain.parameters[0] as number));
  });

  it('reports the loss of the model', async () => {
    const dataset = examples(3, 60, 3);
    const { parameters, report } = await solve(dataset, { method });
    const residuals = Array.from(
      dataset.targets,
      (target, i) =>
      dataset.columns.reduce((rest, column, j) => rest - (parameters[j] as number) * (column[i] as number), target - (parameters[3] as number)), // prettier-ignore
    );
    const loss = residuals.reduce((sum, value) => sum + value * value, 0) / 120;
    expectClose([report.lossHistory.at(-1) as number], [loss], { relative: 1e-13, because: 'sums of 60' });
    expect(report.epochsRun).toBe(report.lossHistory.length);
    expect(report.epochsRun).toBeGreaterThan(0);
  });

  it('corrects what a condition number of 1e5 costs', async () => {
    const dataset = nearlyDependent(1e-5);
    const { parameters, report } = await solve(dataset, { method });
    const { weights, bias } = leastSquares(dataset);
    const because = 'both keep 16 digits less the five of the condition number, and residuals cost as many again';
    expectClose(parameters, [...weights, bias], { relative: 1e-7, absolute: 1e-7, because });
    expect(report.stopReason).toBe('converged');
    expect(report.solver?.conditionNumber).toBeGreaterThan(1e5);
  });

  it('gives dependent features the smallest solution, and a warning', async () => {
    const dataset = nearlyDependent(0);
    const { parameters, report, model } = await solve(dataset, { method });
    expect(codes(report)).toEqual(['RANK_DEFICIENT']);
    expect(report.solver).toMatchObject({ rank: 2, conditionNumber: null });
    const alone = createDataset({ columns: { x1: dataset.columns[0] as Float64Array, x2: dataset.columns[1] as Float64Array }, targets: dataset.targets }); // prettier-ignore
    const expected = await (await solve(alone)).model.score(alone);
    expectClose([await model.score(dataset)], [expected], { relative: 1e-12, because: 'as good as without the sum' });
    // Descent from zero never leaves the span of the features, and so ends at the smallest weights.
    const zeros = { weights: [0, 0, 0], bias: 0 };
    const descended = await fit(dataset, { backend: 'cpu', initialParameters: zeros, epochs: 5000, tolerance: 1e-15 });
    const because = 'the last steps of descent, half of the digits of the loss';
    expectClose(parameters, [...descended.weights, descended.bias], { relative: 1e-6, absolute: 1e-6, because });
  });

  it('meets every target of fewer examples than features', async () => {
    const dataset = examples(6, 4, 7);
    const { report, model } = await solve(dataset, { method });
    expect(codes(report)).toEqual(['UNDERDETERMINED', 'RANK_DEFICIENT']);
    const rows = Array.from(dataset.targets, (_, i) => dataset.columns.map((column) => column[i] as number));
    const because = 'exact but for rounding, which sums in f64 square';
    expectClose(await model.predict(rows), dataset.targets, { absolute: method === 'qr' ? 1e-13 : 1e-9, because });
  });

  it('gives a constant feature weight 0 and names it; one example is its own mean', async () => {
    const columns = { a: uniforms(1, 9), same: new Float64Array(9).fill(0.1) };
    const { parameters, report } = await solve({ columns, targets: uniforms(2, 9) }, { method });
    expect(parameters[1]).toBe(0);
    expect(codes(report)).toEqual(['CONSTANT_FEATURE']);
    expect(report.warnings[0]?.message).toContain("'same'");
    expect((await solve({ features: [[3]], targets: [7] }, { method })).parameters).toEqual([0, 7]);
  });

  it('gives targets of one value, and those at right angles to the features, no weights', async () => {
    const dataset = examples(1, 20, 2);
    const { parameters, report } = await solve(
      { ...named(dataset), targets: new Float64Array(20).fill(1 / 3) },
      { method },
    );
    expectClose(parameters, [0, 0, 1 / 3], { absolute: 1e-16, because: 'one rounding of the mean' });
    expect(report.stopReason).toBe('converged');
    const across = await solve({ features: [[-1], [0], [1], [0]], targets: [1, -1, 1, -1] }, { method });
    expectClose(across.parameters, [0, 0], { absolute: 1e-16, because: 'rounding' });
    expect(across.report.stopReason).toBe('converged');
  });

  it('counts an example of weight k as k examples, and one of weight 0 not at all', async () => {
    const { columns, targets } = examples(7, 30, 2);
    const counts = Float64Array.from(targets, (_, i) => i % 4);
    const weighted = { ...named({ columns }), targets, exampleWeights: counts };
    const rows = Array.from(counts, (count, i) => new Array<number>(count).fill(i)).flat();
    const picked = (column: ArrayLike<number>) => Float64Array.from(rows, (row) => column[row] as number);
    const repeated = { ...named({ columns: columns.map(picked) }), targets: picked(targets) };
    for (const options of [{}, { l2: 0.3 }, { l2: 0.3, standardize: false }, { fitIntercept: false }]) {
      const found = await solve(weighted, { ...options, method });
      const expected = await solve(repeated, { ...options, method });
      expectClose(found.parameters, expected.parameters, { relative: 1e-12, absolute: 1e-13, because: 'roots of weights' }); // prettier-ignore
      const losses = [found, expected].map(({ report }) => report.lossHistory.at(-1) as number);
      expectClose([losses[0] as number], [losses[1] as number], { relative: 1e-13, because: 'sums of 45' });
    }
  });

  it.each([true, false])('ends where descent does without a bias, with l2, standardize %s', async (standardize) => {
    const dataset = examples(2, 60, 3);
    const options = { l2: 0.3, standardize, fitIntercept: false };
    const descended = await fit(dataset, { ...options, backend: 'cpu', epochs: 20_000, tolerance: 1e-15 });
    const { parameters } = await solve(dataset, { ...options, method });
    const because = 'descent stops when the loss falls by less than 1e-15 of itself: the square of the relative error';
    expectClose(parameters, [...descended.weights, 0], { relative: 1e-7, because });
    expect(descended.report.distanceToOptimum).toBeLessThan(1e-12);
  });

  it('survives columns of very different sizes', async () => {
    const { columns, targets } = examples(5, 40, 3);
    const sizes = [1e-100, 1, 1e120];
    const scaled = Object.fromEntries(columns.map((column, j) => [`x${j + 1}`, column.map((v) => v * (sizes[j] as number))])); // prettier-ignore
    const { parameters } = await solve({ columns: scaled, targets }, { method });
    const expected = (await solve({ columns: Object.fromEntries(columns.map((c, j) => [`x${j + 1}`, c])), targets })).parameters; // prettier-ignore
    const because = 'a rounding of each value by its factor';
    expectClose(parameters.map((v, j) => v * (sizes[j] ?? 1)), expected, { relative: 1e-12, because }); // prettier-ignore
  });
});

function named({ columns }: Pick<Dataset, 'columns'>) {
  return { columns: Object.fromEntries(columns.map((column, j) => [`x${j + 1}`, column])) };
}

describe('data', () => {
  it('give one answer in any form', async () => {
    const dataset = examples(4, 90, 3);
    const expected = (await solve(dataset)).parameters;
    const source = sourceOf(dataset, [20, 0, 33]);
    expect((await solve(source)).parameters).toEqual(expected);
    expect(source.passes).toBe(1);
    const streamed = await solve(source, { method: 'moments' });
    const because = 'rounding';
    expectClose(streamed.parameters, expected, { relative: 1e-13, absolute: 1e-14, because });
    expect(source.passes).toBe(2 + streamed.report.epochsRun); // sums, and each correction, in passes of their own
    const moments = await computeMoments(dataset, { backend: 'cpu' });
    const loaded = Moments.fromJSON(JSON.parse(JSON.stringify(moments)));
    const known = await solve(loaded, { backend: 'auto' });
    expectClose(known.parameters, expected, { relative: 1e-12, because: 'nothing corrects them' });
    expect(known.report).toMatchObject({ epochsRun: 0, lossHistory: [], backend: 'cpu', exampleCount: 90 });
    expect([known.model.featureNames, known.model.targetName]).toEqual([['x1', 'x2', 'x3'], 'y']);
  });

  it('are made on the host when they are synthetic', async () => {
    const made = syntheticRegression({ rows: 3000, features: 2, noise: 0, seed: 3 });
    const { parameters } = await solve(made);
    const because = 'targets rounded to f32, of 3000 examples';
    expectClose(parameters, [...made.weights, made.bias], { relative: 1e-6, because });
  });

  it('go by moments when they are many, unless QR is asked for', async () => {
    const dataset = examples(1, 300_000, 3);
    const { report, parameters } = await solve(dataset);
    expect(report.kernels).toBe('moments');
    const qr = await solve(dataset, { method: 'qr' });
    expect(qr.report.kernels).toBe('qr');
    expectClose(parameters, qr.parameters, { relative: 1e-12, because: 'sums of 300,000 in f64, in blocks' });
  });
});

describe('much data whose features nearly depend on one another goes by QR, block by block', () => {
  const ROWS = 300_000;

  it.each([
    { apart: 1e-7, relative: 1e-6 }, // 7e-7 at worst over five numbers of rows
    { apart: 1e-8, relative: 1e-5 }, // 6e-6
  ])('has the answer of QR in twofold precision: $apart apart', async ({ apart, relative }) => {
    const dataset = nearlyDependent(apart, ROWS);
    const { parameters, report } = await solve(dataset);
    const expected = await solve(dataset, { method: 'qr' });
    const because = 'the condition number is 3/apart, and its square times 2^-53 of the residuals is lost, averaged';
    expectClose(parameters, expected.parameters, { relative, absolute: 1e-7, because });
    expect(report.kernels).toBe('qr');
    expect(report.solver).toMatchObject({ rank: 3, precision: 'f64' });
    const conditions = [report, expected.report].map(({ solver }) => solver?.conditionNumber as number);
    expectClose([conditions[0] as number], [conditions[1] as number], { relative: 1e-4, because: 'six digits of either' }); // prettier-ignore
    expect(codes(report)).toEqual([]);
    const moments = await solve(dataset, { method: 'moments' }); // as it was asked for
    expect([moments.report.kernels, ...codes(moments.report)]).toEqual(['moments', 'RANK_DEFICIENT']);
  });

  it('says so where three digits are not left', async () => {
    const { report } = await solve(nearlyDependent(1e-12, ROWS));
    // The gradient has vanished, as that of many weights that differ would.
    expect(report).toMatchObject({ kernels: 'qr', converged: true, distanceBy: 'newtonStep' });
    expect(report.distanceToOptimum).toBeLessThan(1e-9);
    expect(codes(report)).toEqual(['ILL_CONDITIONED']);
  });

  it('goes by moments without a warning at a condition number of five digits', async () => {
    const { report } = await solve(nearlyDependent(1e-5, ROWS));
    expect(report).toMatchObject({ kernels: 'moments', converged: true });
    expect(report.relativeGradient).toBeLessThan(1e-12);
    expect(codes(report)).toEqual([]);
  });

  it('is not the optimum where a pass computes a gradient above the tolerance, and says what is left', async () => {
    const solved = { isRefined: false, relativeGradient: 2e-6, excessShare: 3e-5 } as LeastSquaresSolution;
    const left = { distanceToOptimum: 3e-5, distanceBy: 'newtonStep' };
    expect(convergenceOf(solved, 1e-6)).toMatchObject({ converged: false, stopReason: 'plateau', ...left });
    expect(convergenceOf(solved, 1e-5)).toMatchObject({ converged: true, stopReason: 'converged', ...left });
    const refined = { ...solved, isRefined: true };
    expect(convergenceOf(refined, 1e-6)).toMatchObject({
      converged: true,
      distanceToOptimum: 0,
      distanceBy: 'optimum',
    });
    const lost = { ...solved, relativeGradient: Infinity, excessShare: NaN };
    expect(convergenceOf(lost, 1e-6)).toMatchObject({ converged: false, distanceToOptimum: null, distanceBy: null });
  });

  it('has the smallest weights for dependent features, known for certain', async () => {
    const dataset = nearlyDependent(0, ROWS);
    const { parameters, report } = await solve(dataset);
    expect(report.kernels).toBe('qr');
    expect(report.solver?.rank).toBe(2);
    expect(codes(report)).toEqual(['RANK_DEFICIENT']);
    expect(report.warnings[0]?.message).not.toContain("method 'qr'");
    const expected = await solve(dataset, { method: 'qr' });
    expectClose(parameters, expected.parameters, { relative: 1e-9, because: 'sums of 300,000' });
  });
});

it('the report is plain data that adds up', async () => {
  const { report } = await solve(examples(3, 40, 2));
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report).toMatchObject({
    learningRateLimit: null,
    distanceToOptimum: 0,
    distanceBy: 'optimum',
    optimizer: 'qr',
    adapter: null,
    backend: 'cpu',
  });
  const { deviceMs, uploadMs, trainMs, totalMs } = report.timings;
  expect(deviceMs + uploadMs + trainMs).toBeLessThanOrEqual(totalMs + 1e-9);
});
