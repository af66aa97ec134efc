// The best constant model: against closed forms and bisection.

import { describe, expect, it } from 'vitest';
import { createDataset, Dataset } from '../../src/data/dataset.js';
import { constantModel } from '../../src/solve/constant-model.js';
import { HostEvaluator } from '../../src/solve/host-evaluator.js';
import { expectClose } from '../support/close.js';
import { DELTA, learnable } from '../support/evaluation.js';
import { constantModel as expectedConstant, objectiveOf, steepestSlope } from '../support/objective.js';

const WAYS = [true, false].flatMap((standardize) => [true, false].map((weighted) => ({ standardize, weighted })));

describe('the best constant model', () => {
  it.each(WAYS)(
    'of the squared loss is the mean, of the logistic loss its log-odds: %o',
    async ({ standardize, weighted }) => {
      for (const loss of ['squared', 'logistic'] as const) {
        const data = learnable(loss, 90, 3, weighted);
        const evaluator = await HostEvaluator.of(data, { loss, fitIntercept: true, standardize });
        const found = await constantModel(evaluator, { loss, fitIntercept: true, huberDelta: 1 });
        const { weights, bias } = evaluator.toCallerUnits(found.parameters);
        let [total, sum] = [0, 0];
        data.targets.forEach((y, i) => {
          const weight = data.exampleWeights?.[i] ?? 1;
          total += weight;
          sum += weight * y;
        });
        const mean = sum / total;
        const because = 'one or two evaluations in f64';
        expectClose([...weights, bias], [0, 0, 0, loss === 'squared' ? mean : Math.log(mean / (1 - mean))], { absolute: 1e-12, because }); // prettier-ignore
        const problem = { loss, l1: 0, l2: 0, standardize, fitIntercept: true, huberDelta: 1 };
        expectClose([found.evaluation.loss], [objectiveOf(data, problem, { weights, bias })], { relative: 1e-13, because }); // prettier-ignore
      }
    },
  );

  it.each([0.01, 0.3, DELTA, 1000])(
    "of Huber's loss has a slope of 0 beside those of the weights: δ = %d",
    async (huberDelta) => {
      for (const { standardize, weighted } of WAYS) {
        const data = learnable('huber', 150, 3, weighted);
        const evaluator = await HostEvaluator.of(data, { loss: 'huber', fitIntercept: true, standardize });
        const found = await constantModel(evaluator, { loss: 'huber', fitIntercept: true, huberDelta });
        const problem = { loss: 'huber', l1: 0, l2: 0, standardize, fitIntercept: true, huberDelta } as const;
        const [mine, theirs] = [evaluator.toCallerUnits(found.parameters), expectedConstant(data, problem)];
        const because =
          'the slope of the bias may be a thousandth of the steepest, or end where the loss is all but flat';
        expectClose([steepestSlope(data, problem, mine)], [steepestSlope(data, problem, theirs)], { relative: 0.02, because }); // prettier-ignore
        expect(objectiveOf(data, problem, mine)).toBeLessThan(1.001 * objectiveOf(data, problem, theirs));
      }
    },
  );

  it('is found far from 0 under Huber, where all errors are beyond δ', async () => {
    const { columns, targets, featureNames } = learnable('huber', 80, 2);
    const far = new Dataset(columns, targets.map((y) => y + 1000), featureNames, 'y'); // prettier-ignore
    for (const standardize of [true, false]) {
      const evaluator = await HostEvaluator.of(far, { loss: 'huber', fitIntercept: true, standardize });
      const found = await constantModel(evaluator, { loss: 'huber', fitIntercept: true, huberDelta: 0.5 });
      const problem = { loss: 'huber', l1: 0, l2: 0, standardize, fitIntercept: true, huberDelta: 0.5 } as const;
      const { bias } = evaluator.toCallerUnits(found.parameters);
      const because = 'within the spread of the targets, of which the offset is hundreds';
      expectClose([bias], [expectedConstant(far, problem).bias], { absolute: 0.5, because });
    }
  });

  it('is 0 without an intercept, and where the targets are constant their value', async () => {
    const data = learnable('squared', 40, 2);
    const evaluator = await HostEvaluator.of(data, { loss: 'squared', fitIntercept: false, standardize: true });
    const none = await constantModel(evaluator, { loss: 'squared', fitIntercept: false, huberDelta: 1 });
    expect([...none.parameters]).toEqual([0, 0, 0]);
    const same = createDataset({ columns: { x: [1, 2, 5] }, targets: [4, 4, 4] });
    for (const loss of ['squared', 'huber'] as const) {
      const of = await HostEvaluator.of(same, { loss, fitIntercept: true, standardize: true });
      const { parameters, evaluation } = await constantModel(of, { loss, fitIntercept: true, huberDelta: 1 });
      const { weights, bias } = of.toCallerUnits(parameters);
      expectClose([...weights, bias, evaluation.loss], [0, 4, 0], {
        absolute: 1e-14,
        because: 'exact but for rounding',
      });
    }
  });

  it('is finite for labels that are all the same', async () => {
    const same = createDataset({ columns: { x: [1, 2, 5] }, targets: [1, 1, 1] });
    const evaluator = await HostEvaluator.of(same, { loss: 'logistic', fitIntercept: true, standardize: true });
    const { parameters } = await constantModel(evaluator, { loss: 'logistic', fitIntercept: true, huberDelta: 1 });
    expectClose([...parameters], [0, Math.log(1e9)], { relative: 1e-12, because: 'a certainty of 1e-9' });
  });

  it('is not looked for after an abort', async () => {
    const evaluator = await HostEvaluator.of(learnable('huber', 40, 2), { loss: 'huber', fitIntercept: true, standardize: true }); // prettier-ignore
    const signal = AbortSignal.abort(new Error('enough'));
    const run = constantModel(evaluator, { loss: 'huber', fitIntercept: true, huberDelta: 1, signal });
    await expect(run).rejects.toThrow('enough');
  });
});
