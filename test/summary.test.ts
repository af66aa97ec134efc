// Standard errors and their company: against certified values, exact arithmetic and one another.

import { describe, expect, it } from 'vitest';
import { createDataset, Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { LinearModel } from '../src/model/linear-model.js';
import { momentsOfDataset } from '../src/moments/columns.js';
import { solveExact } from '../src/solve-exact.js';
import { twoSidedP } from '../src/model/student-t.js';
import type { ModelSummary } from '../src/model/summary/model-summary.js';
import { expectClose } from './support/close.js';
import { exactLeastSquares, rationalOf } from './support/exact-least-squares.js';
import { examples, rowsOf, uniforms } from './support/examples.js';
import { NIST_PROBLEMS } from './support/nist.js';
import { published } from './support/published.js';
import { expectRefusal } from './support/refusal.js';

const errorsOf = ({ rows }: ModelSummary) => rows.map(({ standardError }) => standardError ?? Number.NaN);
const summaryOf = async (dataset: Dataset) => (await solveExact(dataset)).summary(dataset);

/** As NIST certifies them: the constant first. */
const nistOrder = <Value>(values: Value[]) => [values.at(-1) as Value, ...values.slice(0, -1)];

describe('certified values', () => {
  it.each([
    {
      name: 'norris',
      target: 'y',
      errors: [0.232818234301152, 0.429796848199937e-3],
      deviation: 0.884796396144373,
      r2: 0.999993745883712,
    },
    {
      name: 'longley',
      target: 'employed',
      errors: [
        890420.383607373, 84.9149257747669, 0.0334910077722432, 0.488399681651699, 0.214274163161675, 0.22607320006937,
        455.478499142212,
      ],
      deviation: 304.854073561965,
      r2: 0.995479004577296,
    },
  ] as const)('are found for $name', async ({ name, target, errors, deviation, r2 }) => {
    const summary = await summaryOf(await published(name, target));
    const because = 'f64 less the two digits of the condition number';
    expectClose(nistOrder(errorsOf(summary)), errors, { relative: 1e-12, because });
    expectClose([summary.residualStandardError as number, summary.r2], [deviation, r2], { relative: 1e-12, because });
  });

  it.each([
    ['pontius', 1e-12],
    ['filip', 2e-7], // eight digits are left by the rounding of x^k, half of one of them is lost here
    ['wampler3', 1e-10],
    ['wampler4', 1e-10],
    ['wampler5', 1e-10],
  ])('are found for %s to %d', async (name, relative) => {
    const { x, y, degree, certified } = NIST_PROBLEMS.find((problem) => problem.name === name)!;
    const powers = Array.from(
      { length: degree },
      (_, k) => [`x^${k + 1}`, x.map((value) => value ** (k + 1))] as const,
    );
    const summary = await summaryOf(createDataset({ columns: Object.fromEntries(powers), targets: y }));
    const because = 'measured, with two digits to spare';
    expectClose(nistOrder(errorsOf(summary)), certified.standardErrors, { relative, because });
    const overall = [summary.residualStandardError as number, summary.r2];
    expectClose(overall, [certified.residualDeviation, certified.rSquared], { relative, because });
  });

  it.each(['noint1', 'noint2'])('are found for a line through the origin, with R² about 0: %s', async (name) => {
    const { x, y, certified } = NIST_PROBLEMS.find((problem) => problem.name === name)!;
    const data = createDataset({ columns: { x }, targets: y });
    const model = await solveExact(data, { fitIntercept: false });
    const because = 'fifteen certified digits';
    for (const given of [data, momentsOfDataset(data)]) {
      const summary = await model.summary(given);
      const found = [model.weights[0]!, ...errorsOf(summary), summary.residualStandardError!, summary.r2];
      const expected = [...certified.coefficients, ...certified.standardErrors, certified.residualDeviation, certified.rSquared]; // prettier-ignore
      expectClose(found, expected, { relative: 1e-14, because });
      expect(summary.rows.map((row) => row.name)).toEqual(['x']);
      expect(summary.degreesOfFreedom).toBe(x.length - 1);
    }
    const loaded = LinearModel.fromJSON(model.toJSON());
    expect(await loaded.summary(data, { fitIntercept: false })).toEqual(await model.summary(data));
  });

  it.each(['wampler1', 'wampler2'])('come with errors of almost 0 for a fit without residuals: %s', async (name) => {
    const { x, y, degree } = NIST_PROBLEMS.find((problem) => problem.name === name)!;
    const powers = Array.from(
      { length: degree },
      (_, k) => [`x^${k + 1}`, x.map((value) => value ** (k + 1))] as const,
    );
    const { residualStandardError, r2, rows } = await summaryOf(createDataset({ columns: Object.fromEntries(powers), targets: y })); // prettier-ignore
    expect(residualStandardError).toBeLessThan(1e-8);
    expectClose([r2], [1], { relative: 1e-15, because: 'rounding' });
    for (const { value, standardError } of rows)
      expect(standardError).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
  });
});

describe('a summary', () => {
  const dataset = examples(3, 60, 3);

  it('is what exact arithmetic says, t, p and adjusted R² of them', async () => {
    const summary = await summaryOf(dataset);
    const ones = { values: new Array<bigint>(60).fill(1n), scale: 1n };
    const exact = exactLeastSquares([ones, ...dataset.columns.map(rationalOf)], rationalOf(dataset.targets), 'mean');
    const because = 'some roundings of f64';
    expectClose(nistOrder(errorsOf(summary)), exact.standardErrors, { relative: 1e-13, because });
    expectClose([summary.residualStandardError as number, summary.r2], [exact.residualDeviation, exact.rSquared], { relative: 1e-13, because }); // prettier-ignore
    expect(summary).toMatchObject({ targetName: 'y', exampleCount: 60, degreesOfFreedom: 56 });
    expectClose([summary.adjustedR2 as number], [1 - ((1 - exact.rSquared) * 59) / 56], { relative: 1e-12, because });
    for (const { value, standardError, t, p } of summary.rows) {
      expect(t).toBe(value / (standardError as number));
      expect(p).toBe(twoSidedP(t as number, 56));
    }
    expect(summary.rows.map(({ name }) => name)).toEqual(['x1', 'x2', 'x3', 'bias']);
    expect(summary.errorsFromOptimum).toBeLessThan(1e-12);
    expectClose([summary.r2], [await (await solveExact(dataset)).score(dataset)], { relative: 1e-13, because });
  });

  it('is the same from moments, and from many examples, which go by moments', async () => {
    const model = await solveExact(dataset);
    const [direct, byMoments] = [await model.summary(dataset), await model.summary(momentsOfDataset(dataset))];
    const numbersOf = ({ rows, r2, residualStandardError, conditionNumber }: ModelSummary) =>
      [...rows.flatMap(({ standardError, t, p }) => [standardError, t, p]), r2, residualStandardError, conditionNumber] as number[]; // prettier-ignore
    expectClose(numbersOf(byMoments), numbersOf(direct), {
      relative: 1e-4,
      because: 'p of a large t, and six digits of κ',
    });
    expectClose(errorsOf(byMoments), errorsOf(direct), { relative: 1e-12, because: 'sums in f64' });
    const large = examples(4, 300_000, 3);
    const whole = await (await solveExact(large)).summary(large);
    // Σ(x − x̄)² is m times a variance: errors fall as √m.
    const [few] = errorsOf(await summaryOf(examples(4, 3000, 3)));
    expectClose([(few as number) / (errorsOf(whole)[0] as number)], [10], { relative: 0.1, because: 'noise of 3000' });
    expect(whole.degreesOfFreedom).toBe(299_996);
  });

  it('says of a model that is not there yet how far it is from least squares, at most, in standard errors', async () => {
    const best = await solveExact(dataset);
    const standard = errorsOf(await best.summary(dataset));
    const moved = new LinearModel({ ...partsOf(best), weights: best.weights.map((w, j) => (j === 1 ? w + 3 * (standard[1] as number) : w)) }); // prettier-ignore
    for (const data of [dataset, momentsOfDataset(dataset)]) {
      const { errorsFromOptimum } = await moved.summary(data);
      expect(errorsFromOptimum).toBeGreaterThan(2); // three of its own errors, which the farther residuals make larger
      expect(errorsFromOptimum).toBeLessThan(12);
    }
    const short = await fit(dataset, { backend: 'cpu', epochs: 2, learningRate: 0.2 });
    const long = await fit(dataset, { backend: 'cpu', tolerance: 1e-14 });
    const far = (await short.summary(dataset)).errorsFromOptimum as number;
    expect(far).toBeGreaterThan(1);
    expect((await long.summary(dataset)).errorsFromOptimum).toBeLessThan(1e-4);
    // Cauchy and Schwarz: each weight is at most so many of its errors away.
    const rows = (await short.summary(dataset)).rows;
    [...best.weights, best.bias].forEach((value, j) => {
      const { value: own, standardError } = rows[j]!;
      expect(Math.abs(own - value) / (standardError as number)).toBeLessThanOrEqual(far * (1 + 1e-9));
    });
  });

  it('is plain data, and a table', async () => {
    const summary = await summaryOf(await published('stackloss', 'stack_loss'));
    expect(JSON.parse(JSON.stringify(summary))).toEqual(structuredClone(summary));
    expect(String(summary).split('\n')).toEqual([
      'stack_loss: 21 examples, 17 degrees of freedom',
      '',
      // As R's summary of this model of its data set stackloss has them, rounded.
      'parameter        value   standard error         t        p',
      'air_flow       0.71564         0.134858     5.307   5.8e-5',
      'water_temp     1.29529         0.368024      3.52   0.0026',
      'acid_conc    -0.152123         0.156294   -0.9733   0.3440',
      'bias          -39.9197           11.896    -3.356   0.0038',
      '',
      'R² 0.913577, adjusted 0.898326',
      'residual standard error 3.24336',
      'condition number of the features 3.20923',
      'from the exact optimum: under 0.001 standard errors',
    ]);
  });

  it('is the same for columns in another order, and refused for moments in another order', async () => {
    const model = await solveExact(dataset);
    const turned = createDataset({ columns: { x3: dataset.columns[2]!, x1: dataset.columns[0]!, x2: dataset.columns[1]! }, targets: dataset.targets }); // prettier-ignore
    expect(await model.summary(turned)).toEqual(await model.summary(dataset));
    await expectRefusal(() => model.summary(momentsOfDataset(turned)), 'SHAPE_MISMATCH', 'in this order');
  });

  it('has no errors for weights that the data do not determine', async () => {
    const [x1] = dataset.columns as [Float64Array];
    const data = (third: Float64Array) => createDataset({ columns: { x1, x2: dataset.columns[1]!, third }, targets: dataset.targets }); // prettier-ignore
    const constant = await summaryOf(data(new Float64Array(60).fill(0.1)));
    expect(constant.rows.map(({ standardError }) => standardError === null)).toEqual([false, false, true, false]);
    expect(constant.degreesOfFreedom).toBe(57);
    const copy = await summaryOf(data(x1.map((value) => 3 * value)));
    expect(copy.rows.map(({ standardError, t, p }) => [standardError, t, p].map((value) => value === null))).toEqual(
      [true, false, true, false].map((isNull) => [isNull, isNull, isNull]),
    );
    expect(copy).toMatchObject({ conditionNumber: null, degreesOfFreedom: 57 });
    expect(String(copy)).toContain('infinite: some are linearly dependent');
    const byMoments = (await solveExact(data(x1))).summary(momentsOfDataset(data(new Float64Array(60).fill(0.1))));
    expect((await byMoments).rows[2]).toMatchObject({ standardError: null, t: null });
  });

  it('counts an example of weight k as k examples', async () => {
    const counts = Float64Array.from(dataset.targets, (_, i) => i % 3);
    const weighted = new Dataset(dataset.columns, dataset.targets, dataset.featureNames, 'y', counts);
    const rows = Array.from(counts, (count, i) => new Array<number>(count).fill(i)).flat();
    const model = await solveExact(weighted);
    const [found, expected] = [await model.summary(weighted), await model.summary(rowsOf(dataset, rows))];
    expectClose(errorsOf(found), errorsOf(expected), { relative: 1e-12, because: 'roots of weights' });
    expect(found).toMatchObject({ exampleCount: 60, degreesOfFreedom: 56 });
    expectClose([found.r2], [expected.r2], { relative: 1e-13, because: 'sums in another order' });
  });

  it('has no errors without degrees of freedom', async () => {
    const few = examples(1, 4, 3);
    const { degreesOfFreedom, residualStandardError, adjustedR2, errorsFromOptimum, rows } = await summaryOf(few);
    expect([degreesOfFreedom, residualStandardError, adjustedR2, errorsFromOptimum]).toEqual([0, null, null, null]);
    expect(rows.every(({ standardError }) => standardError === null)).toBe(true);
  });

  it('is refused for a model with penalties, and for other features', async () => {
    const model = await fit(dataset, { backend: 'cpu', l2: 0.1, epochs: 2 });
    await expectRefusal(() => model.summary(dataset), 'INVALID_OPTION', 'l2 0.1', 'regularization');
    const huber = new LinearModel({ ...partsOf(model), loss: 'huber' });
    await expectRefusal(() => huber.summary(dataset), 'INVALID_OPTION', "loss 'huber'", "'squared' or 'logistic'");
    const plain = await solveExact(dataset);
    await expectRefusal(() => plain.summary({ features: [[1, 2]], targets: [1] }), 'SHAPE_MISMATCH', '2 features');
    const other = { columns: { a: uniforms(1, 9), b: uniforms(2, 9), c: uniforms(3, 9) }, targets: uniforms(4, 9) };
    const named = new LinearModel({ ...partsOf(plain), featureNames: ['a', 'b', 'd'] });
    await expectRefusal(() => named.summary(other), 'UNKNOWN_COLUMN', "'c'");
  });
});

const partsOf = ({ weights, bias, featureNames, targetName, report }: LinearModel) => ({ weights, bias, featureNames, targetName, report }); // prettier-ignore
