import { describe, expect, it } from 'vitest';
import {
  checkSupport,
  computeMoments,
  createContext,
  createDataset,
  crossValidate,
  fit,
  LinearModel,
  lossSurface,
  SETTINGS,
  solveExact,
  syntheticClassification,
  syntheticRegression,
} from '../src/index.js';
import { parseCommand } from '../src/node/cli/arguments.js';
import { OBJECT_OPTIONS } from '../src/fitting/check-objects.js';
import { csvSource } from '../src/data/csv.js';
import { suggestOption } from '../src/base/synonyms.js';
import { expectRefusal } from './support/refusal.js';

const NAMES = [...SETTINGS.map(({ name }) => name), ...OBJECT_OPTIONS];

describe('the option that was meant', () => {
  it.each([
    ['max_iter', 'epochs'], // scikit-learn
    ['eta0', 'learningRate'],
    ['tol', 'tolerance'],
    ['alpha', 'l2'],
    ['n_iter_no_change', 'patience'],
    ['random_state', 'seed'],
    ['early_stopping', 'validationFraction'],
    ['fit_intercept', 'fitIntercept'],
    ['batch_size', 'batchSize'],
    ['warm_start', 'warmStart'],
    ['validationSplit', 'validationFraction'], // Keras
    ['restore_best_weights', 'restoreBest'],
    ['callbacks', 'onProgress'],
    ['weight_decay', 'l2'], // optax
    ['lr', 'learningRate'],
    ['learnRate', 'learningRate'], // by its letters
    ['__proto__', 'epochs'],
  ])('is found: %s means %s', (word, name) => expect(suggestOption(word, NAMES)).toBe(name));

  it('is one that there is', () => {
    expect(suggestOption('max_iter', ['l2', 'method'])).toBe('method');
    expect(NAMES).toContain(suggestOption('weights', NAMES)); // which is a part of data
  });

  it('is named by a refusal, and by the command line as its flag', async () => {
    const data = { features: [[1], [2]], targets: [1, 2] };
    await expectRefusal(() => fit(data, { max_iter: 3 } as object), 'UNKNOWN_OPTION', "Did you mean 'epochs'?");
    await expectRefusal(() => parseCommand(['--max-iter', '3']), 'UNKNOWN_OPTION', 'Did you mean --epochs?');
    await expectRefusal(() => parseCommand(['--sample-weight', 'w']), 'UNKNOWN_OPTION', '--weights');
  });
});

describe('the part of data that was meant', () => {
  it.each([
    ['sampleWeight', 'exampleWeights'],
    ['exampleWeight', 'exampleWeights'],
    ['X', 'features'],
    ['labels', 'targets'],
    ['feature', 'features'],
    ['featurecount', 'featureCount'],
  ])('is found: %s means %s', async (word, name) => {
    const data = { features: [[1], [2]], targets: [1, 2], [word]: [1, 1] };
    await expectRefusal(() => createDataset(data), 'UNKNOWN_OPTION', `data with '${word}'`, `mean '${name}'`);
  });
});

describe('an unknown name', () => {
  const DATA = { features: [[1], [2], [4]], targets: [1, 2, 4] };
  const loose = (options: object) => options as never;

  it.each<[string, () => unknown, string]>([
    ['csvSource', () => csvSource('x,y', loose({ target: 'y', feature: ['x'] })), 'features'],
    ['syntheticRegression', () => syntheticRegression(loose({ rows: 3, features: 1, noises: 1 })), 'noise'],
    ['syntheticClassification', () => syntheticClassification(loose({ rows: 3, features: 1, bia: 1 })), 'bias'],
    ['checkSupport', () => checkSupport(loose({ timeout: 3 })), 'timeoutMs'],
    ['createContext', () => createContext(loose({ limit: {} })), 'limits'],
    ['computeMoments', () => computeMoments(DATA, loose({ backends: 'cpu' })), 'backend'],
    ['solveExact', () => solveExact(DATA, loose({ alpha: 1 })), 'l2'],
    ['lossSurface', () => lossSurface(DATA, { points: Float64Array.of(1, 2) }, loose({ max_iter: 1 })), 'epochs'],
    ['crossValidate', () => crossValidate(DATA, [{}], loose({ fold: 3, folds: 3 })), 'loss'],
    ['summary', async () => (await solveExact(DATA)).summary(DATA, loose({ intercept: false })), 'fitIntercept'],
  ])('is refused by %s, with what was meant', (_, provoke, meant) =>
    expectRefusal(provoke, 'UNKNOWN_OPTION', `Did you mean '${meant}'?`),
  );

  it('is refused by solveExact, with the reason for l1', () =>
    expectRefusal(() => solveExact(DATA, loose({ l1: 1 })), 'UNKNOWN_OPTION', 'with l1 no equations'));
});

describe('what is no data', () => {
  const model = new LinearModel({
    weights: Float64Array.of(1),
    bias: 0,
    featureNames: ['x'],
    targetName: 'y',
    report: null,
  });

  it.each([
    [null, 'data of type null'],
    [undefined, 'data of type undefined'],
    ['rows', 'string'],
    [3, 'data of type number'],
  ])('is refused before it is looked into: %s', async (data, got) => {
    const given = data as never;
    for (const refuse of [
      () => createDataset(given),
      () => model.score(given),
      () => fit(given),
      () => model.summary(given),
    ])
      await expectRefusal(refuse, 'SHAPE_MISMATCH', got, 'data');
    await expectRefusal(() => model.predict(given), 'SHAPE_MISMATCH', 'features of type');
  });
});
