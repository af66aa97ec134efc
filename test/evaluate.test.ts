// Loss, gradient and Hessian on the host, in f64: by hand, by differences, and on moments as on examples.

import { describe, expect, it } from 'vitest';
import type { Evaluator } from '../src/descent/evaluation.js';
import { LOSSES } from '../src/options/names.js';
import { createDataset, type Dataset } from '../src/data/dataset.js';
import { LEAST_SQUARES, type Objective } from '../src/options/objective.js';
import { momentsOfDataset } from '../src/moments/columns.js';
import { MomentsTrainer } from '../src/moments/descent/trainer.js';
import { hessian } from '../src/reference/hessian.js';
import { exampleLoss } from '../src/reference/loss.js';
import { secondDerivatives } from '../src/reference/second-derivatives.js';
import { ReferenceTrainer } from '../src/reference/trainer.js';
import { expectClose } from './support/close.js';
import { uniforms } from './support/examples.js';
import {
  DELTA,
  expectDerivatives,
  expectZeros,
  GRADIENT_ONLY,
  pointFor,
  WITH_HESSIAN,
  withConstant,
} from './support/evaluation.js';

const onExamples = (dataset: Dataset, standardize: boolean, objective: Partial<Objective> = {}) =>
  new ReferenceTrainer(
    { dataset, targets: [{ name: dataset.targetName, values: dataset.targets }], folds: [] },
    standardize,
    { ...LEAST_SQUARES, ...objective },
  );

const IN_F64 = {
  step: 1e-4,
  gradient: 1e-8,
  hessian: 1e-8,
  because: 'a difference over 2e-4 in f64 is off by a third derivative times 1e-8, and by rounding',
};

describe('the second derivative of the loss of one example', () => {
  it.each(LOSSES)('%s: is the derivative of the slope', (loss) => {
    const of = exampleLoss({ loss, huberDelta: 0.75 });
    for (const z of uniforms(1, 50).map((value) => 4 * value)) {
      const numeric = (of.slope(z + 1e-6, 1) - of.slope(z - 1e-6, 1)) / 2e-6;
      expectClose([of.curvature(z, 1)], [numeric], { absolute: 1e-6, because: 'a difference over 2e-6 in f64' });
    }
  });

  it('keeps its digits where a logistic prediction is sure, on either side', () => {
    const of = exampleLoss({ loss: 'logistic' });
    const because = 'σ(1 − σ) is e^−|z| to 1e-17 there';
    expectClose([of.curvature(40, 0), of.curvature(-40, 1)], [Math.exp(-40), Math.exp(-40)], {
      relative: 1e-15,
      because,
    });
    expect(of.curvature(0, 1)).toBe(0.25);
  });
});

// Three examples, (1, −2), (3, 4) and (−5, 0.5), with targets 10, 20 and 30, weights 1, 2 and 0.5.
const FEATURES = [Float64Array.of(1, 3, -5), Float64Array.of(-2, 4, 0.5)];
const TARGETS = Float64Array.of(10, 20, 30);

describe('the sums of the Hessian', () => {
  it('take each example by its weight and second derivative', () => {
    const curvatures = new Float64Array(3).fill(99);
    // Errors −5.5, −17.5 and −40.
    const terms = { loss: 'huber', huberDelta: 20, exampleWeights: Float64Array.of(1, 2, 0.5) } as const;
    secondDerivatives(FEATURES, TARGETS, Float64Array.of(2, -1, 0.5), curvatures, terms);
    expect([...curvatures]).toEqual([1, 2, 0]);
  });

  it('are products of two features, features, and the second derivatives themselves', () => {
    const sums = new Float64Array(9).fill(99);
    hessian(FEATURES, Float64Array.of(1, 2, 0.5), sums);
    // 1 + 18 + 12.5;  −2 + 24 − 1.25;  1 + 6 − 2.5;  4 + 32 + 0.125;  −2 + 8 + 0.25;  3.5
    expect([...sums]).toEqual([31.5, 20.75, 4.5, 20.75, 36.125, 6.25, 4.5, 6.25, 3.5]);
  });
});

const FORMS = LOSSES.flatMap((loss) =>
  [false, true].flatMap((weighted) => [true, false].map((fitIntercept) => ({ loss, weighted, fitIntercept }))),
);

describe.each(FORMS)('$loss, weighted $weighted, with a bias $fitIntercept', ({ loss, weighted, fitIntercept }) => {
  it.each([true, false])('derivatives are those of the loss: standardize %s', async (standardize) => {
    const trainer = onExamples(withConstant(loss, 150, 3, weighted), standardize, { loss, fitIntercept });
    const point = pointFor(trainer);
    const at = await expectDerivatives(trainer, point, DELTA, IN_F64);
    // Without a bias a constant other than 0 is a feature like any other.
    expectZeros(at, [...(standardize && fitIntercept ? [3] : []), ...(fitIntercept ? [] : [4])]);
    const alone = await trainer.evaluate(point, GRADIENT_ONLY);
    expect(alone).toEqual({ ...at, hessian: null });
  });
});

it.each([true, false])("huber's δ is that of the call, and of no later one: standardize %s", async (standardize) => {
  const dataset = withConstant('huber', 150, 3, false);
  const trainer = onExamples(dataset, standardize, { loss: 'huber', huberDelta: 3 });
  const wide = { withHessian: true, huberDelta: 1e6 };
  const squared = onExamples(dataset, standardize);
  const point = pointFor(trainer);
  const before = await trainer.evaluate(point, WITH_HESSIAN);
  expect(await trainer.evaluate(point, wide)).toEqual(await squared.evaluate(point, wide));
  expect(await trainer.evaluate(point, WITH_HESSIAN)).toEqual(before);
});

describe('on moments', () => {
  const forms = [true, false].flatMap((standardize) =>
    [true, false].flatMap((fitIntercept) => [true, false].map((weighted) => ({ standardize, fitIntercept, weighted }))),
  );
  it.each(forms)('as on examples: $standardize, $fitIntercept, $weighted', async (form) => {
    const dataset = withConstant('squared', 150, 4, form.weighted);
    const { standardize, fitIntercept } = form;
    const trainer = new MomentsTrainer(momentsOfDataset(dataset), { standardize, fitIntercept });
    const reference = onExamples(dataset, standardize, { fitIntercept });
    const point = pointFor(reference);
    const [actual, expected] = [
      await trainer.evaluate(point, WITH_HESSIAN),
      await reference.evaluate(point, WITH_HESSIAN),
    ];
    const same = { relative: 1e-12, absolute: 1e-12, because: 'the same sums in another order' };
    expectClose([actual.loss], [expected.loss], same);
    expectClose(actual.gradient, expected.gradient, same);
    expectClose(actual.hessian ?? [], expected.hessian ?? [], same);
    expectZeros(actual, [...trainer.constantFeatures, ...(fitIntercept ? [] : [5])]);
    expect(await trainer.evaluate(point, GRADIENT_ONLY)).toEqual({ ...actual, hessian: null });
    expect(trainer.featureCount).toBe(reference.featureCount);
  });
});

it('rejects with the reason of a signal', async () => {
  const dataset = createDataset({ columns: { x: [1, 2, 4] }, targets: [1, 0, 1] });
  const reason = new Error('enough');
  const evaluators: Evaluator[] = [
    onExamples(dataset, true),
    new MomentsTrainer(momentsOfDataset(dataset), { standardize: true }),
  ];
  for (const evaluator of evaluators) {
    const options = { ...WITH_HESSIAN, signal: AbortSignal.abort(reason) };
    await expect(evaluator.evaluate(new Float64Array(2), options)).rejects.toBe(reason);
  }
});
