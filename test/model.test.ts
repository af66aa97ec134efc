import { describe, expect, it } from 'vitest';
import { createDataset } from '../src/data/dataset.js';
import { LinearModel } from '../src/model/linear-model.js';
import { expectClose } from './support/close.js';
import { covariance, examples, uniforms } from './support/examples.js';
import { expectRefusal, refusalOf } from './support/refusal.js';

const modelOf = (weights: number[], bias: number) =>
  new LinearModel({
    weights: Float64Array.from(weights),
    bias,
    featureNames: weights.map((_, j) => `x${j + 1}`),
    targetName: 'y',
    report: null,
  });

/** 2·x1 − 0.5·x2 + 10 */
const MODEL = modelOf([2, -0.5], 10);

describe('predict', () => {
  it('is X·w + b, row by row, in the precision of the features', async () => {
    const expected = [10.75, 3, 110];
    const rows = [0.5, 0.5, -3, 2, 50, 0];
    for (const features of [rows, Float64Array.from(rows)]) {
      expect(await MODEL.predict(features)).toEqual(Float64Array.from(expected));
    }
    expect(await MODEL.predict(Float32Array.from(rows))).toEqual(Float32Array.from(expected));
  });

  it('rounds once for f32: the sum itself is in f64', async () => {
    const model = modelOf([1, 1, 1], 0);
    expect([...(await model.predict(Float32Array.of(2 ** 24, 1, -(2 ** 24))))]).toEqual([1]);
  });

  it('takes a list of rows as it takes a flat list', async () => {
    const flat = await MODEL.predict([1, 2, -3, 4]);
    expect([...(await MODEL.predict([[1, 2], Float32Array.of(-3, 4)]))]).toEqual([...flat]);
    await expectRefusal(
      () => MODEL.predict([[1, 2], [3]]),
      'SHAPE_MISMATCH',
      '1 value in row 1',
      '2 in each row: x1, x2',
    );
    const many = modelOf([...uniforms(1, 4096)], 0);
    const { message } = await refusalOf(() => many.predict([[1]]));
    expect(message).toContain('1 value in row 0; expected 4096 in each row: x1, x2, ');
    expect(message).toContain('x9, x10, … (4096 names)');
  });

  it('gives the same bits row by row as for all rows together', async () => {
    const model = modelOf([...uniforms(3, 5)], 0.3);
    const features = uniforms(4, 5 * 7);
    const together = await model.predict(features);
    for (let i = 0; i < 7; i++) {
      expect([...(await model.predict(features.slice(5 * i, 5 * i + 5)))]).toEqual([together[i]]);
    }
  });

  it('gives no predictions for no rows', async () => {
    expect(await MODEL.predict(new Float32Array(0))).toEqual(new Float32Array(0));
  });

  it('rejects values that are not whole rows, and says of what', () =>
    expectRefusal(
      () => MODEL.predict([1, 2, 3]),
      'SHAPE_MISMATCH',
      '3 feature values in a flat list',
      '2 in each row: x1, x2',
    ));

  it('leaves its input alone', async () => {
    const features = Float64Array.of(1, 2);
    await MODEL.predict(features);
    expect([...features]).toEqual([1, 2]);
  });
});

describe('score', () => {
  it('is 1 for a perfect model and 0 for one that says the mean', async () => {
    const data = { features: [[1, 2], [3, 5], [0, -4]], targets: [11, 13.5, 12] }; // prettier-ignore
    expect(await MODEL.score(data)).toBe(1);
    const mean = (11 + 13.5 + 12) / 3;
    expectClose([await modelOf([0, 0], mean).score(data)], [0], { absolute: 1e-15, because: 'one rounding' });
  });

  it('is 1 − Σ(h − y)²/Σ(y − ȳ)², and below 0 for a model worse than the mean', async () => {
    const targets = [1, 2, 6]; // mean 3, squares about it 4 + 1 + 9
    const score = (bias: number) => modelOf([0], bias).score({ features: [[1], [2], [3]], targets });
    // bias 5: residuals 4, 3, −1, squares 26. bias 4: residuals 3, 2, −2, squares 17.
    const because = 'one division and one subtraction';
    expectClose([await score(5), await score(4)], [1 - 26 / 14, 1 - 17 / 14], { relative: 1e-15, because });
  });

  it('takes a dataset as well as plain arrays, and is blind to offset and size of the targets', async () => {
    const dataset = examples(2, 50, 3);
    const model = modelOf([0.5, 0.2, -0.3], 0.1);
    const score = await model.score(dataset);
    const predictions = await model.predict(
      Array.from({ length: 50 }, (_, i) => dataset.columns.map((column) => column[i] as number)).flat(),
    );
    const residuals = predictions.map((value, i) => value - (dataset.targets[i] as number));
    const squares = residuals.reduce((sum, value) => sum + value * value, 0) / 50;
    const expected = 1 - squares / covariance(dataset.targets, dataset.targets);
    expectClose([score], [expected], { relative: 1e-12, because: 'the same sums of 50, in another order' });
    expect(score).toBeLessThan(1);

    const shifted = createDataset({
      columns: Object.fromEntries(dataset.columns.map((column, j) => [`x${j + 1}`, column])),
      targets: dataset.targets.map((value) => 8 * value + 64),
    });
    const scaled = modelOf([4, 1.6, -2.4], 64.8);
    expectClose([await scaled.score(shifted)], [score], { relative: 1e-11, because: 'the offset costs two digits' });
  });

  it.each([0.1, 3, 1e9 / 3])('is 1 for targets of one value, %d, when all are met, and 0 otherwise', async (value) => {
    // The mean of several 0.1 is not 0.1 in floating point: the spread of the targets is 0 all the same.
    for (const count of [1, 3, 7, 10]) {
      const targets = new Float64Array(count).fill(value);
      const data = { features: uniforms(1, count), targets, featureCount: 1 };
      expect(await modelOf([0], value).score(data)).toBe(1);
      expect(await modelOf([0], value + 1).score(data)).toBe(0);
    }
  });

  it('rejects data of other features', () =>
    expectRefusal(
      () => MODEL.score({ features: [[1, 2, 3]], targets: [1] }),
      'SHAPE_MISMATCH',
      'data of 3 features',
      '2: x1, x2',
    ));

  it('rejects, and does not throw, for data that is wrong', async () => {
    const score = MODEL.score({ features: [[1, Number.NaN]], targets: [1] });
    await expectRefusal(() => score, 'NON_FINITE_VALUE', "row 0 of 'x2'");
  });
});

describe('toJSON', () => {
  it('is plain data that names its format', () => {
    expect(JSON.parse(JSON.stringify(MODEL))).toEqual({
      format: 'webgpu-descent/linear-model',
      version: 3,
      featureNames: ['x1', 'x2'],
      targetName: 'y',
      loss: 'squared',
      weights: [2, -0.5],
      bias: 10,
      classes: null,
      encoder: null,
      objective: null,
    });
  });

  it('brings every number back, bit for bit', () => {
    const numbers = [...uniforms(8, 20).map((value) => value / 3), 5e-324, 1.7976931348623157e308, 0.1 + 0.2];
    const json = JSON.parse(JSON.stringify(modelOf(numbers, Math.PI))) as { weights: number[]; bias: number };
    expect(json.weights).toEqual(numbers);
    expect(json.bias).toBe(Math.PI);
  });

  it('hands out copies', () => {
    MODEL.toJSON().weights[0] = 99;
    MODEL.toJSON().featureNames[0] = 'other';
    expect([MODEL.weights[0], MODEL.featureNames[0]]).toEqual([2, 'x1']);
  });
});
