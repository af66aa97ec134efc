import { describe, expect, it } from 'vitest';
import { createDataset } from '../src/data/dataset.js';
import { type ManyOptions, type ModelOptions, resolveMany, targetColumns } from '../src/fitting/many-options.js';
import { expectRefusal } from './support/refusal.js';

/** Options as plain JavaScript may pass them. */
const wrong = (options: unknown) => options as ModelOptions[];
const NAMES = ['y', 'price', 'rent'];

describe('the options of several models', () => {
  it('are what each gives, then what holds for all, then the defaults', () => {
    const [first, second] = resolveMany([{ l2: 0.5, epochs: 3 }, { seed: 4 }], { epochs: 7, learningRate: 0.1 }, NAMES);
    expect(first?.settings).toMatchObject({ l2: 0.5, epochs: 3, learningRate: 0.1, seed: 0 });
    expect(second?.settings).toMatchObject({ l2: 0, epochs: 7, learningRate: 0.1, seed: 4 });
  });

  it('may be undefined, as optional arguments passed on are', () => {
    const given = wrong([{ epochs: undefined, l1: undefined }]);
    expect(resolveMany(given, { epochs: 7 }, NAMES)[0]?.settings).toMatchObject({ epochs: 7, l1: 0 });
  });

  it('name their targets', () => {
    const targets = resolveMany([{}, { target: 'rent' }, { target: 'price' }, { target: 'y' }], {}, NAMES);
    expect(targets.map(({ target }) => target)).toEqual([0, 2, 1, 0]);
    expect(resolveMany([{}, { target: 'y' }], { target: 'rent' }, NAMES).map(({ target }) => target)).toEqual([2, 0]);
  });

  it('carry the parameters to start from', () => {
    const own = { weights: [1], bias: 2 };
    const all = { weights: [3], bias: 4 };
    const resolved = resolveMany([{ initialParameters: own }, {}], { initialParameters: all }, NAMES);
    expect(resolved.map(({ initialParameters }) => initialParameters)).toEqual([own, all]);
  });
});

describe('fitMany', () => {
  it.each([[], undefined, null, {}])('refuses a list without models: %o', (options) =>
    expectRefusal(() => resolveMany(wrong(options), {}, NAMES), 'INVALID_OPTION', 'empty list of models', 'fit'),
  );

  it.each<[keyof ManyOptions, ModelOptions, ModelOptions]>([
    ['standardize', { standardize: true }, { standardize: false }],
    ['kernels', {}, { kernels: 'textbook' }],
    ['storage', { storage: 'f16' }, {}],
    ['backend', {}, { backend: 'cpu' }],
    ['strategy', {}, { strategy: 'streaming' }],
  ])('refuses %s that differs', (name, first, second) =>
    expectRefusal(() => resolveMany([{}, first, second], {}, NAMES), 'INVALID_OPTION', name, 'the same value in all'),
  );

  it('refuses moments, which each model could have for itself', () =>
    expectRefusal(
      () => resolveMany([{}], { strategy: 'moments' }, NAMES),
      'INVALID_OPTION',
      'moments',
      'computeMoments',
    ));

  it('takes options that are the same in all models', () => {
    const resolved = resolveMany([{ standardize: false }, {}], { standardize: false }, NAMES);
    expect(resolved.map(({ settings }) => settings.standardize)).toEqual([false, false]);
  });

  it.each(['targets', 'context', 'signal', 'onProgress'])('refuses %s in the options of one model', (name) =>
    expectRefusal(
      () => resolveMany(wrong([{}, { [name]: {} }]), {}, NAMES),
      'INVALID_OPTION',
      `${name} in the options of model 1`,
      'last argument',
    ),
  );

  it('refuses a value out of range, wherever it stands', async () => {
    await expectRefusal(() => resolveMany([{}, { epochs: 0 }], {}, NAMES), 'INVALID_OPTION', 'epochs 0');
    await expectRefusal(() => resolveMany([{}], { epochs: 0 }, NAMES), 'INVALID_OPTION', 'epochs 0');
  });

  it('refuses an unknown name, wherever it stands', async () => {
    await expectRefusal(() => resolveMany(wrong([{ lamda: 1 }]), {}, NAMES), 'UNKNOWN_OPTION', 'lamda');
    const shared = { fold: 1 } as ManyOptions;
    await expectRefusal(() => resolveMany([{}], shared, NAMES), 'UNKNOWN_OPTION', 'fold');
  });

  it('refuses unknown targets, with the nearest name', () =>
    expectRefusal(() => resolveMany([{ target: 'prize' }], {}, NAMES), 'UNKNOWN_COLUMN', "'prize'", "mean 'price'"));
});

describe('columns of targets', () => {
  const dataset = createDataset({ features: [1, 2, 3], targets: [4, 5, 6], featureCount: 1 });

  it('are the own ones, then the given ones, as numbers', () => {
    const columns = targetColumns(dataset, { a: [7, 8, 9], b: new Float32Array([1, 2, 3]) });
    expect(columns.map(({ name, values }) => [name, ...values])).toEqual([
      ['y', 4, 5, 6],
      ['a', 7, 8, 9],
      ['b', 1, 2, 3],
    ]);
    expect(targetColumns(dataset)).toHaveLength(1);
  });

  it('are refused by name when their length differs', () =>
    expectRefusal(() => targetColumns(dataset, { a: [1, 2] }), 'SHAPE_MISMATCH', "2 targets named 'a'", '3 examples'));

  it('are refused when they are not finite, with the place', () =>
    expectRefusal(() => targetColumns(dataset, { a: [1, Number.NaN, 2] }), 'NON_FINITE_VALUE', 'row 1', "'a'"));

  it("are refused under the name of the data's own targets", () =>
    expectRefusal(() => targetColumns(dataset, { y: [1, 2, 3] }), 'INVALID_OPTION', "'y'"));
});
