// Models saved and loaded, to the last bit, and everything else that is refused.

import { describe, expect, it } from 'vitest';
import { withoutKeys } from '../src/base/without-keys.js';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import { LinearModel } from '../src/model/linear-model.js';
import type { ModelJson } from '../src/model/model-format.js';
import { examples, uniforms } from './support/examples.js';
import { expectRefusal } from './support/refusal.js';

const parts = {
  weights: Float64Array.of(0.1 + 0.2, -5e-324, 1.7976931348623157e308, -0),
  bias: Math.PI,
  featureNames: ['x1', '__proto__', 'zwölf "Zoll"', ''],
  targetName: 'constructor',
  report: null,
};
const MODEL = new LinearModel(parts);

/** What a file holds, to be spoilt. */
const saved = () => JSON.parse(JSON.stringify(MODEL)) as ModelJson;

/** What makes two models the same, sign of zero included. */
const partsOf = ({ weights, bias, featureNames, targetName }: LinearModel) => ({
  bits: [...new BigUint64Array(Float64Array.of(...weights, bias).buffer)],
  featureNames,
  targetName,
});

describe('a saved model', () => {
  it('comes back to the last bit; only the sign of a zero is more than JSON holds', () => {
    const loaded = LinearModel.fromJSON(saved());
    expect(loaded).toBeInstanceOf(LinearModel);
    const positiveZero = new LinearModel({ ...parts, weights: parts.weights.map((weight) => weight + 0) });
    expect(partsOf(loaded)).toEqual(partsOf(positiveZero));
    expect(loaded.report).toBeNull();
    expect(loaded.toJSON()).toEqual(positiveZero.toJSON());
  });

  it('predicts and scores what the fitted one does, to the bit', async () => {
    const dataset = examples(4, 40, 3);
    const model = await fit(dataset, { backend: 'cpu', epochs: 20 });
    const loaded = LinearModel.fromJSON(JSON.parse(JSON.stringify(model)));
    const rows = uniforms(7, 30);
    expect(await loaded.predict(rows)).toEqual(await model.predict(rows));
    expect(await loaded.score(dataset)).toBe(await model.score(dataset));
  });

  it('keeps its loss; a file without one is of the squared loss', () => {
    const loaded = LinearModel.fromJSON(new LinearModel({ ...parts, loss: 'logistic' }).toJSON());
    expect(loaded.loss).toBe('logistic');
    const { loss, ...rest } = saved();
    expect([loss, LinearModel.fromJSON(rest).loss]).toEqual(['squared', 'squared']);
  });

  it('may be one of many', async () => {
    const dataset = examples(5, 30, 2);
    const targets = { twice: dataset.targets.map((value) => 2 * value) };
    const models = await fitMany(dataset, [{}, { target: 'twice', l2: 0.1 }], { backend: 'cpu', epochs: 5, targets });
    const text = JSON.stringify(models);
    const loaded = (JSON.parse(text) as unknown[]).map((json) => LinearModel.fromJSON(json));
    expect(loaded.map(partsOf)).toEqual(models.map(partsOf));
    expect(loaded.map(({ targetName }) => targetName)).toEqual(['y', 'twice']);
  });

  it('survives a structured clone, as JSON and as it is, report and all', async () => {
    const model = await fit(examples(6, 30, 2), { backend: 'cpu', epochs: 5 });
    expect(partsOf(LinearModel.fromJSON(structuredClone(model.toJSON())))).toEqual(partsOf(model));
    const clone = structuredClone(model);
    expect(Object.entries(clone)).toEqual(Object.entries(model));
    expect(clone.report).toEqual(model.report);
    expect(clone.weights).toBeInstanceOf(Float64Array);
    const revived = new LinearModel(clone); // a clone has lost its methods, not its parts
    expect(partsOf(revived)).toEqual(partsOf(model));
    expect(await revived.predict([1, 2])).toEqual(await model.predict([1, 2]));
    const read = LinearModel.fromJSON(clone);
    expect(Object.entries(read)).toEqual(Object.entries(model));
    expect(read.checkpoint()).toEqual(model.checkpoint());
  });

  it('survives it with the encoder of its table and its classes', async () => {
    const table = Array.from({ length: 16 }, (_, i) => ({
      city: i % 3 ? 'Oslo' : 'Rome',
      area: i,
      sold: i % 5 > 1 ? 'no' : 'yes',
    }));
    const model = await fit({ table, target: 'sold', categories: ['city'] }, { loss: 'logistic', l2: 0.1 });
    const read = LinearModel.fromJSON(structuredClone(model));
    expect(read.toJSON()).toEqual(model.toJSON());
    expect(await read.predictClass(table)).toEqual(await model.predictClass(table));
  });
});

describe('what is no saved model', () => {
  it('is refused as what is no object', async () => {
    for (const value of [undefined, null, 3, true, [], '{}', () => 3]) {
      await expectRefusal(() => LinearModel.fromJSON(value), 'INVALID_FILE', 'a model with', 'an object');
    }
  });

  it.each(Object.keys(saved()).filter((key) => !['loss', 'classes', 'encoder', 'objective'].includes(key)))(
    'is refused without %s',
    (key) => {
      const rest = Object.fromEntries(Object.entries(saved()).filter(([name]) => name !== key));
      return expectRefusal(() => LinearModel.fromJSON(rest), 'INVALID_FILE', `no ${key}`);
    },
  );

  it.each<{ change: object; text: string }>([
    { change: { format: 'webgpu-descent/moments' }, text: "format 'webgpu-descent/moments'" },
    { change: { version: 4 }, text: 'version 4; expected 3' },
    { change: { objective: { l1: 0, l2: 0 } }, text: 'no fitIntercept' },
    {
      change: { objective: { fitIntercept: 1, l1: 0, l2: 0 } },
      text: 'number in fitIntercept; expected true or false',
    },
    { change: { objective: { fitIntercept: true, l1: 0, l2: -1 } }, text: '-1 in l2' },
    { change: { version: '1' }, text: "version '1'" },
    { change: { loss: 'absolute' }, text: "'absolute' in loss; expected 'squared' or 'huber' or 'logistic'" },
    { change: { weight: [1] }, text: "a key named 'weight'; expected keys such as 'weights'" },
    { change: { constructor: 1 }, text: "a key named 'constructor'" },
    { change: { toJSON: null }, text: "a key named 'toJSON'" },
    { change: { featureNames: 'x1' }, text: "'x1' in featureNames; expected a list" },
    { change: { featureNames: ['a', 'b', 'c', 4] }, text: '4 in featureNames[3]; expected a name' },
    { change: { featureNames: new Array(4) }, text: 'undefined in featureNames[0]' },
    { change: { featureNames: [], weights: [] }, text: 'no names in featureNames' },
    { change: { targetName: null }, text: 'null in targetName; expected a name' },
    { change: { weights: [1, 2, 3] }, text: '3 numbers in weights; expected 4' },
    { change: { weights: [1, 2, 3, 4, 5] }, text: '5 numbers in weights; expected 4' },
    { change: { weights: { 0: 1, length: 4 } }, text: 'an object in weights; expected a list' },
    { change: { weights: [1, null, 3, 4] }, text: 'null in weights[1]; expected a finite number' },
    { change: { weights: [1, 2, Number.NaN, 4] }, text: 'NaN in weights[2]' },
    { change: { weights: [1, 2, 3, Infinity] }, text: 'Infinity in weights[3]' },
    { change: { weights: [1, 2, 3, '4'] }, text: "'4' in weights[3]" },
    { change: { bias: null }, text: 'null in bias; expected a finite number' },
    { change: { bias: '0' }, text: "'0' in bias" },
    { change: { format: undefined, report: null }, text: "a key named 'report'" },
    { change: { bias: -Infinity }, text: '-Infinity in bias' },
  ])('is refused with $text', ({ change, text }) =>
    expectRefusal(() => LinearModel.fromJSON({ ...saved(), ...change }), 'INVALID_FILE', text),
  );

  it('is refused with __proto__ among the keys, and with fields that are not its own', async () => {
    const text = JSON.stringify(MODEL).replace('{', '{"__proto__":{"version":1},');
    await expectRefusal(() => LinearModel.fromJSON(JSON.parse(text)), 'INVALID_FILE', "a key named '__proto__'");
    await expectRefusal(() => LinearModel.fromJSON(Object.create(saved()) as unknown), 'INVALID_FILE', 'no format');
    expect(Object.prototype).not.toHaveProperty('version');
  });

  it('is refused as a clone that is none', async () => {
    const rest = withoutKeys(saved(), 'format', 'version');
    await expectRefusal(
      () => LinearModel.fromJSON({ ...rest, report: null, weights: [1] }),
      'INVALID_FILE',
      '1 numbers',
    );
    await expectRefusal(() => LinearModel.fromJSON({ report: null }), 'INVALID_FILE', 'no featureNames');
    await expectRefusal(() => LinearModel.fromJSON({ ...rest, report: null, encoder: 3 }), 'INVALID_FILE', 'encoder');
  });

  it('is left as it came', () => {
    const json = Object.freeze(saved());
    Object.freeze(json.weights);
    const loaded = LinearModel.fromJSON(json);
    loaded.weights[0] = 99;
    expect(json.weights[0]).toBe(0.1 + 0.2);
  });
});
