// A model that is loaded for predictions answers as LinearModel does, to the last bit, and refuses what it refuses.

import { describe, expect, it } from 'vitest';
import { atOnce } from '../src/base/turns.js';
import { loadModel } from '../src/load-model.js';
import { LinearModel } from '../src/model/linear-model.js';
import type { ModelJson } from '../src/model/model-format.js';
import { withoutKeys } from '../src/base/without-keys.js';
import { isPlainModel } from '../src/model/plain-model.js';
import { plainFeatures } from '../src/model/plain-features.js';
import { fit } from '../src/fit.js';
import { uniforms } from './support/examples.js';
import { refusalOf } from './support/refusal.js';

const PARTS = { featureNames: ['area', 'rooms'], targetName: 'price', report: null };
const WEIGHTS = Float64Array.of(0.1 + 0.2, -1 / 3);
const NUMBERS = new LinearModel({ ...PARTS, weights: WEIGHTS, bias: Math.PI });
const PROBABILITIES = new LinearModel({ ...PARTS, weights: WEIGHTS, bias: 0.125, loss: 'logistic' });
const WORDS = new LinearModel({ ...PARTS, weights: WEIGHTS, bias: 0.125, loss: 'logistic', classes: ['no', 'yes'] });

const savedOf = (model: LinearModel): unknown => JSON.parse(JSON.stringify(model));

const FLAT = uniforms(3, 40);
/** Features of two columns in every form that predict takes. */
const FORMS: Record<string, object> = {
  'flat f64': Float64Array.from(FLAT),
  'flat f32': Float32Array.from(FLAT),
  'flat numbers': Array.from(FLAT),
  'flat integers': Int16Array.of(1, 2, 3, 4),
  rows: [
    [1, 0.3],
    [2, -0.7],
  ],
  'rows of f32': [Float32Array.of(0.1, 0.2), Float32Array.of(0.3, 0.4)],
  'columns f64': { area: Float64Array.from(FLAT), rooms: Float64Array.from(FLAT).reverse() },
  'columns f32, with another': { other: ['a'], rooms: Float32Array.of(0.1, 0.2), area: Float32Array.of(0.3, 0.4) },
  'columns of both': { area: Float32Array.of(0.1), rooms: [0.7] },
  'columns of integers': { area: [1n, 2n], rooms: [true, false] },
  records: [{ area: 0.1, rooms: 2 }],
  'one record': { area: 0.1, rooms: 2 },
  'no rows': [],
  'no numbers': new Float64Array(0),
};

describe.each([
  ['numbers', NUMBERS],
  ['probabilities', PROBABILITIES],
  ['words', WORDS],
])('a loaded model of %s', (_, whole) => {
  it.each(Object.entries(FORMS))('predicts the same bits for %s', async (_form, features) => {
    const model = await loadModel(savedOf(whole));
    const [expected, found] = [await whole.predict(features), await model.predict(features)];
    expect(found).toEqual(expected); // of the same kind, with the same values
    expect(new Uint8Array(found.buffer)).toEqual(new Uint8Array(expected.buffer));
    if (whole.classes) expect(await model.predictClass(features as never)).toEqual(await whole.predictClass(features as never)); // prettier-ignore
  });

  it('has the same parts', async () => {
    const { weights, bias, featureNames, targetName, loss, classes } = await loadModel(savedOf(whole));
    expect({ weights, bias, featureNames, targetName, loss, classes }).toEqual({
      ...{ weights: whole.weights, bias: whole.bias, featureNames: whole.featureNames },
      ...{ targetName: whole.targetName, loss: whole.loss, classes: whole.classes },
    });
  });

  it.each<[string, unknown]>([
    ['a value too few', [1, 2, 3]],
    ['rows of other lengths', [[1, 2], [3]]],
    ['a missing column', { area: [1] }],
    ['a misspelt column', { area: [1], room: [2] }],
    ['columns of two lengths', { area: [1, 2], rooms: [1] }],
    ['text', [['1', 2]]],
    ['a hole', [1, , 3, 4]],
    ['NaN', [[1, Number.NaN]]],
    ['a sum that overflows', Float64Array.of(1.7e308, -1.7e308, 1e308, 1e308).map((x) => 10 * x)],
    ['null', null],
  ])('refuses in the same words: %s', async (_what, features) => {
    const model = await loadModel(savedOf(whole));
    const expected = await refusalOf(() => whole.predict(features as never));
    expect((await refusalOf(() => model.predict(features as never))).toJSON()).toEqual(expected.toJSON());
  });
});

describe('the short way', () => {
  it('is taken by plain numbers alone', () => {
    const isShort = Object.entries(FORMS).filter(([, features]) => atOnce(plainFeatures(features, PARTS.featureNames)));
    expect(isShort.map(([form]) => form)).toEqual(
      Object.keys(FORMS).filter((form) => !['flat integers', 'columns of integers', 'records', 'one record'].includes(form)),
    ); // prettier-ignore
  });
});

describe('a model of a table', () => {
  it('predicts by its encoder', async () => {
    const table = Array.from({ length: 12 }, (_, i) => ({
      city: ['Oslo', 'Rome'][i % 2],
      area: i,
      rent: 3 * i + (i % 2),
    }));
    const whole = await fit({ table, target: 'rent', categories: ['city'] });
    const model = await loadModel(savedOf(whole));
    const rows = [{ city: 'Rome', area: 5 }];
    expect(whole.encoder).not.toBeNull();
    expect(await model.predict(rows)).toEqual(await whole.predict(rows));
  });
});

describe('what is no model', () => {
  const saved = () => savedOf(WORDS) as ModelJson;
  const sparse = (): unknown => {
    const weights = new Array<number>(2);
    weights[1] = 2;
    return { ...saved(), weights };
  };
  const WRONG: [string, unknown][] = [
    ['null', null],
    ['text', JSON.stringify(saved())],
    ['a list', [saved()]],
    ['another format', { ...saved(), format: 'webgpu-descent/moments' }],
    ['fields that are not its own', Object.create(saved())],
    ['a later version', { ...saved(), version: 4 }],
    ['a key of another', { ...saved(), weight: [1] }],
    ['no bias', { ...saved(), bias: undefined }],
    ['a weight too few', { ...saved(), weights: [1] }],
    ['a weight of text', { ...saved(), weights: [1, '2'] }],
    ['a weight that is left out', sparse()],
    ['a bias of null', { ...saved(), bias: null }],
    ['no names', { ...saved(), featureNames: [], weights: [] }],
    ['a name of a number', { ...saved(), featureNames: ['area', 2] }],
    ['another loss', { ...saved(), loss: 'mse' }],
    ['one class', { ...saved(), classes: ['yes'] }],
    ['the same class twice', { ...saved(), classes: ['yes', 'yes'] }],
    ['a class of null', { ...saved(), classes: ['yes', null] }],
    ['a penalty below 0', { ...saved(), objective: { fitIntercept: true, l1: 0, l2: -1 } }],
    ['an objective too short', { ...saved(), objective: { fitIntercept: true, l1: 0 } }],
    ['an objective too long', { ...saved(), objective: { fitIntercept: true, l1: 0, l2: 0, l3: 0 } }],
    ['an encoder of text', { ...saved(), encoder: 'one-hot' }],
  ];

  it.each(WRONG)('is refused in the words of LinearModel: %s', async (_what, json) => {
    const expected = await refusalOf(() => LinearModel.fromJSON(json));
    expect(expected.code).toBe('INVALID_FILE');
    expect((await refusalOf(() => loadModel(json))).toJSON()).toEqual(expected.toJSON());
    expect(isPlainModel(json)).toBe(false);
  });

  it.each<[string, unknown]>([
    ['as saved', saved()],
    ['of the first version', { ...withoutKeys(saved(), 'loss', 'classes', 'encoder', 'objective'), version: 1 }], // prettier-ignore
    ['with an objective', { ...saved(), objective: { fitIntercept: false, l1: 0, l2: 1 } }],
  ])('is taken by both: %s', (_what, json) => {
    expect(isPlainModel(json)).toBe(true);
    expect(() => LinearModel.fromJSON(json)).not.toThrow();
  });
});
