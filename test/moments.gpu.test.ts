// Moments added up on the GPU, against rational arithmetic and f64, at every size, spread and end of a pass.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { computeMoments } from '../src/compute-moments.js';
import { Dataset } from '../src/data/dataset.js';
import { HARDWARE, SOFTWARE } from '../src/gpu/device/tuning.js';
import { momentsOnDevice } from '../src/gpu/moments/moments.js';
import { momentsOfDataset } from '../src/moments/columns.js';
import { mergeMoments } from '../src/moments/merge.js';
import { Moments } from '../src/moments/moments.js';
import { expectClose } from './support/close.js';
import { exactMoments } from './support/exact.js';
import { uniforms } from './support/examples.js';
import { withErrorScopes } from './support/gpu.js';
import { openTuned, withContext } from './support/kernel.js';
import { asExpected, expectMoments, hardColumns, hardTargets, partsOf, wide } from './support/moments.js';
import { expectRefusal } from './support/refusal.js';
import { sourceOf } from './support/source.js';
import { onSubmit } from './support/submits.js';

const gpu = withContext(openTuned);

afterEach(() => void vi.restoreAllMocks());

const NAMES = ['kelvin', 'year', 'tiny', 'large', 'seconds', 'together'];
const hard = (rows: number) => new Dataset(hardColumns(rows), hardTargets(rows), NAMES, 'y');
const inF32 = ({ columns, targets, featureNames }: Dataset) =>
  new Dataset(
    columns.map((column) => Float32Array.from(column)),
    Float32Array.from(targets),
    featureNames,
    'y',
  );
const add = (dataset: Dataset, on = gpu.context) =>
  withErrorScopes(on.device, () => computeMoments(dataset, { context: on }));

const because = 'a rounding of 2^-24 to centre each number, and some 5e-7 in a sum of f32, of random sign';
const ROUNDING = 1e-6;

describe('moments added up on the GPU', () => {
  it.each([1, 2, 3, 4, 5, 255, 257, 1000])('are exact but for f32, from f64: %i examples', async (rows) => {
    const dataset = hard(rows);
    const moments = await add(dataset);
    expectMoments(moments, exactMoments([...dataset.columns, dataset.targets]), ROUNDING, because);
    expect([moments.featureNames, moments.targetNames]).toEqual([NAMES, ['y']]);
    expect([moments.count, moments.precision]).toEqual([rows, 'f32']);
  });

  it.each([1, 3, 258, 1001])('are exact but for f32, from f32: %i examples', async (rows) => {
    const dataset = inF32(hard(rows));
    expectMoments(await add(dataset), exactMoments([...dataset.columns, dataset.targets]), ROUNDING, because);
  });

  it.each([
    { rows: 100_003, features: 1 },
    { rows: 100_003, features: 8 },
    { rows: 30_001, features: 9 },
    { rows: 20_002, features: 40 },
    { rows: 700, features: 300 },
  ])('are those of f64 over many chunks: $rows × $features', async ({ rows, features }) => {
    const dataset = wide(rows, features);
    const expected = asExpected(momentsOfDataset(dataset));
    const maxStorageBufferBindingSize = features < 100 ? 2 ** 16 : 2 ** 20;
    for (const tuning of [HARDWARE, SOFTWARE]) {
      for (const limits of [{ maxStorageBufferBindingSize }, {}]) {
        const own = await openTuned(limits, tuning);
        expectMoments(await add(dataset, own), expected, ROUNDING, because);
        own.dispose();
      }
    }
  });

  it('have the same bits every time', async () => {
    for (const tuning of [HARDWARE, SOFTWARE]) {
      const own = await openTuned({}, tuning);
      for (const dataset of [wide(100_003, 8), wide(20_002, 40)]) {
        const first = await add(dataset, own);
        for (let time = 0; time < 3; time++) expect(partsOf(await add(dataset, own))).toEqual(partsOf(first));
      }
      own.dispose();
    }
  });

  it('hold each of several targets', async () => {
    const [features, targets] = [hardColumns(500), [hardTargets(500), uniforms(9, 500), hardColumns(500)[1]!]];
    const given = { features, targets, featureNames: NAMES, targetNames: ['y', 'z', 'year'] };
    const moments = await momentsOnDevice(gpu.context, given);
    expectMoments(moments, exactMoments([...features, ...targets]), ROUNDING, because);
  });

  it('have weighted means between two numbers of f32', async () => {
    const column = Float32Array.of(2 ** 24, 2 ** 24 + 202, 2 ** 24 + 404, 2 ** 24); // mean 2^24 + 266.64
    const [targets, exampleWeights] = [Float32Array.of(1, 5, 2, 2), Float32Array.of(4, 1, 16, 4)];
    const given = { features: [column], targets: [targets], featureNames: ['x'], targetNames: ['y'], exampleWeights };
    const moments = await momentsOnDevice(gpu.context, given);
    expectMoments(moments, exactMoments([column, targets], exampleWeights), ROUNDING, because);
  });

  it.each([undefined, 10])('name the row of a weight that is none, counted from %s', (firstRow) => {
    const [x, y] = [uniforms(1, 6), uniforms(2, 6)];
    const exampleWeights = Float64Array.of(1, 2, 0, 1, -1, 1);
    const given = { features: [x], targets: [y], featureNames: ['x'], targetNames: ['y'], exampleWeights };
    const options = firstRow === undefined ? {} : { firstRow };
    const row = firstRow === undefined ? 4 : 14;
    return expectRefusal(
      () => momentsOnDevice(gpu.context, given, options),
      'INVALID_OPTION',
      `-1 as the weight of example ${row}`,
    );
  });

  it('leave the data alone', async () => {
    const dataset = hard(500);
    await add(dataset);
    expect([dataset.columns, dataset.targets]).toEqual([hardColumns(500), hardTargets(500)]);
  });

  it('keep 1e-6 of the terms at ten million examples from 250 to 320', { timeout: 120_000 }, async () => {
    const rows = 10_000_000;
    const column = (step: number) => {
      const values = new Float32Array(rows);
      for (let i = 0, u = step; i < rows; i++, u += step) {
        if (u >= 1) u -= 1;
        values[i] = 250 + 70 * u;
      }
      return values;
    };
    const dataset = new Dataset([column(0.6180339887), column(0.7548776662)], column(0.3247179572), ['a', 'b'], 'y');
    const expected = momentsOfDataset(dataset);
    const actual = await add(dataset); // of which the device has all
    // Σ|a|·|b| of centred columns is under the root of Σa²·Σb², which is what expectMoments measures by.
    expectMoments(actual, asExpected(expected), 1e-6, 'what the library promises');
    const meanErrors = actual.means.map((value, j) => value - (expected.means[j] as number));
    expectClose(meanErrors, new Float64Array(2), { absolute: 1e-6 * 20, because: 'a share of the spread of 20' });
  });
});

describe('the part of the host', () => {
  it('lies between the chunks of the device: every example counts once', async () => {
    const own = await openTuned({ maxStorageBufferBindingSize: 2 ** 12 }, SOFTWARE);
    for (const rows of [100, 113, 114, 228, 229, 341, 342, 343, 1000]) {
      const dataset = wide(rows, 8); // 113 quads to a chunk
      expectMoments(await add(dataset, own), asExpected(momentsOfDataset(dataset)), ROUNDING, because);
    }
    own.dispose();
  });

  it('takes the same power of two as the device, or none', async () => {
    const own = await openTuned({ maxStorageBufferBindingSize: 2 ** 12 }, SOFTWARE);
    const columns = [1e-30, 1e30, 1e100].map((size, j) => uniforms(j, 2000).map((u) => size * (u + 0.2)));
    const dataset = new Dataset(columns, uniforms(9, 2000), ['a', 'b', 'c'], 'y');
    expectMoments(await add(dataset, own), asExpected(momentsOfDataset(dataset)), ROUNDING, because);
    const same = new Dataset([new Float64Array(2000).fill(0.1)], uniforms(9, 2000), ['same'], 'y');
    expect([...(await add(same, own)).scatter]).toEqual([0]);
    own.dispose();
  });
});

describe('columns of any spread', () => {
  const among = (column: Float64Array | Float32Array) =>
    new Dataset([column, uniforms(1, column.length)], uniforms(2, column.length), ['odd', 'x'], 'y');

  it.each([1e-140, 1e-30, 1e-12, 1e12, 1e30, 1e140])('come out right: f64 times %d', async (size) => {
    const dataset = among(uniforms(3, 2000).map((u) => size * (u + 0.3)));
    expectMoments(await add(dataset), asExpected(momentsOfDataset(dataset)), ROUNDING, because);
  });

  it.each([1e-36, 1e-30, 1e30])('come out right: f32 times %d', async (size) => {
    const dataset = among(Float32Array.from(uniforms(3, 2000), (u) => size * (u + 0.3)));
    expectMoments(await add(dataset), asExpected(momentsOfDataset(dataset)), ROUNDING, because);
  });

  it.each([
    { at: 70_001, value: 1e30, Column: Float32Array },
    { at: 70_001, value: -1e200, Column: Float64Array },
  ])('come out right where the sample misses a value of $value', async ({ at, value, Column }) => {
    const column = Column.from(uniforms(3, 100_000));
    column[at] = value;
    const dataset = among(column);
    const passes = onSubmit(gpu.context.device);
    if (Math.abs(value) > 1e153) {
      await expectRefusal(() => add(dataset), 'NON_FINITE_VALUE', "'odd'", '1e153');
    } else {
      expectMoments(await add(dataset), asExpected(momentsOfDataset(dataset)), ROUNDING, because);
    }
    expect(passes()).toBeGreaterThanOrEqual(2);
  });

  it.each([0, 0.1, -7, 1e30])('have exactly the mean and no scatter when they have one value: %d', async (value) => {
    for (const column of [new Float64Array(5000).fill(value), new Float32Array(5000).fill(value)]) {
      const moments = await add(among(column));
      expect(moments.means[0]).toBe(column[0]);
      expect([...moments.scatter.subarray(0, 3), moments.crossScatter[0]]).toEqual([0, 0, 0, 0]);
    }
  });

  it('do not count as of one value when they are zero nearly everywhere', async () => {
    const column = new Float32Array(100_000);
    for (let i = 50; i < column.length; i += 9973) column[i] = 1e-30;
    const dataset = among(column);
    const moments = await add(dataset);
    expect(moments.scatter[0]).toBeGreaterThan(0);
    expectMoments(moments, asExpected(momentsOfDataset(dataset)), ROUNDING, because);
  });

  it.each([1e-160, 1e155])('are refused when f64 cannot square them: times %d', (size) =>
    expectRefusal(() => add(among(uniforms(3, 100).map((u) => size * u))), 'NON_FINITE_VALUE', "'odd'", '1e-146'),
  );

  it('are refused for more products than a binding holds', async () => {
    const small = await openTuned({ maxStorageBufferBindingSize: 2 ** 11 });
    await expectRefusal(() => add(wide(50, 40), small), 'TOO_LARGE', 'moments of 41 columns', '2048 bytes');
    small.dispose();
  });
});

describe('moments of a source on the GPU', () => {
  it('are those of the whole, in one pass, whatever the batches', async () => {
    const dataset = hard(1500);
    const expected = exactMoments([...dataset.columns, dataset.targets]);
    for (const sizes of [[], [1, 2, 3, 700], [0, 64, 0, 1000]]) {
      const source = sourceOf(dataset, sizes);
      const moments = await computeMoments(source, { context: gpu.context });
      expectMoments(moments, expected, ROUNDING, because);
      expect([source.passes, moments.count, moments.precision]).toEqual([1, 1500, 'f32']);
    }
  });

  it('merge with those of the CPU, and say that they are of f32', async () => {
    const [ofGpu, ofCpu] = [await add(hard(300)), momentsOfDataset(hard(300))];
    const merged = mergeMoments(ofCpu, ofGpu);
    expect([merged.count, merged.precision]).toEqual([600, 'f32']);
    expect(Moments.fromJSON(JSON.parse(JSON.stringify(merged))).precision).toBe('f32');
    expectClose(merged.means, ofCpu.means, { relative: 1e-6, because });
  });

  it('name the row of the whole in which a value is not finite', async () => {
    const source = sourceOf(hard(30), [10, 10]);
    const batches = source.batches.bind(source);
    source.batches = async function* () {
      let first = 0;
      for await (const batch of batches()) {
        if (first === 20) (batch.features[2] as Float64Array)[3] = Number.NaN;
        first += batch.targets.length;
        yield batch;
      }
    };
    const submits = onSubmit(gpu.context.device);
    await expectRefusal(
      () => computeMoments(source, { context: gpu.context }),
      'NON_FINITE_VALUE',
      "NaN in row 23 of 'tiny'",
    );
    expect(submits()).toBe(2); // WGSL lets a compiler assume that there is no NaN: no device has seen it
  });
});
