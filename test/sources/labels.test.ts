// Labels of two classes: 0 and 1, words, numbers, true and false, from a file or in code.

import { describe, expect, test } from 'vitest';
import { csvSource } from '../../src/data/csv.js';
import { crossValidate } from '../../src/cross-validate.js';
import { fit } from '../../src/fit.js';
import { fitMany } from '../../src/fit-many.js';
import { LinearModel } from '../../src/model/linear-model.js';
import { solveExact } from '../../src/solve-exact.js';
import { expectRefusal } from '../support/refusal.js';
import { expectFailure, read } from './read.js';

const X = [1, 2, 3, 2.5, 4, 1.5, 5, 3.5];
const CODES = [0, 0, 1, 0, 1, 1, 1, 0];
const LOGISTIC = { loss: 'logistic', backend: 'cpu', tolerance: 1e-12, epochs: 5000 } as const;

/** The minimum, by Newton steps in f64. */
const WEIGHT = 0.848165045;
const BIAS = -2.367387512;

const csvOf = (labels: readonly unknown[]) =>
  `x,y\n${X.map((x, i) => `${x},${String(labels[CODES[i] as number])}\n`).join('')}`;

function expectMinimum({ weights, bias }: LinearModel, sign = 1): void {
  expect(weights[0]).toBeCloseTo(sign * WEIGHT, 4);
  expect(bias).toBeCloseTo(sign * BIAS, 4);
}

test.each([
  ['yes and no', ['no', 'yes']],
  ['words with capitals', ['No', 'Yes']],
  ['true and false', ['false', 'true']],
  ['-1 and 1', [-1, 1]],
  ['1 and 2', [1, 2]],
  ['0 and 1', [0, 1]],
  ['text', ['ham', 'spam']],
])('%s in a file are classes in order, and the model speaks in them', async (_, classes) => {
  const model = await fit(csvSource(csvOf(classes), { target: 'y' }), LOGISTIC);
  expectMinimum(model);
  expect(model.classes).toEqual(classes);
  const loaded = LinearModel.fromJSON(JSON.parse(JSON.stringify(model)));
  expect(Array.from(await loaded.predictClass([[1], [5]]))).toEqual(classes);
  expect(await loaded.score({ table: X.map((x, i) => ({ x, y: classes[CODES[i] as number] })), target: 'y' })).toBe(
    0.75,
  );
});

test.each([
  ['words', ['no', 'yes']],
  ['true and false', [false, true]],
  ['-1 and 1', [-1, 1]],
  ['1 and 2', [1, 2]],
])('%s in an array are the same', async (_, classes) => {
  const targets = CODES.map((code) => classes[code]) as string[];
  const data = { features: X.map((x) => [x]), targets };
  const model = await fit(data, LOGISTIC);
  expectMinimum(model);
  expect(model.classes).toEqual(classes);
  expect(await model.predictClass([[1], [5]])).toEqual(classes);
  expect(await model.score(data)).toBe(0.75);
  expect(await model.score({ features: [[5], [1]], targets: [targets[2], targets[0]] as string[] })).toBe(1);
  const [first, second] = await fitMany(data, [{}, { target: 'other' }], { ...LOGISTIC, targets: { other: targets } });
  expectMinimum(first as LinearModel);
  expect(second?.classes).toEqual(classes);
  const [validated] = await crossValidate(data, [{}], { ...LOGISTIC, epochs: 3, folds: 2 });
  expect(validated?.models[0]?.classes).toEqual(classes);
});

test('the order may be given, and the other class is then the one that counts as 1', async () => {
  const source = csvSource(csvOf(['no', 'yes']), { target: 'y', classes: ['yes', 'no'] });
  const model = await fit(source, LOGISTIC);
  expectMinimum(model, -1);
  expect(model.classes).toEqual(['yes', 'no']);
});

test('the same number in two spellings is one label', async () => {
  const { targets } = await read('x,y\n1,1\n2,2.0\n3,1.0\n4,2\n', { target: 'y', labels: true });
  expect(targets).toEqual([0, 1, 0, 1]);
});

describe('what is refused', () => {
  const options = { target: 'y', labels: true, name: 'l.csv' };

  test('a third value, with its row, the number of values and what to do', async () => {
    const shown = 'l.csv, row 4, column "y": "c", which is neither "a" nor "b": 4 different values';
    await expectFailure('x,y\n1,a\n2,b\n3,c\n4,d\n', options, 'INVALID_LABEL', shown, 'one model for each class');
    const data = { features: [[1], [2], [3]], targets: ['a', 'b', 'c'] };
    await expectRefusal(() => fit(data, LOGISTIC), 'INVALID_LABEL', `3 different labels in 'y': "a", "b", "c"`);
  });

  test('one class, and a label of no class that was given', async () => {
    await expectFailure('x,y\n1,a\n2,a\n', options, 'INVALID_LABEL', 'row 2, column "y": only the label "a"');
    const classes = ['no', 'yes'];
    const shown = 'row 3, column "y": "maybe", which is neither "no" nor "yes"';
    await expectFailure('x,y\n1,no\n2,maybe\n', { ...options, classes }, 'INVALID_LABEL', shown);
  });

  test('a missing label', async () => {
    await expectFailure('x,y\n1,a\n2,\n3,b\n', options, 'MISSING_VALUE', 'row 3, column "y"');
    expect((await read('x,y\n1,a\n2,\n3,b\n', { ...options, missing: 'drop' })).targets).toEqual([0, 1]);
  });

  test('words for a loss of numbers; true and false are 1 and 0', async () => {
    const data = { features: [[1], [2]], targets: ['no', 'yes'] };
    await expectRefusal(() => fit(data, { backend: 'cpu' }), 'INVALID_LABEL', "loss 'squared'", "loss: 'logistic'");
    await expectRefusal(() => solveExact(data), 'INVALID_LABEL', 'labels such as "no"');
    expect((await solveExact({ ...data, targets: [false, true] })).weights[0]).toBeCloseTo(1, 12);
  });

  test('labels of other types in one list', () =>
    expectRefusal(
      () => fit({ features: [[1], [2]], targets: ['no', 1] } as never, LOGISTIC),
      'INVALID_VALUE',
      'a string, as in row 0',
    ));

  test('a label that the model does not know, when it is scored', async () => {
    const model = await fit(
      { features: X.map((x) => [x]), targets: CODES.map((code) => ['no', 'yes'][code] ?? '') },
      LOGISTIC,
    );
    await expectRefusal(
      () => model.score({ features: [[1]], targets: ['maybe'] }),
      'INVALID_LABEL',
      '"maybe" in row 0',
    );
  });
});

describe('labels that differ by case only', () => {
  const SPELT = 'x,y\n1,Yes\n2,no\n3,YES\n4,No\n2.5,yes\n';

  test('are one where that leaves two, with a word', async () => {
    const model = await fit(csvSource(SPELT, { target: 'y' }), LOGISTIC);
    const plain = await fit(csvSource(SPELT.toLowerCase(), { target: 'y' }), LOGISTIC);
    expect([model.classes, model.bias]).toEqual([['no', 'Yes'], plain.bias]);
    expect([...model.weights]).toEqual([...plain.weights]);
    expect(model.report.reading?.guesses).toEqual([
      'Labels of "y" that differ by case only are one: "YES", "yes" count as "Yes".',
      'Labels of "y" that differ by case only are one: "No" counts as "no".',
    ]);
    expect(await model.score(csvSource('x,y\n1,YES\n9,nO\n', { target: 'y', labels: true }))).toBe(1);
  });

  test('are the same, batch by batch', async () => {
    const { targets } = await read(SPELT, { target: 'y', labels: true });
    expect(targets).toEqual([1, 0, 1, 0, 1]);
  });

  test('are refused where they are all that there is, or more than two are left', async () => {
    const options = { target: 'y', labels: true };
    const ways = ['"yes" beside "Yes"', "classes: ['Yes', 'yes']"];
    await expectFailure('x,y\n1,Yes\n2,yes\n', options, 'INVALID_LABEL', ...ways);
    const three =
      'row 5, column "y": "no", which is neither "Yes" nor "maybe": 3 different values in 4 spellings, "Yes", "maybe", "no"';
    await expectFailure('x,y\n1,Yes\n2,yes\n3,maybe\n4,no\n', options, 'INVALID_LABEL', three);
    const one = await expectFailure('x,y\n1,Yes\n2,yes\n3,YES\n', options, 'INVALID_LABEL', '"yes" and "YES" beside');
    expect(one.message).not.toContain('different values');
    const words = { features: [[1], [2], [3], [4]], targets: ['Yes', 'yes', 'YES', 'no'] };
    const two = '2 different labels in \'y\' in 4 spellings, which differ by case only: "no"';
    await expectRefusal(() => fit(words, LOGISTIC), 'INVALID_LABEL', two, 'Write each label in one way');
    const apart = await read('x,y\n1,Yes\n2,yes\n', { ...options, classes: ['Yes', 'yes'] });
    expect(apart.targets).toEqual([0, 1]);
  });

  test('as levels of a category stay apart, with a word', async () => {
    const text = 'city,y\nParis,3\nparis,5\nRome,7\n';
    const model = await solveExact(csvSource(text, { target: 'y', categories: ['city'] }));
    expect(model.featureNames).toEqual(['city=Rome', 'city=paris']);
    expect(model.report.reading?.guesses).toEqual([
      'Levels of "city" differ by case only and count as different ones: "Paris" and "paris".',
    ]);
  });
});

test('capitals do not change the order of labels, in a file or in code', async () => {
  const targets = ['no', 'Yes', 'no', 'Yes'];
  const inCode = await fit({ features: [[1], [2], [3], [4]], targets }, LOGISTIC);
  const inFile = await fit(
    csvSource(`x,y\n${targets.map((y, i) => `${i},${y}\n`).join('')}`, { target: 'y' }),
    LOGISTIC,
  );
  expect([inCode.classes, inFile.classes]).toEqual([['no', 'Yes'], ['no', 'Yes']]); // prettier-ignore
});

test('words of a table in memory are labels without a word about it', async () => {
  const table = X.map((x, i) => ({ x, y: ['ham', 'spam'][CODES[i] as number] }));
  const model = await fit({ table, target: 'y' }, LOGISTIC);
  expectMinimum(model);
  expect(model.classes).toEqual(['ham', 'spam']);
});
