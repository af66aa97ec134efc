// Loss, gradient and Hessian from sums that a device would give, against loops over the standardized examples.

import { describe, expect, it } from 'vitest';
import { Dataset } from '../src/data/dataset.js';
import { Standardization } from '../src/descent/standardization.js';
import { inTrainingUnits } from '../src/gpu/evaluate/training-units.js';
import { expectClose } from './support/close.js';
import { uniforms } from './support/examples.js';

const ROWS = 40;
const FEATURES = 3;

/** Two features whose spreads are no powers of two, and a constant one. */
function datasetFor(isWeighted: boolean): Dataset {
  const columns = [
    uniforms(1, ROWS).map((u) => 20 + 3 * u),
    uniforms(2, ROWS).map((u) => 0.011 * u - 1),
    new Float64Array(ROWS).fill(0.3),
  ];
  const targets = uniforms(3, ROWS).map((u, i) => 4 * u + 0.1 * (columns[0]?.[i] as number));
  const weights = uniforms(4, ROWS).map((u) => 1.5 + u);
  return new Dataset(columns, targets, ['a', 'b', 'same'], 'y', isWeighted ? weights : undefined);
}

/** Σ w·f(i) over the examples. */
const sumOver = ({ exampleWeights }: Dataset, valueOf: (i: number) => number) => {
  let sum = 0;
  for (let i = 0; i < ROWS; i++) sum += (exampleWeights?.[i] ?? 1) * valueOf(i);
  return sum;
};

/** The rows [z 1] times a factor for each feature, and the residuals of the squared loss, at some parameters. */
function rowsOf(dataset: Dataset, { columns, targetCenters }: Standardization, parameters: ArrayLike<number>) {
  return (isDivided: boolean) => {
    const row = (i: number) => [
      ...columns.map(({ center, exponent, spread }, j) => {
        const stored = ((dataset.columns[j]?.[i] as number) - center) * 2 ** -exponent;
        return isDivided ? stored / spread : stored;
      }),
      1,
    ];
    const residual = (i: number) =>
      row(i).reduce((sum, x, j) => sum + x * (parameters[j] as number), 0) -
      ((dataset.targets[i] as number) - (targetCenters[0] as number));
    return { row, residual };
  };
}

/** The sums that a device adds up at the parameters as it holds them, in f64. */
function sumsOnDevice(dataset: Dataset, standardization: Standardization, parameters: Float64Array) {
  const { row, residual } = rowsOf(dataset, standardization, standardization.toDevice(parameters))(false);
  const slopes = Array.from({ length: FEATURES + 1 }, (_, j) =>
    sumOver(dataset, (i) => residual(i) * (row(i)[j] as number)),
  );
  const bordered = (i: number) => [1, ...row(i).slice(0, FEATURES)];
  const triangle = Array.from({ length: FEATURES + 1 }, (_, a) =>
    Array.from({ length: a + 1 }, (__, b) =>
      sumOver(dataset, (i) => (bordered(i)[a] as number) * (bordered(i)[b] as number)),
    ),
  );
  return {
    parameters,
    weight: sumOver(dataset, () => 1),
    slopes: Float64Array.from([...slopes, sumOver(dataset, (i) => residual(i) ** 2)]),
    triangle: Float64Array.from(triangle.flat()),
  };
}

/** Loss, gradient and Hessian of the squared loss over the z-scores themselves, with 0 for what is not learned. */
function expectedAt(dataset: Dataset, standardization: Standardization, parameters: Float64Array) {
  const { row, residual } = rowsOf(dataset, standardization, standardization.learned(parameters))(true);
  const total = sumOver(dataset, () => 1);
  const isLearned = standardization.learned(new Float64Array(FEATURES + 1).fill(1));
  const all = [...isLearned.keys()];
  const gradient = all.map(
    (j) => ((isLearned[j] as number) * sumOver(dataset, (i) => residual(i) * (row(i)[j] as number))) / total,
  );
  const hessian = all.flatMap((a) =>
    all.map((b) => {
      const product = sumOver(dataset, (i) => (row(i)[a] as number) * (row(i)[b] as number)) / total;
      return (isLearned[a] as number) * (isLearned[b] as number) * product;
    }),
  );
  return { loss: sumOver(dataset, (i) => residual(i) ** 2) / (2 * total), gradient, hessian };
}

const FORMS = [false, true].flatMap((isWeighted) =>
  [true, false].map((fitIntercept) => ({ isWeighted, fitIntercept })),
);

describe.each(FORMS)('with weights $isWeighted, with a bias $fitIntercept', ({ isWeighted, fitIntercept }) => {
  const dataset = datasetFor(isWeighted);
  const standardization = Standardization.of(dataset, true, { loss: 'squared', fitIntercept, huberDelta: 1 });
  const parameters = Float64Array.of(0.7, -1.3, 0.2, 0.4);
  const sums = sumsOnDevice(dataset, standardization, parameters);
  const because = 'the squared loss is its own second-order expansion: roundings in f64 of sums of forty terms';
  const tolerance = { absolute: 1e-12, relative: 1e-12, because };

  it('loss, gradient and Hessian are those at the parameters before they were rounded', () => {
    const expected = expectedAt(dataset, standardization, parameters);
    const found = inTrainingUnits(standardization, sums);
    expectClose([found.loss], [expected.loss], tolerance);
    expectClose(found.gradient, expected.gradient, tolerance);
    expectClose(found.hessian ?? [], expected.hessian, tolerance);
  });

  it('loss and gradient alone are those at the rounded ones', () => {
    const rounded = standardization.fromDevice(standardization.toDevice(parameters));
    const expected = expectedAt(dataset, standardization, rounded);
    const found = inTrainingUnits(standardization, { ...sums, triangle: null });
    expectClose([found.loss], [expected.loss], tolerance);
    expectClose(found.gradient, expected.gradient, tolerance);
    expect(found.hessian).toBeNull();
  });

  it('a loss that is no number is infinite', () => {
    const slopes = sums.slopes.with(FEATURES + 1, Number.NaN);
    expect(inTrainingUnits(standardization, { ...sums, slopes }).loss).toBe(Infinity);
  });
});
