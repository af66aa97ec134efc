// The loss on the host and its derivatives: by their definition, by differences, and in the units of other trainers.

import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/base/turns.js';
import { Dataset } from '../../src/data/dataset.js';
import type { Evaluator } from '../../src/descent/evaluation.js';
import type { Loss } from '../../src/options/names.js';
import { openReferenceBackend } from '../../src/reference/backend.js';
import { examplesOf } from '../../src/solve/evaluated-examples.js';
import { HostEvaluator } from '../../src/solve/host-evaluator.js';
import { expectClose } from '../support/close.js';
import { DELTA, expectDerivatives, expectZeros, learnable, pointFor, withConstant } from '../support/evaluation.js';
import { objectiveOf } from '../support/objective.js';

const LOSSES: readonly Loss[] = ['squared', 'huber', 'logistic'];
const WAYS = [
  { standardize: true, fitIntercept: true },
  { standardize: true, fitIntercept: false },
  { standardize: false, fitIntercept: true },
  { standardize: false, fitIntercept: false },
];
const DIFFERENCES = {
  step: 1e-5,
  gradient: 1e-8,
  hessian: 1e-7,
  because: 'central differences of 1e-5: the square of it, and 2^-53 over it, times the steepness of some units',
};

/** Without an intercept nothing is learned of the bias: then as a function of the weights alone. */
const learned = (evaluator: HostEvaluator, fitIntercept: boolean): Evaluator => ({
  featureCount: evaluator.featureCount,
  evaluate: (parameters, options) =>
    evaluator.evaluate(fitIntercept ? parameters : parameters.with(parameters.length - 1, 0), options),
});

describe.each(LOSSES)('the derivatives of the %s loss', (loss) => {
  // 1 row, one block of 256 but for a row, a whole one, and more than two.
  it.each([1, 255, 256, 600])('are those of differences: %i examples', async (rows) => {
    for (const way of WAYS) {
      for (const weighted of [false, true]) {
        const data = learnable(loss, rows, 4, weighted);
        const evaluator = await HostEvaluator.of(data, { loss, ...way });
        await expectDerivatives(learned(evaluator, way.fitIntercept), pointFor(evaluator), DELTA, DIFFERENCES);
      }
    }
  });

  it('have the mean loss of the examples beside them', async () => {
    for (const way of WAYS) {
      const data = learnable(loss, 300, 3, true);
      const evaluator = await HostEvaluator.of(data, { loss, ...way });
      const point = pointFor(evaluator);
      const found = await evaluator.evaluate(point, { withHessian: false, huberDelta: DELTA });
      const expected = objectiveOf(data, { loss, ...way, l1: 0, l2: 0, huberDelta: DELTA }, evaluator.toCallerUnits(point)); // prettier-ignore
      expectClose([found.loss], [expected], { relative: 1e-13, because: 'sums of 300 in f64' });
      expect(found.hessian).toBeNull();
    }
  });

  it('are 0 for constant features and for a bias that is not learned', async () => {
    const data = withConstant(loss, 90, 3, true);
    const at = async (fitIntercept: boolean) => {
      const evaluator = await HostEvaluator.of(data, { loss, fitIntercept, standardize: true });
      expect(evaluator.constantFeatures).toEqual(fitIntercept ? [3] : []);
      const point = Float64Array.of(0.4, -0.3, 0.2, 0.5, fitIntercept ? 0.1 : 0);
      return evaluator.evaluate(point, { withHessian: true, huberDelta: DELTA });
    };
    expectZeros(await at(true), [3]);
    expectZeros(await at(false), [4]); // without a bias a constant is a feature like others
  });

  it('do not hear of examples of weight 0, however wild', async () => {
    const data = learnable(loss, 100, 3, true);
    const { columns, targets, featureNames, targetName, exampleWeights } = data;
    const longer = (column: ArrayLike<number>, more: number[]) => Float64Array.from([...Array.from(column), ...more]);
    const wild = new Dataset(
      columns.map((column) => longer(column, [1e300, -1e300])),
      longer(targets, loss === 'logistic' ? [1, 0] : [1e300, -1e300]),
      featureNames,
      targetName,
      longer(exampleWeights as Float32Array, [0, 0]),
    );
    const options = { withHessian: true, huberDelta: DELTA };
    const problem = { loss, fitIntercept: true, standardize: true };
    const [plain, other] = [await HostEvaluator.of(data, problem), await HostEvaluator.of(wild, problem)];
    const point = pointFor(plain);
    const [expected, found] = [await plain.evaluate(point, options), await other.evaluate(point, options)];
    const because = 'the same terms, in other blocks';
    expectClose([found.loss, ...found.gradient], [expected.loss, ...expected.gradient], { relative: 1e-11, absolute: 1e-14, because }); // prettier-ignore
    expectClose(found.hessian ?? [], expected.hessian ?? [], { relative: 1e-11, absolute: 1e-14, because });
  });

  it('keep their digits where features lie far off', async () => {
    const near = learnable(loss, 200, 2);
    const far = new Dataset(near.columns.map((column) => Float64Array.from(column, (x) => x + 2 ** 20)), near.targets, near.featureNames, 'y'); // prettier-ignore
    const options = { withHessian: true, huberDelta: DELTA };
    const problem = { loss, fitIntercept: true, standardize: true };
    const point = Float64Array.of(0.3, -0.2, 0.1);
    const [a, b] = await Promise.all([near, far].map(async (data) => (await HostEvaluator.of(data, problem)).evaluate(point, options))); // prettier-ignore
    const because = 'an offset of a million spreads takes six of sixteen digits from the features themselves';
    expectClose([b?.loss ?? 0, ...(b?.gradient ?? [])], [a?.loss ?? 1, ...(a?.gradient ?? [])], { absolute: 1e-9, because }); // prettier-ignore
  });
});

describe('units', () => {
  it('lead from the parameters of the data to those of training and back', async () => {
    for (const way of WAYS) {
      for (const loss of LOSSES) {
        const evaluator = await HostEvaluator.of(learnable(loss, 50, 3, true), { loss, ...way });
        const given = { weights: [1.5, -2, 0.25], bias: way.fitIntercept ? 3 : 0 };
        const { weights, bias } = evaluator.toCallerUnits(evaluator.toTrainingUnits(given));
        expectClose([...weights, bias], [...given.weights, given.bias], {
          absolute: 1e-13,
          because: 'two conversions',
        });
      }
    }
  });

  it.each(WAYS)('of a trainer give its loss and gradient: %o', async ({ standardize, fitIntercept }) => {
    const data = learnable('squared', 70, 3);
    const trainer = await openReferenceBackend().upload(data, { standardize, fitIntercept, kernels: 'auto', storage: 'f32' }); // prettier-ignore
    const problem = { loss: 'squared', fitIntercept, standardize } as const;
    const evaluator = HostEvaluator.inUnitsOf(trainer, data, problem);
    const point = fitIntercept ? pointFor(trainer) : pointFor(trainer).with(3, 0);
    const options = { withHessian: true, huberDelta: 1 };
    const [expected, found] = [await trainer.evaluate(point, options), await evaluator.evaluate(point, options)];
    const because = 'the same sums in f64 in another order';
    expectClose([found.loss, ...found.gradient], [expected.loss, ...expected.gradient], { absolute: 1e-11, because });
    expectClose(found.hessian ?? [], expected.hessian ?? [], { absolute: 1e-11, because });
    const [mine, theirs] = [evaluator.toCallerUnits(point), trainer.toCallerUnits(point)];
    expectClose([...mine.weights, mine.bias], [...theirs.weights, theirs.bias], { absolute: 1e-12, because });
  });
});

it('an abort rejects with its reason', async () => {
  const evaluator = await HostEvaluator.of(learnable('logistic', 300, 2), { loss: 'logistic', fitIntercept: true, standardize: true }); // prettier-ignore
  const signal = AbortSignal.abort(new Error('enough'));
  const run = evaluator.evaluate(new Float64Array(3), { withHessian: false, huberDelta: 1, signal });
  await expect(run).rejects.toThrow('enough');
});

describe('the examples that count', () => {
  const features = [Float64Array.of(1, -3, 9, 0.5), Float64Array.of(2, 0, 9, -0.25)];
  const data = new Dataset(features, Float64Array.of(0, 1, 1, 0), ['a', 'b'], 'y', Float64Array.of(1, 2, 0, 1)); // prettier-ignore

  it('have the largest sizes of their features', () => {
    expect(atOnce(examplesOf(data).largest())).toEqual([3, 2]);
    const { columns, targets, featureNames } = data;
    expect(atOnce(examplesOf(new Dataset(columns, targets, featureNames, 'y')).largest())).toEqual([9, 9]);
  });

  it('are those of a sum over predictions near 0', async () => {
    const evaluator = await HostEvaluator.of(data, { loss: 'logistic', standardize: false, fitIntercept: false });
    // The predictions are 1, −3, 9 and 0.5; the third would be near enough, but has no weight.
    const gram = await evaluator.gramWhere(Float64Array.of(1, 0, 0), 9, undefined);
    const of = (rows: readonly number[]) => {
      const row = (i: number) => [...features.map((column) => column[i] as number), 0]; // no bias is learned
      const sum = (j: number, k: number) => rows.reduce((all, i) => all + (row(i)[j] as number) * (row(i)[k] as number), 0); // prettier-ignore
      return Array.from({ length: 9 }, (_, at) => sum(Math.floor(at / 3), at % 3));
    };
    expect([...gram]).toEqual(of([0, 1, 3]));
    expect([...(await evaluator.gramWhere(Float64Array.of(1, 0, 0), 1, undefined))]).toEqual(of([0, 3]));
  });
});
