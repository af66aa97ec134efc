import { describe, expect, it } from 'vitest';
import { fit } from '../src/fit.js';
import { createDataset } from '../src/dataset.js';
import { parseCommand } from '../src/node/arguments.js';
import { OBJECT_OPTIONS } from '../src/object-options.js';
import { SETTINGS } from '../src/settings.js';
import { suggestOption } from '../src/suggest-option.js';
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
  ])('by %s is %s', (word, name) => expect(suggestOption(word, NAMES)).toBe(name));

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
  ])('by %s is %s', async (word, name) => {
    const data = { features: [[1], [2]], targets: [1, 2], [word]: [1, 1] };
    await expectRefusal(() => createDataset(data), 'UNKNOWN_OPTION', `data with '${word}'`, `mean '${name}'`);
  });
});
