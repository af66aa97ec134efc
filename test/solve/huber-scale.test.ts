// δ of Huber's loss found together with the fit, against R and against its own equations.

import { describe, expect, it } from 'vitest';
import { createDataset, Dataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import type { LinearModel } from '../../src/model/linear-model.js';
import { HostEvaluator } from '../../src/solve/host-evaluator.js';
import { HUBER_EFFICIENCY, residualScale } from '../../src/solve/huber-scale.js';
import { expectClose } from '../support/close.js';
import { examples, normals, uniforms } from '../support/examples.js';
import { relativeSlope } from '../support/objective.js';
import { published } from '../support/published.js';

const HUBER = { loss: 'huber', backend: 'cpu' } as const;
const deltaOf = ({ report }: LinearModel) => Number(report?.settings.huberDelta);

const predictionsOf = (model: LinearModel, { columns, featureNames }: Dataset) =>
  model.predict(Object.fromEntries(featureNames.map((name, j) => [name, columns[j] as Float64Array])));

/** 1.345 · median |e| / 0.6745 of a model, by sorting. */
async function deltaByHand(model: LinearModel, data: Dataset): Promise<number> {
  const predictions = await predictionsOf(model, data);
  const errors = data.targets.map((y, i) => Math.abs(y - (predictions[i] as number))).sort();
  const middle = errors.length / 2;
  const median = ((errors[Math.ceil(middle) - 1] as number) + (errors[Math.floor(middle)] as number)) / 2;
  return (1.345 * median) / 0.6745;
}

/** Linear targets, one in nine of which is far off. */
function withOutliers(seed: number, rows: number, noise = 0.2): Dataset {
  const { columns, featureNames } = examples(seed, rows, 3);
  const e = normals(seed + 50, rows);
  const targets = e.map((value, i) => columns.reduce((sum, column, j) => sum + (j - 0.5) * (column[i] as number), 2 + (i % 9 === 4 ? 30 : noise) * value)); // prettier-ignore
  return new Dataset(columns, targets, featureNames, 'y');
}

describe("huberDelta 'auto'", () => {
  it('is 1.345 times the scale of rlm on stackloss, with its weights', async () => {
    const data = await published('stackloss', 'stack_loss');
    const model = await fit(data, HUBER);
    const because = 'rlm ends when its residuals change by 1e-4 of themselves';
    expectClose([...model.weights, model.bias], [0.8293739, 0.9261082, -0.1278492, -41.0265311], { relative: 1e-4, because }); // prettier-ignore
    expectClose([deltaOf(model) / HUBER_EFFICIENCY], [2.441], {
      absolute: 1e-3,
      because: 'rlm prints four digits, and ends at 1e-4 of the residuals',
    });
    expect(model.report).toMatchObject({ converged: true, warnings: [] });
  });

  it.each<FitOptions>([
    {},
    { l2: 0.1 },
    { l1: 0.05 },
    { fitIntercept: false },
    { standardize: false },
    { optimizer: 'newton' },
  ])('solves both equations at once: %o', async (options) => {
    for (const rows of [40, 101]) {
      const data = withOutliers(3, rows);
      const model = await fit(data, { ...HUBER, ...options });
      const delta = deltaOf(model);
      expectClose([delta], [await deltaByHand(model, data)], { relative: 1e-8, because: 'the last change of σ, and a factor for its speed' }); // prettier-ignore
      expect(relativeSlope(data, { ...(model.report).settings, huberDelta: delta }, model)).toBeLessThan(1e-6); // prettier-ignore
      const fixed = await fit(data, { ...HUBER, ...options, huberDelta: delta });
      const because = 'two ways to one minimum, each to 1e-9 of its predictions';
      expectClose([...fixed.weights, fixed.bias], [...model.weights, model.bias], { absolute: 1e-7, because });
    }
  });

  it.each([{ l1: 0.001 }, { l1: 1 }, { l2: 0.001 }, { l1: 0.001, optimizer: 'lbfgs' as const }])(
    'is where the penalty and the errors that it makes agree, if there are no others: %o',
    async (options) => {
      const x = Float64Array.from({ length: 200 }, (_, i) => i / 10);
      const wave = x.map(Math.sin);
      const data = createDataset({
        columns: { x, wave },
        targets: x.map((v, i) => 3 * v - 2 * (wave[i] as number) + 7),
      });
      const model = await fit(data, { ...HUBER, ...options });
      expect(model.report).toMatchObject({ converged: true, warnings: [] });
      const because = 'the last change of σ, and a factor for its speed';
      expectClose([deltaOf(model)], [await deltaByHand(model, data)], { relative: 1e-7, because });
      expect(relativeSlope(data, { ...(model.report).settings, huberDelta: deltaOf(model) }, model)).toBeLessThan(1e-6); // prettier-ignore
    },
  );

  it('is the same for gradient descent, which it is found for beforehand', async () => {
    const data = withOutliers(4, 60);
    const solved = await fit(data, HUBER);
    const descended = await fit(data, { ...HUBER, optimizer: 'nesterov', epochs: 3000, tolerance: 1e-8, patience: 50 });
    expect(deltaOf(descended)).toBe(deltaOf(solved));
    const because = 'the objective stands still to 1e-8, the square of the distance';
    expectClose([...descended.weights, descended.bias], [...solved.weights, solved.bias], { absolute: 1e-3, because });
  });

  it('follows the units of the targets, and predictions with it', async () => {
    const data = withOutliers(5, 70);
    const expected = await fit(data, HUBER);
    for (const scale of [1e-12, 1e-3, 1e6, 1e12]) {
      const scaled = new Dataset(data.columns, data.targets.map((y) => scale * y), data.featureNames, 'y'); // prettier-ignore
      const model = await fit(scaled, HUBER);
      const because = 'other units of the targets, and rounding';
      const values = [...model.weights, model.bias, deltaOf(model)].map((value) => value / scale);
      expectClose(values, [...expected.weights, expected.bias, deltaOf(expected)], { relative: 1e-8, absolute: 1e-9, because }); // prettier-ignore
      expect(model.report.converged).toBe(true);
    }
  });

  it('counts examples by their weights, and those of weight 0 not at all', async () => {
    const data = withOutliers(6, 50);
    const weights = Float64Array.from(data.targets, (_, i) => i % 4);
    const weighted = new Dataset(data.columns, data.targets, data.featureNames, 'y', weights);
    const repeat = (column: ArrayLike<number>) => Float64Array.from(Array.from(weights).flatMap((weight, i) => new Array<number>(weight).fill(column[i] as number))); // prettier-ignore
    const repeated = new Dataset(data.columns.map(repeat), repeat(data.targets), data.featureNames, 'y');
    const [model, expected] = [await fit(weighted, HUBER), await fit(repeated, HUBER)];
    const because = 'the same sums, in another order, to the last change of σ';
    expectClose([...model.weights, model.bias, deltaOf(model)], [...expected.weights, expected.bias, deltaOf(expected)], { absolute: 1e-7, because }); // prettier-ignore
  });

  it('is small and above 0 where most errors are 0, and the outliers do not pull', async () => {
    const x = uniforms(8, 60);
    const targets = x.map((value, i) => 3 * value + 1 + (i % 10 === 0 ? 100 : 0));
    const model = await fit(createDataset({ columns: { x }, targets }), HUBER);
    expect(deltaOf(model)).toBeGreaterThan(0);
    const because = 'δ is no less than a millionth of that of least squares, about 3e-5, times a tenth of outliers';
    expectClose([...model.weights, model.bias], [3, 1], { absolute: 1e-4, because });
  });

  it('goes to almost nothing where every fit asks for a smaller one: all but one example lie on a line', async () => {
    const data = createDataset({ columns: { x: [1, 2, 3, 4, 5] }, targets: [2, 4, 6, 8, 1000] });
    const model = await fit(data, HUBER);
    expect(model.report).toMatchObject({ converged: true });
    expectClose([...model.weights, model.bias], [2, 0], {
      absolute: 1e-3,
      because: 'δ ends at 1e-6 of its first value',
    });
  });

  it('is a number that descent gets along with where all errors are 0', async () => {
    const x = uniforms(9, 40);
    for (const targets of [x.map((value) => 3e6 * value + 1e6), x.map(() => 7), x.map(() => 0)]) {
      const data = createDataset({ columns: { x }, targets });
      const size = Math.max(...Array.from(targets, Math.abs)) || 1;
      for (const options of [
        {},
        { optimizer: 'gradientDescent', epochs: 2000, tolerance: 1e-9, patience: 500 },
      ] as const) {
        const model = await fit(data, { ...HUBER, ...options });
        expect(deltaOf(model)).toBe(size);
        expect(model.report.converged).toBe(true);
        const predictions = await predictionsOf(model, data);
        expectClose(predictions, targets, { absolute: 1e-7 * size, because: 'descent ends at its tolerance' });
      }
    }
  });

  it('that is not yet found when the epochs are used is not claimed, nor is convergence', async () => {
    const data = withOutliers(7, 60);
    const early = await fit(data, { ...HUBER, optimizer: 'newton', epochs: 1 });
    expect(early.report).toMatchObject({ converged: false, relativeGradient: null, stopReason: 'epochs' });
    expect(early.report.settings.huberDelta).toBe('auto');
    expect(early.report.warnings.map(({ code }) => code)).toEqual(['NOT_CONVERGED']);
  });
});

describe('the scale of errors', () => {
  it('is their median over 0.6745, weighted, about 0', async () => {
    const data = createDataset({ columns: { x: [0, 0, 0, 0, 1] }, targets: [1, -2, 3, 4, 10] });
    const problem = { loss: 'huber', fitIntercept: true, standardize: false } as const;
    const evaluator = await HostEvaluator.of(data, problem);
    const at = evaluator.toTrainingUnits({ weights: [9], bias: 0 });
    const { scale, largestTarget } = await residualScale(evaluator, at, undefined);
    expectClose([scale, largestTarget], [2 / 0.6745, 10], { relative: 1e-12, because: 'errors 1, 2, 3, 4 and 1' });
    const weighted = await HostEvaluator.of(createDataset({ columns: { x: [0, 0, 0, 0, 1] }, targets: [1, -2, 3, 4, 10], exampleWeights: [0, 1, 1, 9, 0] }), problem); // prettier-ignore
    const heavy = await residualScale(weighted, weighted.toTrainingUnits({ weights: [9], bias: 0 }), undefined);
    expectClose([heavy.scale], [4 / 0.6745], { relative: 1e-12, because: 'nine elevenths of the weight' });
  });

  it('is not looked for after an abort', async () => {
    const evaluator = await HostEvaluator.of(withOutliers(1, 30), {
      loss: 'huber',
      fitIntercept: true,
      standardize: true,
    });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(residualScale(evaluator, new Float64Array(4), signal)).rejects.toThrow('enough');
  });
});
