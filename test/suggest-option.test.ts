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
import { suggestOptions } from '../src/base/synonyms.js';
import { expectRefusal, refusalOf } from './support/refusal.js';

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
    ['onEpochEnd', 'onProgress'], // tfjs
    ['lr', 'learningRate'],
    ['learnRate', 'learningRate'], // by its letters
  ])('is found: %s means %s', (word, name) => expect(suggestOptions(word, NAMES)).toEqual([name]));

  it('is one that there is', () => {
    expect(suggestOptions('methods', ['l2', 'method'])).toEqual(['method']);
    for (const word of ['max_iter', '__proto__', 'zzzzzz']) expect(suggestOptions(word, ['l2', 'method'])).toEqual([]);
  });

  it('is one of two where a name has two meanings', async () => {
    const data = { features: [[1], [2]], targets: [1, 2] };
    for (const name of ['lambda', 'lamda'])
      await expectRefusal(() => fit(data, { [name]: 3 }), 'UNKNOWN_OPTION', "Did you mean 'l2' or 'learningRate'?");
    await expectRefusal(() => parseCommand(['--lambda', '3']), 'UNKNOWN_OPTION', 'mean --l2 or --learning-rate?');
    await expectRefusal(() => solveExact(data, { lambda: 3 } as object), 'UNKNOWN_OPTION', "Did you mean 'l2'?");
  });

  it('is named by a refusal, and by the command line as its flag', async () => {
    const data = { features: [[1], [2]], targets: [1, 2] };
    await expectRefusal(() => fit(data, { max_iter: 3 } as object), 'UNKNOWN_OPTION', "Did you mean 'epochs'?");
    await expectRefusal(() => parseCommand(['--max-iter', '3']), 'UNKNOWN_OPTION', 'Did you mean --epochs?');
    await expectRefusal(() => parseCommand(['--sample-weight', 'w']), 'UNKNOWN_OPTION', 'mean --weights?');
    await expectRefusal(() => parseCommand(['--csv', 'a.csv']), 'UNKNOWN_OPTION', 'mean --data?');
    await expectRefusal(() => parseCommand(['--labels', 'y']), 'UNKNOWN_OPTION', 'mean --target?');
    await expectRefusal(() => parseCommand(['--zzzzzz', 'y']), 'UNKNOWN_OPTION', 'all. See --help all.');
  });
});

describe('a name of two meanings', () => {
  it.each([
    ['lambda', "Did you mean 'l2' or 'learningRate'?"],
    ['lamda', "Did you mean 'l2' or 'learningRate'?"],
    ['regularization', "Did you mean 'l2' or 'l1'?"],
  ])('has both in its refusal: %s', (word, text) =>
    expectRefusal(() => fit({ features: [[1], [2]], targets: [1, 2] }, { [word]: 1 }), 'UNKNOWN_OPTION', text),
  );

  it('has one where there is one', () =>
    expectRefusal(
      () => solveExact({ features: [[1], [2]], targets: [1, 2] }, { lambda: 1 } as object),
      'UNKNOWN_OPTION',
      "Did you mean 'l2'?",
    ));
});

describe('the value that was meant', () => {
  const data = { features: [[1], [2]], targets: [1, 2] };
  it.each([
    ['loss', 'mse', 'squared'],
    ['loss', 'mean_squared_error', 'squared'],
    ['loss', 'crossentropy', 'logistic'],
    ['loss', 'bce', 'logistic'],
    ['loss', 'Logistic', 'logistic'],
    ['loss', 'sqared', 'squared'],
    ['optimizer', 'Adam', 'adam'],
    ['optimizer', 'L-BFGS-B', 'lbfgs'],
    ['optimizer', 'gradient_descent', 'gradientDescent'],
    ['optimizer', 'newton-cg', 'newton'],
    ['schedule', 'invscaling', 'inverseScaling'],
    ['backend', 'gpu', 'webgpu'],
    ['backend', 'wasm', 'cpu'],
    ['backend', 'WebGPU', 'webgpu'],
    ['storage', 'float16', 'f16'],
    ['batchSize', 'all', 'full'],
  ])('is found: %s %s means %s', async (option, word, value) => {
    await expectRefusal(() => fit(data, { [option]: word }), 'INVALID_OPTION', `Did you mean '${value}'? Leave it out`);
    await expectRefusal(() => parseCommand([`--${option.replace('S', '-s')}`, word]), 'INVALID_OPTION', `Did you mean '${value}'?`); // prettier-ignore
    await fit(data, { [option]: value }).catch((error: unknown) => expect(error).not.toHaveProperty('code', 'INVALID_OPTION')); // prettier-ignore
  });

  it('comes for sgd with the option that it takes', () =>
    expectRefusal(() => fit(data, { optimizer: 'sgd' as never }), 'INVALID_OPTION', "'gradientDescent', which with batchSize is SGD?")); // prettier-ignore

  it.each([
    ['loss', 'constructor'],
    ['loss', 7],
    ['optimizer', ''],
    ['epochs', 'many'],
  ])('is none where nothing is near: %s %s', async (option, word) => {
    const error = await refusalOf(() => fit(data, { [option]: word }));
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.fix).not.toContain('Did you mean');
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
    ['lossSurface', () => lossSurface(DATA, { points: Float64Array.of(1, 2) }, loose({ delta: 1 })), 'huberDelta'],
    ['crossValidate', () => crossValidate(DATA, [{}], loose({ lose: 'huber', folds: 3 })), 'loss'],
    ['summary', async () => (await solveExact(DATA)).summary(DATA, loose({ intercept: false })), 'fitIntercept'],
  ])('is refused by %s, with what was meant', (_, provoke, meant) =>
    expectRefusal(provoke, 'UNKNOWN_OPTION', `Did you mean '${meant}'?`),
  );

  it('comes with the suggestion before the forty names, and without one where nothing is near', async () => {
    const near = await refusalOf(() => fit(DATA, loose({ learnRate: 1 })));
    expect(near.message).toMatch(/^an option named 'learnRate'; expected a known name\. Did you mean 'learningRate'\? Known are loss, /); // prettier-ignore
    for (const name of NAMES) expect(near.fix).toContain(name);
    const far = await refusalOf(() => fit(DATA, loose({ zzzzzz: 1 })));
    expect(far.message).toMatch(/expected a known name\. Known are loss, /);
  });

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
    [null, 'null in place of data'],
    [undefined, 'undefined in place of data'],
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
    await expectRefusal(() => model.predict(given), 'SHAPE_MISMATCH', got.replace('data', 'features'));
  });
});
