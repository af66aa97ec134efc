import { describe, expect, it } from 'vitest';
import { Dataset } from '../../src/data/dataset.js';
import { momentsOfColumns, momentsOfDataset } from '../../src/moments/columns.js';
import { mergeMoments } from '../../src/moments/merge.js';
import type { Moments } from '../../src/moments/moments.js';
import { exactMoments } from '../support/exact.js';
import { uniforms } from '../support/examples.js';
import { asExpected, expectMoments, hardColumns, hardTargets, partsOf, split } from '../support/moments.js';
import { expectRefusal } from '../support/refusal.js';

const NAMES = ['kelvin', 'year', 'tiny', 'large', 'seconds', 'together'];
const ROWS = 400;
const COLUMNS = [...hardColumns(ROWS), hardTargets(ROWS), uniforms(9, ROWS)];

/** The moments of ragged parts: one example, none of one value, many, few. */
const momentsOfParts = (sizes: number[]): Moments[] =>
  split(COLUMNS, sizes).map((columns) => {
    const given = { features: columns.slice(0, 6), targets: columns.slice(6) };
    return momentsOfColumns({ ...given, featureNames: NAMES, targetNames: ['y', 'z'] });
  });

const because =
  'the means of seconds, 1.7e9, are rounded by 2^-53 of that in every merge: 8e-12 of the spread, and half of that on average';

describe('mergeMoments', () => {
  it.each([
    { sizes: [200] },
    { sizes: [1, 2, 7, 64, 113] },
    { sizes: [399] },
    { sizes: new Array<number>(399).fill(1) },
  ])('gives the moments of the whole from ragged parts: $sizes', ({ sizes }) => {
    const [first, ...others] = momentsOfParts(sizes) as [Moments, ...Moments[]];
    const merged = mergeMoments(first, ...others);
    expect(merged.count).toBe(ROWS);
    expect([merged.featureNames, merged.targetNames]).toEqual([NAMES, ['y', 'z']]);
    expectMoments(merged, exactMoments(COLUMNS), 5e-12, because);
  });

  it('does not depend on the order, but for rounding', () => {
    const all = momentsOfParts([1, 2, 7, 64, 113]);
    const [a, b, c, d, e, f] = all as [Moments, Moments, Moments, Moments, Moments, Moments];
    const expected = asExpected(mergeMoments(a, b, c, d, e, f));
    expectMoments(mergeMoments(f, e, d, c, b, a), expected, 5e-12, because);
    expectMoments(mergeMoments(mergeMoments(c, f, a), mergeMoments(e, mergeMoments(b, d))), expected, 5e-12, because);
  });

  it('takes parts whose means lie far apart', () => {
    const low = uniforms(1, 50);
    const high = uniforms(2, 70).map((value) => 1e6 + value);
    const part = (x: Float64Array) => momentsOfDataset(new Dataset([x], x, ['x'], 'y'));
    const both = Float64Array.from([...low, ...high]);
    expectMoments(
      mergeMoments(part(low), part(high)),
      exactMoments([both, both]),
      1e-14,
      'a merge of a dozen roundings',
    );
  });

  it('counts weights: a part twice is every example of weight 2', () => {
    const [, part] = momentsOfParts([100]) as [Moments, Moments];
    const columns = COLUMNS.map((column) => column.slice(100));
    const expected = exactMoments(columns, new Float64Array(300).fill(2));
    const twice = mergeMoments(part, part);
    expect(twice.count).toBe(600);
    expectMoments(twice, expected, 3e-14, 'as the part itself');
  });

  it('returns one alone as it is, and leaves its parts alone', () => {
    const all = momentsOfParts([1, 200]);
    const copies = momentsOfParts([1, 200]);
    const [a, b, c] = all as [Moments, Moments, Moments];
    expect(partsOf(mergeMoments(a))).toEqual(partsOf(a));
    mergeMoments(a, b, c);
    expect(all.map(partsOf)).toEqual(copies.map(partsOf));
  });

  it('keeps a column of one value, and finds out that two values are two', () => {
    const part = (value: number, seed: number) => {
      const columns = [new Float64Array(30).fill(value), uniforms(seed, 30)];
      return momentsOfDataset(new Dataset(columns, uniforms(seed + 1, 30), ['same', 'x'], 'y'));
    };
    const same = mergeMoments(part(0.1, 1), part(0.1, 3), part(0.1, 5));
    expect([same.means[0], ...same.scatter.subarray(0, 3), same.crossScatter[0]]).toEqual([0.1, 0, 0, 0, 0]);
    expect(mergeMoments(part(2, 1), part(4, 3)).scatter[0]).toBe(60);
  });

  it.each([
    { features: ['a', 'c'], target: 'y', code: 'UNKNOWN_COLUMN', text: "a feature 'c'" },
    { features: ['a', 'B'], target: 'y', code: 'UNKNOWN_COLUMN', text: "Did you mean 'b'?" },
    { features: ['a', 'b'], target: 'z', code: 'UNKNOWN_COLUMN', text: "a target 'z'" },
    { features: ['b', 'a'], target: 'y', code: 'SHAPE_MISMATCH', text: 'a, b, in this order' },
    { features: ['a'], target: 'y', code: 'SHAPE_MISMATCH', text: 'the features a' },
  ] as const)('refuses other columns: $features and $target', ({ features, target, code, text }) => {
    const named = (names: readonly string[], targetName: string) =>
      momentsOfDataset(new Dataset(names.map((_, j) => uniforms(j, 9)), uniforms(8, 9), names, targetName)); // prettier-ignore
    return expectRefusal(() => mergeMoments(named(['a', 'b'], 'y'), named(features, target)), code, text);
  });
});
