// Columns in a list, their names, and datasets that came from another thread.

import { describe, expect, it } from 'vitest';
import {
  collectDataset,
  computeMoments,
  createDataset,
  type Dataset,
  type DatasetInput,
  fit,
  fitMany,
  solveExact,
} from '../src/index.js';
import { csvSource } from '../src/data/csv.js';
import { expectRefusal } from './support/refusal.js';

const LIST = { columns: [[1, 2, 3, 5], Float32Array.of(2, 1, 4, 4)], targets: [1, 2, 3, 4], featureNames: ['a', 'b'] };
const NAMED = { columns: { a: [1, 2, 3, 5], b: [2, 1, 4, 4] }, targets: [1, 2, 3, 4] };

describe('columns in a list', () => {
  it('have the names that are given, in every function', async () => {
    expect(createDataset(LIST).featureNames).toEqual(['a', 'b']);
    expect((await fit(LIST)).featureNames).toEqual(['a', 'b']);
    expect((await solveExact(LIST)).featureNames).toEqual(['a', 'b']);
    expect((await computeMoments(LIST)).featureNames).toEqual(['a', 'b']);
    const models = await fitMany(LIST, [{}, { l2: 1 }]);
    expect(models.map(({ featureNames }) => featureNames)).toEqual([['a', 'b'], ['a', 'b']]); // prettier-ignore
    expect(
      await (await fit(NAMED)).score({ ...LIST, featureNames: ['b', 'a'], columns: LIST.columns.toReversed() }),
    ).toBe(await (await fit(NAMED)).score(NAMED));
  });

  it('are x1, x2, … without them', () => {
    expect(createDataset({ ...LIST, featureNames: undefined }).featureNames).toEqual(['x1', 'x2']);
  });

  it.each<[string, object, string, string]>([
    ['a name too few', { featureNames: ['a'] }, 'SHAPE_MISMATCH', '1 feature name for 2 features'],
    ['a name too many', { featureNames: ['a', 'b', 'c'] }, 'SHAPE_MISMATCH', '3 feature names for 2 features'],
    ['a name twice', { featureNames: ['a', 'a'] }, 'INVALID_OPTION', 'different texts'],
    ['no list of names', { featureNames: 'ab' }, 'INVALID_OPTION', 'different texts'],
    ['a column left out', { columns: [[1, 2, 3, 4], , [1, 2, 3, 4]], featureNames: undefined }, 'SHAPE_MISMATCH', "'x2'"],
    ['no column at all', { columns: [], featureNames: [] }, 'EMPTY_DATA', '0 features'],
    ['featureCount', { featureCount: 2 }, 'UNKNOWN_OPTION', "'featureCount'"],
  ])('are refused with %s', (_, change, code, text) =>
    expectRefusal(() => createDataset({ ...LIST, ...change }), code as 'EMPTY_DATA', text),
  ); // prettier-ignore
});

describe('columns by name', () => {
  it('are those that featureNames names, in its order', () => {
    const { columns, featureNames } = createDataset({ ...NAMED, featureNames: ['b'] });
    expect([featureNames, columns]).toEqual([['b'], [Float64Array.of(2, 1, 4, 4)]]);
    expect(createDataset({ ...NAMED, featureNames: ['b', 'a'] }).columns[1]).toEqual(Float64Array.of(1, 2, 3, 5));
  });

  it('are refused without one that it names', async () => {
    const named = { ...NAMED, columns: { area: [1], rooms: [1] }, featureNames: ['aera'], targets: [1] };
    await expectRefusal(() => createDataset(named), 'UNKNOWN_COLUMN', "no column 'aera'", "Did you mean 'area'?");
    const inherited = { ...NAMED, featureNames: ['toString'] };
    await expectRefusal(() => createDataset(inherited), 'UNKNOWN_COLUMN', "'toString'");
  });
});

const partsOf = ({ columns, targets, featureNames, targetName, exampleWeights, origin }: Dataset) => ({
  ...{ columns, targets, featureNames, targetName, exampleWeights },
  origin: origin && { ...origin, encoder: origin.encoder?.toJSON() },
});

describe('a structured clone of a dataset', () => {
  const CSV = 'city,sold,area\nOslo,no,3\nRome,yes,\nOslo,no,5\nParis,yes,8\nRome,no,1\n';
  it.each<[string, () => Dataset | Promise<Dataset>]>([
    ['rows', () => createDataset({ features: [[1, 2], [3, 4]], targets: [1, 2], featureNames: ['a', 'b'], targetName: 'c' })], // prettier-ignore
    ['weighted columns', () => createDataset({ ...NAMED, exampleWeights: [1, 0, 2, 3] })],
    ['labels', () => createDataset({ ...NAMED, targets: ['no', 'yes', 'no', 'yes'] })],
    [
      'a table',
      () => collectDataset(csvSource(CSV, { target: 'sold', labels: true, categories: ['city'], missing: 'mean' })),
    ],
  ])('is the dataset again: of %s', async (_, dataset) => {
    const before = await dataset();
    const after = createDataset(structuredClone(before));
    expect(partsOf(after)).toEqual(partsOf(before));
    expect(after.origin?.encoder?.inputNames).toEqual(before.origin?.encoder?.inputNames);
    expect(after.exampleCount).toBe(before.exampleCount);
  });

  it('trains and scores with its names, categories and classes', async () => {
    const source = () => csvSource(CSV, { target: 'sold', labels: true, categories: ['city'], missing: 'mean' });
    const dataset = await collectDataset(source());
    const options = { loss: 'logistic', l2: 0.1 } as const;
    const [here, there] = [await fit(dataset, options), await fit(structuredClone(dataset), options)];
    expect(there.toJSON()).toEqual(here.toJSON());
    expect(there.classes).toEqual(['no', 'yes']);
    const validated = { validationFraction: 0.4, seed: 1, epochs: 3, ...options };
    expect((await fit(structuredClone(dataset) as DatasetInput, validated)).weights).toEqual((await fit(dataset, validated)).weights); // prettier-ignore
  });

  it('is checked as any other data', async () => {
    const clone = structuredClone(createDataset(NAMED)) as unknown as { columns: number[][] };
    await expectRefusal(() => createDataset({ ...clone, targets: [1, 2] }), 'SHAPE_MISMATCH', '2 targets');
    await expectRefusal(() => createDataset({ ...clone, targets: [1, 2, 3, Number.NaN] }), 'NON_FINITE_VALUE');
    await expectRefusal(() => createDataset({ ...clone, origin: 'file' } as never), 'UNKNOWN_OPTION', "'origin'");
  });
});
