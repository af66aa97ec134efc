// Losses, weights of examples and models without a bias on the CPU: the oracle, published values, and what is refused.

import { describe, expect, it } from 'vitest';
import { crossValidate } from '../src/cross-validate.js';
import { createDataset, Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import { chooseRate, limitOf } from '../src/descent/learning-rate.js';
import { lossSurface } from '../src/loss-surface.js';
import { LOSSES } from '../src/options/names.js';
import { LinearModel } from '../src/model/linear-model.js';
import { momentsOfDataset } from '../src/moments/columns.js';
import { resolveOptions } from '../src/fitting/fit-options.js';
import { exampleLoss } from '../src/reference/loss.js';
import { csvSource } from '../src/data/csv.js';
import { syntheticClassification, syntheticRegression } from '../src/data/synthetic.js';
import { expectClose } from './support/close.js';
import { uniforms } from './support/examples.js';
import { reweighted } from './support/newton.js';
import { published } from './support/published.js';
import { expectRefusal } from './support/refusal.js';

const CPU = { backend: 'cpu' } as const;

describe('the losses of one example', () => {
  it.each([
    { loss: 'squared', z: 5, y: 3, is: 2, slope: 2 },
    { loss: 'huber', z: 3.5, y: 3, is: 0.125, slope: 0.5 },
    { loss: 'huber', z: 5, y: 3, is: 1.5 * (2 - 0.75), slope: 1.5 },
    { loss: 'huber', z: 1, y: 3, is: 1.5 * (2 - 0.75), slope: -1.5 },
    { loss: 'logistic', z: 0, y: 1, is: Math.LN2, slope: -0.5 },
    { loss: 'logistic', z: Math.log(3), y: 0, is: Math.log(4), slope: 0.75 },
    { loss: 'logistic', z: Math.log(3), y: 1, is: Math.log(4 / 3), slope: -0.25 },
    { loss: 'logistic', z: -800, y: 1, is: 800, slope: -1 },
  ] as const)('are right: $loss at $z for $y', ({ loss, z, y, is, slope }) => {
    const of = exampleLoss({ loss, huberDelta: 1.5 });
    expectClose([of.loss(z, y), of.slope(z, y)], [is, slope], { relative: 1e-14, because: 'f64' });
  });

  it.each(LOSSES)('have the derivative as slope: %s', (loss) => {
    const of = exampleLoss({ loss, huberDelta: 0.75 });
    for (const z of uniforms(1, 50).map((value) => 4 * value)) {
      const numeric = (of.loss(z + 1e-6, 1) - of.loss(z - 1e-6, 1)) / 2e-6;
      expectClose([of.slope(z, 1)], [numeric], { absolute: 1e-6, because: 'a difference over 2e-6 in f64' });
    }
  });
});

describe('published values', () => {
  it('are found for Challenger (Dalal, Fowlkes and Hoadley 1989), by descent and by the oracle', async () => {
    const data = await published('challenger', 'distress');
    const model = await fit(data, { ...CPU, loss: 'logistic', tolerance: 0, epochs: 3000 });
    const of = { because: 'four published decimals', relative: 3e-4 };
    expectClose([...model.weights, model.bias], [-0.2322, 15.0429], of);
    expectClose(reweighted(data, { loss: 'logistic' }), [-0.2322, 15.0429], of);
    expect(await model.score(data)).toBe(20 / 23); // three of the seven flights with distress were warmer than 64.8 °F
  });

  it("are found for stackloss by Huber's loss (Venables and Ripley 2002), by descent and by the oracle", async () => {
    const data = await published('stackloss', 'stack_loss');
    const options = { loss: 'huber', huberDelta: 1.345 * 2.441 } as const;
    const model = await fit(data, { ...CPU, ...options, tolerance: 0, epochs: 5000 });
    const expected = [0.8294, 0.9261, -0.1278, -41.0265];
    const of = { because: 'four published decimals of a scale of four digits', relative: 1e-3 };
    expectClose([...model.weights, model.bias], expected, of);
    expectClose(reweighted(data, options), expected, of);
  });
});

describe('a model without a bias', () => {
  const data = createDataset({
    columns: { x: uniforms(1, 80).map((x) => x + 3), one: new Float64Array(80).fill(1) },
    targets: uniforms(1, 80).map((x, i) => 2 * x + 5 + 0.1 * Math.sin(i)),
  });

  it.each(['streaming', 'moments'] as const)(
    'equals one with a column of ones in its place, by %s',
    async (strategy) => {
      const options = { ...CPU, strategy, fitIntercept: false, tolerance: 0, epochs: 20_000 };
      const model = await fit(data, options);
      const optimum = reweighted(data, { loss: 'squared', fitIntercept: false });
      expect(model.bias).toBe(0);
      expectClose(model.weights, optimum.slice(0, 2), { relative: 1e-8, because: 'f64, and epochs enough' });
    },
  );

  it.each([true, false])('goes the same way by moments and by streaming, standardize %s', async (standardize) => {
    const options = { ...CPU, fitIntercept: false, standardize, epochs: 20, tolerance: 0 };
    const [moments, streaming] = [
      await fit(data, { ...options, strategy: 'moments' }),
      await fit(data, { ...options, strategy: 'streaming' }),
    ];
    const of = { relative: 1e-9, because: 'the same sums in f64 in another order' };
    expectClose(moments.weights, streaming.weights, of);
    expectClose(moments.report.lossHistory, streaming.report.lossHistory, of);
  });

  it('takes no bias to start from', () =>
    expectRefusal(
      () => fit(data, { ...CPU, fitIntercept: false, initialParameters: { weights: [1, 1], bias: 2 } }),
      'INVALID_OPTION',
      'bias 2',
    ));
});

describe('labels', () => {
  const data = (targets: number[], exampleWeights?: number[]) =>
    createDataset({ features: targets.map((_, i) => [i]), targets, ...(exampleWeights && { exampleWeights }) });
  const logistic = { ...CPU, loss: 'logistic' } as const;
  it.each([
    { what: 'a target that is none', of: data([0, 1, 2]), says: '2 in row 2' },
    { what: 'one class', of: data([1, 1, 1]), says: 'only label 1' },
    { what: 'one class that counts', of: data([1, 0, 1], [1, 0, 2]), says: 'only label 1' },
    { what: 'synthetic targets', of: syntheticRegression({ rows: 9, features: 1 }), says: 'row 2' },
  ])('are refused: $what', async ({ of, says }) => {
    await expectRefusal(() => fit(of, logistic), 'INVALID_LABEL', says);
    if (!(of instanceof Dataset)) return;
    await expectRefusal(() => fitMany(of, [{}], logistic), 'INVALID_LABEL', says);
    await expectRefusal(() => lossSurface(of, { points: Float64Array.of(1, 2) }, logistic), 'INVALID_LABEL', says);
  });

  it('are checked in other columns of targets, too', () =>
    expectRefusal(
      () => fitMany(data([0, 1, 1]), [{}, { target: 'more' }], { ...logistic, targets: { more: [0, 1, 3] } }),
      'INVALID_LABEL',
      "3 in row 2 of 'more'",
    ));
});

describe('for another loss than the squared one,', () => {
  const { dataset } = syntheticClassification({ rows: 200, features: 2, seed: 2 });
  it('moments are refused', async () => {
    const options = { ...CPU, loss: 'logistic' } as const;
    await expectRefusal(() => fit(dataset, { ...options, strategy: 'moments' }), 'INVALID_OPTION', "'moments'");
    await expectRefusal(() => fit(momentsOfDataset(dataset), options), 'INVALID_OPTION', "loss 'logistic'");
  });

  it("'auto' streams", async () => {
    const { report } = await fit(dataset, { ...CPU, loss: 'logistic', epochs: 100 });
    expect(report.strategy).toBe('streaming');
  });
});

describe('the rate and its limit', () => {
  const asked = {
    ...resolveOptions({ tolerance: 1e-3, l2: 0.5 }),
    learningRate: 'auto',
    factors: new Float64Array(0),
  } as const;
  it.each([
    ['squared', 2 / (4 + 0.5)],
    ['huber', 2 / (4 + 0.5)],
    ['logistic', 2 / (1 + 0.5)],
  ] as const)('follow from the %s loss', (loss, limit) => {
    expect(limitOf(4, { ...asked, loss })).toBe(limit);
    expect(chooseRate({ ...asked, loss }, { limit, largestSquare: null })).toEqual({
      rate: { learningRate: limit / 2, tolerance: 1e-3 },
      warnings: [],
    });
  });

  it('turn the tolerance off for a rate above the limit, and a warning says what may happen', () => {
    for (const [loss, words] of [
      ['squared', 'training diverges'],
      ['logistic', 'the loss may rise'],
    ] as const) {
      const limit = limitOf(4, { ...asked, loss });
      const request = { ...asked, loss, learningRate: 2 };
      const { rate, warnings } = chooseRate(request, { limit, largestSquare: null });
      expect(rate.tolerance).toBe(0);
      expect(warnings).toMatchObject([{ code: 'LEARNING_RATE_ABOVE_LIMIT' }]);
      expect(warnings[0]?.message).toContain(words);
    }
  });

  it.each(LOSSES)('never let the %s loss rise', async (loss) => {
    const { dataset } = syntheticClassification({ rows: 500, features: 3, seed: 3 });
    const { report } = await fit(dataset, { ...CPU, loss, strategy: 'streaming', tolerance: 0, epochs: 200 });
    report.lossHistory.slice(1).forEach((value, i) => {
      expect(value).toBeLessThanOrEqual((report.lossHistory[i] as number) * (1 + 1e-13)); // the rounding of sums of 500
    });
  });
});

describe('weights of examples', () => {
  const rows = { features: [[1], [2], [4]], targets: [1, 2, 3] };
  it.each([
    { exampleWeights: [1, 2], code: 'SHAPE_MISMATCH', says: '2 example weights' },
    { exampleWeights: [1, -2, 3], code: 'INVALID_OPTION', says: '-2 as the weight of example 1' },
    { exampleWeights: [1, 2, Number.NaN], code: 'INVALID_OPTION', says: 'example 2' },
    { exampleWeights: [1e308, 1e308, 1], code: 'INVALID_OPTION', says: 'whose sum' },
    { exampleWeights: [0, 0, 0], code: 'EMPTY_DATA', says: 'weight 0' },
  ] as const)('are refused: $exampleWeights', ({ exampleWeights, code, says }) =>
    expectRefusal(() => createDataset({ ...rows, exampleWeights }), code, says),
  );

  it('come from a column of a CSV file', async () => {
    const text = 'x,n,y\n1,0,9\n2,1,4\n3,2,6\n';
    const source = csvSource(text, { target: 'y', weights: 'n' });
    expect(await source.columns()).toEqual({ features: ['x'], target: 'y' });
    const model = await fit(source, { ...CPU, tolerance: 0, epochs: 500 });
    expectClose([...model.weights, model.bias], [2, 0], { absolute: 1e-9, because: 'two points on a line, in f64' });
    await expectRefusal(() => csvSource(text, { target: 'y', weights: 'y' }), 'INVALID_OPTION', 'the target');
    await expectRefusal(
      () => csvSource(text, { target: 'y', weights: 'n', features: ['n'] }),
      'INVALID_OPTION',
      'holds the weights',
    );
  });

  it('are refused when all examples of a fold have weight 0', () =>
    expectRefusal(
      () =>
        crossValidate(
          createDataset({ features: [[1], [2], [4], [5]], targets: [1, 2, 3, 4], exampleWeights: [1, 0, 0, 0] }),
          [{}],
          { ...CPU, folds: 4 },
        ),
      'EMPTY_DATA',
      'fold',
    ));
});

describe('a model of labels', () => {
  const parts = { weights: Float64Array.of(2), bias: -1, featureNames: ['x'], targetName: 'y', report: null };
  const model = new LinearModel({ ...parts, loss: 'logistic' });
  it('predicts probabilities, and classes', async () => {
    expectClose(await model.predict([0.5, 1, -800]), [0.5, 1 / (1 + Math.exp(-1)), 0], {
      relative: 1e-15,
      because: 'f64',
    });
    expect([...(await model.predictClass([0.5, 1, -800]))]).toEqual([0, 1, 0]);
    await expectRefusal(() => new LinearModel(parts).predictClass([1]), 'INVALID_OPTION', "'squared'");
    await expectRefusal(() => new LinearModel({ ...parts, loss: 'logistic' }).predict([[1, 2]]), 'SHAPE_MISMATCH');
  });

  it('scores by its accuracy, of examples as they count', async () => {
    const data = { features: [[0], [1], [2], [3]], targets: [0, 0, 1, 1] };
    expect(await model.score(data)).toBe(3 / 4);
    expect(await model.score({ ...data, exampleWeights: [1, 4, 2, 1] })).toBe(1 / 2);
    await expectRefusal(() => model.score({ ...data, targets: [0, 1, 2, 0] }), 'INVALID_LABEL', 'row 2');
  });
});
