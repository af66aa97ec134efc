// Options that carry objects, and what is no object of options at all.

import { describe, expect, it } from 'vitest';
import { crossValidate } from '../src/cross-validate.js';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import { fitSteps } from '../src/fit-steps.js';
import { type FitOptions } from '../src/fitting/fit-options.js';
import { resolveOptions } from '../src/fitting/fit-options.js';
import type { FitWarning } from '../src/descent/report.js';
import { solveExact } from '../src/solve-exact.js';
import { expectRefusal } from './support/refusal.js';

/** As plain JavaScript may pass them. */
const wrong = (options: unknown) => options as FitOptions;
const DATA = { features: [[1], [2], [4], [5]], targets: [1, 2, 3, 5] };

describe('options', () => {
  it.each([
    ['null', null],
    ['string', 'fast'],
    ['number', 3],
    ['array', [1, 2, 3]],
    ['object', new Float32Array(3)],
  ])('are refused when they are of type %s', async (type, options) => {
    const texts = [`options of type ${type}`, 'as in fit({ features, targets }, { epochs: 100 })'];
    await expectRefusal(() => fit(DATA, wrong(options)), 'INVALID_OPTION', ...texts);
    await expectRefusal(() => fitMany(DATA, [{}], wrong(options) as object), 'INVALID_OPTION', ...texts);
    const ofModel = [`options of model 1 of type ${type}`, '{} for the defaults: [{}, { l2: 0.1 }]'];
    await expectRefusal(() => fitMany(DATA, [{}, wrong(options)]), 'INVALID_OPTION', ...ofModel);
    const folds = () => crossValidate(DATA, [{}, wrong(options)], { folds: 2 });
    await expectRefusal(folds, 'INVALID_OPTION', ...ofModel);
    await expectRefusal(() => solveExact(DATA, wrong(options)), 'INVALID_OPTION', ...texts);
  });
});

describe('an option of objects', () => {
  it.each<[string, unknown, string]>([
    ['initialParameters', {}, '{ weights, bias }'],
    ['initialParameters', { weights: 3, bias: 1 }, '{ weights, bias }'],
    ['context', {}, 'createContext'],
    ['context', 'webgpu', 'createContext'],
    ['signal', new AbortController(), 'the signal of an AbortController'],
    ['signal', true, 'the signal of an AbortController'],
    ['onProgress', 'log', 'a function'],
    ['onWarning', {}, 'a function'],
  ])('is checked before training: %s %o', async (name, given, expected) => {
    await expectRefusal(() => resolveOptions(wrong({ [name]: given })), 'INVALID_OPTION', name, expected);
    if (name === 'initialParameters') return;
    await expectRefusal(() => fitMany(DATA, [{}], { [name]: given }), 'INVALID_OPTION', name, expected);
    await expectRefusal(() => crossValidate(DATA, [{}], { folds: 2, [name]: given }), 'INVALID_OPTION', name, expected);
  });

  it('is left out when it is null', async () => {
    const options = { signal: null, context: null, onProgress: null, warmStart: null, initialParameters: null };
    expect((await fit(DATA, wrong({ ...options, backend: 'cpu', epochs: 3 }))).report.epochsRun).toBe(3);
  });
});

describe('onWarning', () => {
  const OVER = { backend: 'cpu', learningRate: 9, epochs: 3, strategy: 'streaming' } as const;

  /** What is heard, in its order: codes of warnings, and epochs. */
  function listener() {
    const heard: (string | number)[] = [];
    const onWarning = ({ code }: FitWarning) => void heard.push(code);
    return { heard, onWarning };
  }

  it('hears of a rate over the limit before the first epoch, and at the end that the fit has not converged', async () => {
    const { heard, onWarning } = listener();
    const { report } = await fit(DATA, { ...OVER, onWarning, onProgress: ({ epoch }) => void heard.push(epoch) });
    expect(heard).toEqual(['LEARNING_RATE_ABOVE_LIMIT', 3, 'NOT_CONVERGED']);
    expect(report.warnings.map(({ code }) => code)).toEqual(['LEARNING_RATE_ABOVE_LIMIT', 'NOT_CONVERGED']);
  });

  it('hears of it with the first step', async () => {
    const { heard, onWarning } = listener();
    for await (const { epoch } of fitSteps(DATA, { ...OVER, onWarning })) heard.push(epoch);
    expect(heard).toEqual(['LEARNING_RATE_ABOVE_LIMIT', 1, 2, 3, 'NOT_CONVERGED']);
  });

  it('hears of it before the step that is the first at such a rate', async () => {
    const { heard, onWarning } = listener();
    const steps = fitSteps(DATA, { ...OVER, learningRate: 0.1, onWarning });
    for await (const { epoch } of steps) {
      heard.push(epoch);
      steps.learningRate = 9;
    }
    expect(heard).toEqual([1, 'LEARNING_RATE_ABOVE_LIMIT', 2, 3, 'NOT_CONVERGED']);
  });

  it('hears once of what several models have in common, and of what only one has', async () => {
    const { heard, onWarning } = listener();
    const columns = { x: [1, 2, 4, 5], same: [7, 7, 7, 7] };
    const options = [{}, {}, { learningRate: 0.1 }];
    const onProgress = () => void heard.push('epochs');
    await fitMany({ columns, targets: DATA.targets }, options, { ...OVER, onWarning, onProgress });
    expect(heard.slice(0, 3)).toEqual(['LEARNING_RATE_ABOVE_LIMIT', 'CONSTANT_FEATURE', 'epochs']);
    const last = heard.lastIndexOf('epochs');
    expect(heard.slice(3, last).every((each) => each === 'epochs')).toBe(true);
    expect(new Set(heard.slice(last + 1))).toEqual(new Set(['NOT_CONVERGED'])); // of each model in its numbers
  });

  it('ends the fit when it throws', async () => {
    const onWarning = () => {
      throw new RangeError('not at this rate');
    };
    await expect(fit(DATA, { ...OVER, onWarning })).rejects.toThrow('not at this rate');
  });
});
