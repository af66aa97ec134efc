// What a model keeps of its table, whichever way it was trained.

import { describe, expect, test } from 'vitest';
import { crossValidate } from '../../src/cross-validate.js';
import { csvSource } from '../../src/data/csv.js';
import { fit } from '../../src/fit.js';
import { fitMany } from '../../src/fit-many.js';
import type { LinearModel } from '../../src/model/linear-model.js';
import { solveExact } from '../../src/solve-exact.js';

const CPU = { backend: 'cpu' } as const;

const RENTS =
  'city;area;rent;let\nParis;40,5;1090;yes\nRome;50,5;910;no\nParis;60,5;1490;yes\nOslo;30,5;870;no\nRome;70,5;1310;yes\nOslo;50,5;1270;no\n';

const ofRents = () => csvSource(RENTS, { target: 'rent', categories: ['city'], exclude: ['let'] });
const ofLets = () => csvSource(RENTS, { target: 'let', features: ['area'] });

/** Every way to train a model of the rents. */
const WAYS: readonly (readonly [string, () => Promise<LinearModel | undefined>])[] = [
  ['fit', () => fit(ofRents(), CPU)],
  ['fit by moments', () => fit(ofRents(), { ...CPU, strategy: 'moments' })],
  ['fit by gradient descent', () => fit(ofRents(), { ...CPU, optimizer: 'gradientDescent', epochs: 3 })],
  ['fit with l1', () => fit(ofRents(), { ...CPU, l1: 0.001 })],
  ['solveExact', () => solveExact(ofRents(), CPU)],
  ['solveExact by moments', () => solveExact(ofRents(), { ...CPU, method: 'moments' })],
  ['fitMany by a solver', async () => (await fitMany(ofRents(), [{}, { l2: 0.1 }], CPU))[1]],
  ['fitMany by descent', async () => (await fitMany(ofRents(), [{}, { l2: 0.1 }], { ...CPU, optimizer: 'gradientDescent', epochs: 3 }))[1]], // prettier-ignore
  ['crossValidate', async () => (await crossValidate(ofRents(), [{}], { ...CPU, folds: 2 }))[0]?.models[0]],
];

test.each(WAYS)('%s keeps the encoder and the report of the file', async (_, train) => {
  const model = await train();
  expect(model?.featureNames).toEqual(['city=Paris', 'city=Rome', 'area']);
  expect(model?.encoder?.columns[0]).toMatchObject({ kind: 'category', levels: ['Oslo', 'Paris', 'Rome'] });
  expect(model?.report?.reading).toMatchObject({ delimiter: ';', rowsRead: 6 });
});

const LOGISTIC = { ...CPU, loss: 'logistic', l2: 0.01 } as const;

const CLASSIFIERS: readonly (readonly [string, () => Promise<LinearModel | undefined>])[] = [
  ['fit', () => fit(ofLets(), LOGISTIC)],
  ['fit by gradient descent', () => fit(ofLets(), { ...LOGISTIC, optimizer: 'gradientDescent', epochs: 3 })],
  ['fitMany by a solver', async () => (await fitMany(ofLets(), [{}, { l2: 0.1 }], LOGISTIC))[1]],
  ['fitMany by descent', async () => (await fitMany(ofLets(), [{}, { l2: 0.1 }], { ...LOGISTIC, optimizer: 'nesterov', epochs: 3 }))[1]], // prettier-ignore
];

test.each(CLASSIFIERS)('%s keeps the classes', async (_, train) => {
  const model = await train();
  expect(model?.classes).toEqual(['no', 'yes']);
  expect(await model?.predictClass({ area: 500 })).toEqual(['yes']);
  expect(model?.report?.reading).toMatchObject({ rowsRead: 6 });
});

describe('a summary', () => {
  const plain = { features: [[1], [2], [3], [2.5], [4], [1.5], [5], [3.5]], targets: [0, 0, 1, 0, 1, 1, 1, 0] };
  const unpenalized = { ...CPU, loss: 'logistic' } as const;

  test.each([
    ['words', ['no', 'yes']],
    ['-1 and 1', [-1, 1]],
    ['1 and 2', [1, 2]],
  ])('of labels that are %s is that of 0 and 1', async (_, [zero, one]) => {
    const data = { ...plain, targets: plain.targets.map((target) => (target === 1 ? one : zero)) as string[] };
    const model = await fit(data, unpenalized);
    const expected = await (await fit(plain, unpenalized)).summary(plain);
    expect((await model.summary(data)).rows).toEqual(expected.rows);
  });
});
