// Moments from examples: against rational arithmetic, against each other, and what is refused.

import { describe, expect, it } from 'vitest';
import { computeMoments } from '../../src/compute-moments.js';
import { createDataset, Dataset } from '../../src/data/dataset.js';
import { momentsOfColumns, momentsOfDataset } from '../../src/moments/columns.js';
import { csvSource } from '../../src/data/csv.js';
import type { ExampleSource } from '../../src/data/source.js';
import { expectClose } from '../support/close.js';
import { exactMoments } from '../support/exact.js';
import { examples, uniforms } from '../support/examples.js';
import { asExpected, expectMoments, hardColumns, hardTargets, partsOf } from '../support/moments.js';
import { expectRefusal } from '../support/refusal.js';
import { sourceOf } from '../support/source.js';

const NAMES = ['kelvin', 'year', 'tiny', 'large', 'seconds', 'together'];
const hard = (rows: number) => new Dataset(hardColumns(rows), hardTargets(rows), NAMES, 'y');
const because = 'a thousand additions in four sums, and three roundings of each term, of 2^-53 each';

describe('moments of a dataset', () => {
  it('are those found by hand', () => {
    const moments = momentsOfDataset(createDataset({ columns: { a: [1, 2, 6], b: [2, 2, -1] }, targets: [2, 4, 9] }));
    expect(partsOf(moments)).toEqual({
      featureNames: ['a', 'b'],
      targetNames: ['y'],
      count: 3,
      means: Float64Array.of(3, 1),
      targetMeans: Float64Array.of(5),
      scatter: Float64Array.of(14, -9, -9, 6), // deviations (−2, −1, 3) and (1, 1, −2)
      crossScatter: Float64Array.of(19, -12), // with (−3, −1, 4)
      targetScatter: Float64Array.of(26),
      precision: 'f64',
    });
    expect([moments.featureCount, moments.targetCount]).toEqual([2, 1]);
  });

  it.each([1, 2, 3, 4, 5, 63, 64, 255, 256, 257, 515, 1000])('are exact but for rounding: %i examples', (rows) => {
    const dataset = hard(rows);
    const expected = exactMoments([...dataset.columns, dataset.targets]);
    expectMoments(momentsOfDataset(dataset), expected, 3e-14, because);
  });

  it('are those of the f32 values in f32', () => {
    const [columns, targets] = [hardColumns(300).map((c) => Float32Array.from(c)), Float32Array.from(hardTargets(300))];
    const moments = momentsOfDataset(new Dataset(columns, targets, NAMES, 'y'));
    expectMoments(moments, exactMoments([...columns, targets]), 3e-14, because);
  });

  it.each([1, 3, 257])('hold each of several targets: %i examples', (rows) => {
    const [features, targets] = [hardColumns(rows), [hardTargets(rows), uniforms(9, rows), hardColumns(rows)[1]!]];
    const moments = momentsOfColumns({ features, targets, featureNames: NAMES, targetNames: ['y', 'z', 'year'] });
    expectMoments(moments, exactMoments([...features, ...targets]), 3e-14, because);
  });

  it('leave the data alone', () => {
    const dataset = hard(300);
    const weights = uniforms(3, 300).map(Math.abs);
    momentsOfDataset(dataset, weights);
    expect([dataset.columns, dataset.targets]).toEqual([hardColumns(300), hardTargets(300)]);
    expect(weights).toEqual(uniforms(3, 300).map(Math.abs));
  });
});

describe('columns of one value', () => {
  it.each([0, 0.1, -7, 1e300])('have exactly that mean and no scatter: %d', (value) => {
    const same = new Float64Array(99).fill(value);
    const moments = momentsOfDataset(
      createDataset({ columns: { same, x: uniforms(1, 99) }, targets: uniforms(2, 99) }),
    );
    expect(moments.means[0]).toBe(value);
    expect([...moments.scatter.subarray(0, 3), moments.crossScatter[0]]).toEqual([0, 0, 0, 0]);
    expect(moments.scatter[3]).toBeGreaterThan(1);
  });

  it('may differ by a rounding of the value', () => {
    const { scatter } = momentsOfDataset(createDataset({ columns: { x: [1, 1 + 2 ** -52, 1] }, targets: [1, 2, 3] }));
    expect([...scatter]).toEqual([0]);
  });

  it('do not differ by more than some roundings', () => {
    const x = [1, 1 + 2 ** -46, 1];
    const { scatter } = momentsOfDataset(createDataset({ columns: { x }, targets: [1, 2, 3] }));
    expectClose([scatter[0] as number], [(2 / 3) * 2 ** -92], { relative: 2 ** -40, because: 'the roundings of 1' });
  });
});

describe('example weights', () => {
  const dataset = hard(120);
  const weights = Float64Array.from({ length: 120 }, (_, i) => (5 * i + 1) % 4);

  it('count an example of weight k k times, and one of weight 0 not at all', () => {
    const repeat = (column: ArrayLike<number>) =>
      Float64Array.from(
        Array.from(weights).flatMap((weight, i) => new Array<number>(weight).fill(column[i] as number)),
      );
    const repeated = momentsOfDataset(new Dataset(dataset.columns.map(repeat), repeat(dataset.targets), NAMES, 'y'));
    const weighted = momentsOfDataset(dataset, weights);
    expect(weighted.count).toBe(repeated.count);
    expectMoments(weighted, asExpected(repeated), 3e-14, because);
  });

  it('may be any numbers, and need not be an array of floats', () => {
    const shares = uniforms(4, 120).map((value) => 0.3 * (1 + value));
    const expected = exactMoments([...dataset.columns, dataset.targets], shares);
    expectMoments(momentsOfDataset(dataset, shares), expected, 3e-14, because);
    const { scatter } = momentsOfDataset(dataset, [...weights]);
    expect(scatter).toEqual(momentsOfDataset(dataset, weights).scatter);
  });

  it.each([0.1, 2])('leave out, if they are 0, what would make a column of one value vary: %d', (value) => {
    const data = createDataset({ columns: { x: [9, value, value, 5, value] }, targets: [1, 2, 3, 4, 5] });
    const { means, scatter } = momentsOfDataset(data, [0, 1, 1, 0, 1]);
    expect([means[0], scatter[0]]).toEqual([value, 0]);
  });

  it.each([
    { given: [1, 2], code: 'SHAPE_MISMATCH', text: '2 example weights for 3' },
    { given: [1, -2, 3], code: 'INVALID_OPTION', text: '-2 as the weight of example 1' },
    { given: [1, 2, Number.NaN], code: 'INVALID_OPTION', text: 'NaN as the weight of example 2' },
    { given: [Infinity, 2, 1], code: 'INVALID_OPTION', text: 'Infinity as the weight of example 0' },
    { given: [0, 0, 0], code: 'EMPTY_DATA', text: 'weight 0 for all of 3' },
  ] as const)('are refused when they are no weights: $given', ({ given, code, text }) =>
    expectRefusal(() => momentsOfDataset(examples(1, 3, 1), given), code, text),
  );
});

describe('momentsOfColumns', () => {
  const columns = (features: number[][], targets: number[][]) => ({
    features: features.map((column) => Float64Array.from(column)),
    targets: targets.map((column) => Float64Array.from(column)),
    featureNames: features.map((_, j) => `x${j + 1}`),
    targetNames: targets.map((_, k) => `y${k + 1}`),
  });

  it.each([
    { name: 'of other lengths', given: columns([[1, 2], [3]], [[1, 2]]), code: 'SHAPE_MISMATCH', text: "1 value in column 'x2'" }, // prettier-ignore
    { name: 'that are none', given: columns([], [[1, 2]]), code: 'EMPTY_DATA', text: '0 features' },
    { name: 'without a target', given: columns([[1, 2]], []), code: 'EMPTY_DATA', text: '0 targets' },
    { name: 'without rows', given: columns([[]], [[]]), code: 'EMPTY_DATA', text: '0 examples' },
    { name: 'with a NaN', given: columns([[1, 2], [3, Number.NaN]], [[1, 2]]), code: 'NON_FINITE_VALUE', text: "NaN in row 1 of 'x2'" }, // prettier-ignore
    { name: 'with an infinity', given: columns([[1, 2]], [[-Infinity, 2]]), code: 'NON_FINITE_VALUE', text: "-Infinity in row 0 of 'y1'" }, // prettier-ignore
    { name: 'that overflow', given: columns([[1e200, 2]], [[1, 2]]), code: 'NON_FINITE_VALUE', text: "values of 'x1' whose squares" }, // prettier-ignore
    { name: 'whose mean overflows', given: columns([[1, 2]], [[1.7e308, 1.6e308]]), code: 'NON_FINITE_VALUE', text: "values of 'y1' whose squares" }, // prettier-ignore
    { name: 'that underflow', given: columns([[1e-170, 2e-170]], [[1, 2]]), code: 'NON_FINITE_VALUE', text: "values of 'x1' whose squares" }, // prettier-ignore
  ] as const)('refuses $name', ({ given, code, text }) => expectRefusal(() => momentsOfColumns(given), code, text));

  it('refuses columns without a name for each', () => {
    const given = { ...columns([[1, 2]], [[1, 2]]), featureNames: ['a', 'b'] };
    return expectRefusal(() => momentsOfColumns(given), 'SHAPE_MISMATCH', '3 names for 2 columns');
  });
});

describe('moments of a source', () => {
  const collect = (source: ExampleSource, signal?: AbortSignal) =>
    computeMoments(source, { backend: 'cpu', ...(signal && { signal }) });

  it('are those of the whole, in one pass, whatever the batches', async () => {
    const dataset = hard(500);
    const expected = exactMoments([...dataset.columns, dataset.targets]);
    for (const sizes of [[], [1], [0, 3, 64, 0, 257, 1], new Array<number>(499).fill(1)]) {
      const source = sourceOf(dataset, sizes);
      const moments = await collect(source);
      expectMoments(
        moments,
        expected,
        5e-12,
        'the means of seconds are rounded by up to 8e-12 of the spread in a merge',
      );
      expect([moments.featureNames, moments.targetNames, moments.count]).toEqual([NAMES, ['y'], 500]);
      expect(source.passes).toBe(1);
    }
  });

  it('are refused with the row of the whole in which a value is not finite', () => {
    const dataset = hard(20);
    const source = sourceOf(dataset, [7, 9]);
    source.batches = async function* () {
      for (const from of [0, 10]) {
        const features = dataset.columns.map((column) => Float64Array.from(column.subarray(from, from + 10)));
        (features[2] as Float64Array)[3] = from === 0 ? 1 : Number.NaN;
        yield { features, targets: Float64Array.from(dataset.targets.subarray(from, from + 10)) };
      }
    };
    return expectRefusal(() => collect(source), 'NON_FINITE_VALUE', "NaN in row 13 of 'tiny'");
  });

  it('are refused for a source of no rows', () =>
    expectRefusal(() => collect(csvSource('x,y\n', { target: 'y' })), 'EMPTY_DATA'));

  it('stop between two batches when the signal aborts, with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const inner = sourceOf(hard(20), [5, 5, 5]);
    let read = 0;
    const batches = async function* () {
      for await (const batch of inner.batches()) {
        if (++read === 2) controller.abort(reason);
        yield batch;
      }
    };
    const source: ExampleSource = { ...inner, batches };
    await expect(collect(source, controller.signal)).rejects.toBe(reason);
    expect(read).toBe(2);
    await expect(collect(source, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(read).toBe(2);
  });
});
