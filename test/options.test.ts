import { describe, expect, it } from 'vitest';
import { type FitOptions } from '../src/fitting/fit-options.js';
import { resolveOptions } from '../src/fitting/fit-options.js';
import { READING } from '../src/options/reading.js';
import { READING_OPTIONS, TABLE_OPTIONS, TEXT_OPTIONS } from '../src/options/reading-names.js';
import { SEED_PROGRAM } from '../src/options/presets.js';
import { chooseOptimizer } from '../src/options/choose-optimizer.js';
import { SETTINGS } from '../src/options/settings.js';
import type { FitSettings } from '../src/options/specs.js';
import { DEFAULTS } from './support/defaults.js';
import { expectRefusal } from './support/refusal.js';

/** Options as plain JavaScript may pass them. */
const wrong = (options: Record<string, unknown>) => options as FitOptions;

it('the names of the options of reading, which load without their descriptions, are all of them in their order', () => {
  expect(READING.map(({ name }) => name)).toEqual(READING_OPTIONS);
  expect(READING_OPTIONS).toEqual([...TEXT_OPTIONS, ...TABLE_OPTIONS]);
});

describe('options that are left out', () => {
  it('take the documented defaults', () => expect(resolveOptions({})).toEqual(DEFAULTS));

  it('take them when they are undefined, as optional arguments passed on are', () => {
    expect(resolveOptions(wrong({ epochs: undefined, seed: undefined }))).toEqual(DEFAULTS);
  });

  it('leave the others as given, false and 0 included', () => {
    const given = { tolerance: 0, standardize: false, seed: 3, l2: 0.5 };
    expect(resolveOptions(given)).toEqual({ ...DEFAULTS, ...given });
  });

  it('do not let object options into the settings', () => {
    const objects = { initialParameters: { weights: [1], bias: 0 }, signal: new AbortController().signal };
    expect(resolveOptions({ ...objects, onProgress: () => undefined })).toEqual(DEFAULTS);
  });
});

describe('presets', () => {
  it('resolve: the seed program is 100 epochs of λ = 1 on the data as they are', () => {
    expect(resolveOptions(SEED_PROGRAM)).toEqual({
      ...DEFAULTS,
      optimizer: 'gradientDescent',
      epochs: 100,
      learningRate: 1,
      tolerance: 0,
      standardize: false,
      strategy: 'streaming',
      kernels: 'auto',
    });
  });
});

describe('the edges of the ranges', () => {
  it.each<FitOptions>([
    { epochs: 1 },
    { epochs: 10_000_000 },
    { learningRate: Number.MIN_VALUE },
    { learningRate: 1e300 },
    { learningRate: 'auto' },
    { batchSize: 1 },
    { batchSize: Number.MAX_SAFE_INTEGER },
    { batchSize: 'full' },
    { tolerance: 0 },
    { tolerance: 1 - 2 ** -53 },
    { patience: 1 },
    { patience: 1_000_000 },
    { seed: 0 },
    { seed: Number.MAX_SAFE_INTEGER },
    { strategy: 'streaming' },
    { strategy: 'moments' },
    { backend: 'webgpu' },
    { backend: 'cpu' },
  ])('are allowed: %o', (options) =>
    expect(resolveOptions(options)).toEqual(
      chooseOptimizer({ ...DEFAULTS, ...options } as FitSettings, 'epochs' in options),
    ),
  );
});

it('a number of epochs asks for gradient descent, also if it is the default', () => {
  expect(resolveOptions({ epochs: 1000 }).optimizer).toBe('gradientDescent');
  expect(resolveOptions({}).optimizer).toBe('auto');
});

describe("optimizer 'auto'", () => {
  it.each<FitOptions>([
    { learningRate: 0.5 },
    { learningRate: () => 0.5 },
    { epochs: 999 },
    { batchSize: 8 },
    { schedule: 'cosine' },
    { warmupEpochs: 3 },
    { average: true },
    { patience: 6 },
    { validationFraction: 0.2 },
    { pathEvery: 1 },
    { kernels: 'textbook' },
    { storage: 'f16' },
    { strategy: 'streaming' },
  ])('is gradient descent with %o, which only gradient descent has', (options) => {
    expect(resolveOptions(options).optimizer).toBe('gradientDescent');
  });

  it.each<FitOptions>([
    {},
    { learningRate: 'auto', batchSize: 'full' },
    { l1: 0.1, l2: 0.1, standardize: false },
    { loss: 'logistic', fitIntercept: false },
    { tolerance: 1e-9, seed: 4 },
    { strategy: 'moments' },
    { backend: 'cpu' },
  ])('is a solver with %o', (options) => expect(resolveOptions(options).optimizer).toBe('auto'));

  it('stays in a complete set of options, as a report has them, and so do the optimizers that are named', () => {
    const complete = { ...resolveOptions({}), learningRate: 1 };
    expect(resolveOptions(complete).optimizer).toBe('auto');
    expect(resolveOptions({ epochs: 5, optimizer: 'adam' }).optimizer).toBe('adam');
  });

  it('may be a solver by name, which refuses the options of gradient descent', async () => {
    for (const optimizer of ['newton', 'lbfgs'] as const) {
      expect(resolveOptions({ optimizer, epochs: 30 }).optimizer).toBe(optimizer);
      for (const options of [{ learningRate: 0.1 }, { batchSize: 8 }, { kernels: 'textbook' }] as const) {
        const [name = ''] = Object.keys(options);
        await expectRefusal(
          () => resolveOptions({ optimizer, ...options }),
          'INVALID_OPTION',
          name,
          `with optimizer '${optimizer}'`,
        );
      }
    }
  });
});

describe('values out of range', () => {
  it.each<[string, unknown, string]>([
    ['epochs', 0, '1 to 10000000'],
    ['epochs', 10_000_001, '1 to 10000000'],
    ['epochs', 1.5, 'whole number'],
    ['epochs', '100', "'100'"],
    ['epochs', 100n, 'whole number'],
    ['epochs', Number.NaN, 'NaN'],
    ['epochs', Infinity, 'Infinity'],
    ['batchSize', 0, "'full', or a whole number from 1"],
    ['batchSize', 2.5, '2.5'],
    ['batchSize', '32', "'32'"],
    ['batchSize', Infinity, 'Infinity'],
    ['shuffle', 0, 'true or false'],
    ['learningRate', 0, 'above 0'],
    ['learningRate', -0.1, '-0.1'],
    ['learningRate', Infinity, 'Infinity'],
    ['learningRate', 'fast', "'fast'"],
    ['tolerance', -1e-9, 'from 0'],
    ['tolerance', 1, 'to below 1'],
    ['tolerance', Number.NaN, 'NaN'],
    ['tolerance', '0', "'0'"],
    ['patience', 0, 'from 1'],
    ['patience', 2.5, '2.5'],
    ['patience', 1_000_001, '1000000'],
    ['standardize', 1, 'true or false'],
    ['standardize', 'no', "'no'"],
    ['seed', -1, 'from 0'],
    ['seed', 2 ** 53, '2^53 - 1'],
    ['seed', 0.5, '0.5'],
    ['strategy', 'fastest', "'auto' or 'streaming'"],
    ['backend', 'gpu', "'auto' or 'webgpu' or 'cpu' or 'reference'"],
    ['backend', {}, 'an object'],
  ])('are refused by name, with what is allowed: %s %o', (name, value, text) =>
    expectRefusal(() => resolveOptions(wrong({ [name]: value })), 'INVALID_OPTION', `${name} `, text, 'default'),
  );
});

describe('an unknown name', () => {
  it('is refused with the nearest name', () =>
    expectRefusal(() => resolveOptions(wrong({ learnRate: 1 })), 'UNKNOWN_OPTION', "'learnRate'", "'learningRate'"));

  it('is refused even when its value is undefined', () =>
    expectRefusal(() => resolveOptions(wrong({ epoch: undefined })), 'UNKNOWN_OPTION', "mean 'epochs'"));

  it('is refused in one line, whatever the name holds', () =>
    expectRefusal(() => resolveOptions(wrong({ 'a\r\nb': 1 })), 'UNKNOWN_OPTION', 'a b'));

  it('is refused before any value is checked', () =>
    expectRefusal(() => resolveOptions(wrong({ epochs: 0, sead: 1 })), 'UNKNOWN_OPTION', "mean 'seed'"));
});

describe('the table of options', () => {
  it('allows every default that it names', () => {
    for (const spec of SETTINGS) expect(spec.allows(spec.default), spec.name).toBe(true);
  });

  it('names each option once, with one sentence', () => {
    expect(SETTINGS.map(({ name }) => name)).toEqual(Object.keys(DEFAULTS));
    for (const { sentence } of SETTINGS) expect(sentence).toMatch(/^[A-Zλδμ][^\n]*\.$/);
  });
});
