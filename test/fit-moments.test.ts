// Fits on moments, on the CPU: the trajectory of streaming, from any form of data, and who chooses them when.

import { describe, expect, it } from 'vitest';
import { computeMoments } from '../src/compute-moments.js';
import { createDataset, Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { type FitData } from '../src/fitting/prepare-data.js';
import { momentsOfColumns } from '../src/moments/columns.js';
import { mergeMoments } from '../src/moments/merge.js';
import { Moments } from '../src/moments/moments.js';
import { type FitOptions } from '../src/fitting/fit-options.js';
import { SEED_PROGRAM } from '../src/options/presets.js';
import { prefersMoments } from '../src/fitting/strategy.js';
import { expectClose } from './support/close.js';
import { examples, normals, uniforms } from './support/examples.js';
import { partsOf } from './support/moments.js';
import { published } from './support/published.js';
import { expectRefusal } from './support/refusal.js';
import { sourceOf } from './support/source.js';
import { codes } from './support/models.js';

const DATASET = examples(5, 300, 3);

async function run(data: FitData, options: FitOptions = {}) {
  const model = await fit(data, { backend: 'cpu', ...options });
  return { parameters: [...model.weights, model.bias], report: model.report, model };
}
const DESCENT = { optimizer: 'gradientDescent' } as const;
const because = 'the same sums in f64 in another order';

/** Whether two fits went the same way, parameters and every loss. */
function expectSame(actual: Awaited<ReturnType<typeof run>>, expected: Awaited<ReturnType<typeof run>>, digits = 11) {
  const relative = 10 ** -digits;
  expectClose(actual.parameters, expected.parameters, { relative, absolute: relative, because });
  expectClose(actual.report.lossHistory, expected.report.lossHistory, { relative, because });
  expect(actual.report.stopReason).toBe(expected.report.stopReason);
}

describe('a fit on moments', () => {
  it.each<FitOptions>([
    {},
    { standardize: false },
    { l2: 0.3 },
    { l1: 0.2 },
    { l1: 0.05, l2: 0.1, standardize: false, learningRate: 0.2 },
    { ...SEED_PROGRAM, learningRate: 0.5 },
    { tolerance: 1e-3, patience: 2 },
    { learningRate: 1.7, tolerance: 0 },
    { initialParameters: { weights: [1, -2, 3], bias: 4 } },
  ])('goes the way of streaming with %o', async (options) => {
    const epochs = { epochs: 60, seed: 9 };
    const streaming = await run(DATASET, { ...epochs, ...options, strategy: 'streaming' });
    const moments = await run(DATASET, { ...epochs, ...options, strategy: 'moments' });
    expectSame(moments, streaming);
    expect([streaming.report.strategy, streaming.report.kernels]).toEqual(['streaming', 'wasm']);
    expect([moments.report.strategy, moments.report.kernels]).toEqual(['moments', 'moments']);
    expectClose([moments.report.learningRateLimit as number], [streaming.report.learningRateLimit as number], {
      relative: 1e-10,
      because: 'the same steps of Lanczos on the same matrix',
    });
  });

  it('ends as diverged with the last parameters whose loss is finite, and says so', async () => {
    const { report, parameters } = await run(DATASET, { strategy: 'moments', epochs: 20_000, learningRate: 30 });
    expect([report.stopReason, codes(report)]).toEqual(['diverged', ['LEARNING_RATE_ABOVE_LIMIT', 'DIVERGED']]);
    expect([...parameters, ...report.lossHistory].every(Number.isFinite)).toBe(true);
  });

  it('warns of the same things', async () => {
    const columns = { a: uniforms(1, 2), same: new Float64Array(2).fill(0.1), b: uniforms(2, 2) };
    const data = createDataset({ columns, targets: uniforms(3, 2) });
    const streaming = await run(data, { strategy: 'streaming' });
    const moments = await run(data, { strategy: 'moments', optimizer: 'gradientDescent' });
    expect(codes(streaming.report)).toEqual(['UNDERDETERMINED', 'CONSTANT_FEATURE']);
    expect(codes(moments.report).filter((code) => code !== 'ILL_CONDITIONED')).toEqual(codes(streaming.report));
    expect(moments.model.weights[1]).toBe(0);
  });
});

describe('moments', () => {
  const OPTIONS = { epochs: 50, tolerance: 0 };

  it('stand for their examples any number of times', async () => {
    const moments = await computeMoments(DATASET, { backend: 'cpu' });
    const before = partsOf(moments);
    for (const l2 of [0, 0.5]) {
      const expected = await run(DATASET, { ...OPTIONS, l2, strategy: 'streaming' });
      expectSame(await run(moments, { ...OPTIONS, l2, backend: 'auto' }), expected);
    }
    expect(partsOf(moments)).toEqual(before);
    const { report, model } = await run(moments, { ...OPTIONS, backend: 'auto' });
    expect(report).toMatchObject({ backend: 'cpu', adapter: null, strategy: 'moments', kernels: 'moments' });
    expect([report.exampleCount, report.featureCount, codes(report)]).toEqual([300, 3, []]);
    expect([model.featureNames, model.targetName]).toEqual([['x1', 'x2', 'x3'], 'y']);
  });

  it('stand for a source in batches, after one pass', async () => {
    const source = sourceOf(DATASET, [1, 100, 0, 33]);
    const expected = await run(DATASET, { ...OPTIONS, strategy: 'streaming' });
    expectSame(await run(source, { ...OPTIONS, strategy: 'moments' }), expected);
    expect(source.passes).toBe(1);
    expectSame(await run(await computeMoments(source, { backend: 'cpu' }), OPTIONS), expected);
  });

  it('stand for their examples in two halves, merged, saved and loaded', async () => {
    const half = (from: number, to: number) => {
      const columns = DATASET.columns.map((column) => column.slice(from, to));
      return computeMoments(new Dataset(columns, DATASET.targets.slice(from, to), DATASET.featureNames, 'y'), {
        backend: 'cpu',
      });
    };
    const merged = mergeMoments(await half(0, 111), await half(111, 300));
    const expected = await run(DATASET, { ...OPTIONS, strategy: 'streaming' });
    expectSame(await run(merged, OPTIONS), expected);
    expectSame(await run(Moments.fromJSON(JSON.parse(JSON.stringify(merged))), OPTIONS), expected);
  });

  it('give a fit that reports no bytes read by an epoch', async () => {
    const { report } = await run(DATASET, { ...OPTIONS, strategy: 'moments' });
    expect(report.timings.gigabytesPerSecond).toBeNull();
    expect(report.timings.msPerEpoch).toBe(report.timings.trainMs / 50);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe("strategy 'auto'", () => {
  const SETTINGS = { loss: 'squared', epochs: 1000, batchSize: 'full', kernels: 'auto', storage: 'f32' } as const;
  const size = (exampleCount: number, featureCount: number) => ({ exampleCount, featureCount });

  it.each([
    { what: 'many examples of few features', of: size(1_000_000, 8), is: true },
    { what: 'as many epochs as pay back the pass', of: size(1000, 8), epochs: 12, is: true },
    { what: 'fewer', of: size(1000, 8), epochs: 11, is: false },
    { what: 'as many as that takes for many features', of: size(1000, 100), epochs: 35, is: true },
    { what: 'fewer of those', of: size(1000, 100), epochs: 34, is: false },
    { what: 'the most features', of: size(1000, 512), is: true },
    { what: 'one more', of: size(1000, 513), is: false },
    { what: 'one example more than features', of: size(101, 100), is: true },
    { what: 'as many', of: size(100, 100), is: false },
    { what: 'the textbook kernels asked for', of: size(1000, 8), kernels: 'textbook', is: false },
    { what: 'halves asked for', of: size(1000, 8), storage: 'f16', is: false },
    { what: 'batches', of: size(1000, 8), batchSize: 999, is: false },
    { what: 'another loss', of: size(1000, 8), loss: 'huber', is: false },
  ] as const)('prefers moments for $what: $is', ({ of, is, what, ...asked }) => {
    expect(prefersMoments(of, { ...SETTINGS, ...asked }), what).toBe(is);
  });

  it('takes moments in a fit, and says so', async () => {
    const strategy = async (options: FitOptions) => (await run(DATASET, options)).report.strategy;
    expect(await strategy({ optimizer: 'gradientDescent' })).toBe('moments');
    expect(await strategy({})).toBe('exact'); // nothing descends
    expect(await strategy({ l1: 0.1, strategy: 'moments' })).toBe('moments'); // by coordinates
    expect(await strategy({ epochs: 5 })).toBe('streaming');
    expect(await strategy({ kernels: 'textbook' })).toBe('streaming');
    expect(await strategy({ strategy: 'streaming' })).toBe('streaming');
    expect(await strategy(SEED_PROGRAM)).toBe('streaming');
  });

  it('streams when squares leave f64, which only moments need', async () => {
    const x = uniforms(1, 50).map((u) => 1e-160 * u);
    const data = createDataset({ columns: { x }, targets: uniforms(2, 50) });
    const optimizer = 'gradientDescent';
    expect((await run(data, { optimizer })).report.strategy).toBe('streaming');
    await expectRefusal(() => run(data, { strategy: 'moments', optimizer }), 'NON_FINITE_VALUE', "'x'", '1e-146');
  });
});

describe('features that nearly depend on one another', () => {
  const nearly = (distance: number) => {
    const [a, noise] = [uniforms(1, 200), normals(2, 200)];
    const b = a.map((value, i) => value + distance * (noise[i] as number));
    return createDataset({ columns: { a, b }, targets: normals(3, 200) });
  };

  it('are streamed by auto, with nothing to warn of', async () => {
    for (const [distance, strategy] of [
      [1e-4, 'moments'],
      [1e-7, 'streaming'],
    ] as const) {
      const { report } = await run(nearly(distance), DESCENT);
      expect([report.strategy, codes(report)]).toEqual([strategy, ['NOT_CONVERGED']]); // nor could descent be
    }
  });

  it('are taken where moments are asked for, with a warning', async () => {
    const { report } = await run(nearly(1e-7), { ...DESCENT, strategy: 'moments' });
    expect([report.strategy, codes(report), report.stopReason]).toEqual([
      'moments',
      ['ILL_CONDITIONED', 'NOT_CONVERGED'],
      'plateau',
    ]);
    expect(report.warnings[0]?.message).toMatch(
      /condition number .* is \d+e?\+?\d*: moments added up in f64 .* 1000000\./,
    );
    const same = createDataset({ columns: { a: uniforms(1, 50), b: uniforms(1, 50) }, targets: uniforms(2, 50) });
    const { warnings } = (await run(same, { ...DESCENT, strategy: 'moments' })).report;
    expect(warnings[0]?.message).toMatch(/^Some features are linearly dependent: moments/);
  });

  it('are told by the precision of the sums, in moments alone, too: longley has a condition number of 110.5', async () => {
    const moments = await computeMoments(await published('longley', 'employed'), { backend: 'cpu' });
    expect(codes((await run(moments, DESCENT)).report)).toEqual(['NOT_CONVERGED']);
    const inF32 = new Moments({ ...partsOf(moments), precision: 'f32' });
    const { report } = await run(inF32, DESCENT);
    expect(codes(report)).toEqual(['ILL_CONDITIONED', 'NOT_CONVERGED']);
    expect(report.warnings[0]?.message).toMatch(/is 111: moments added up in f32 give .* condition number of 100\./);
  });
});

describe('a target that is nearly explained', () => {
  const nearly = (noise: number) => {
    const [x, e] = [uniforms(1, 400), normals(2, 400)];
    return createDataset({ columns: { x }, targets: x.map((value, i) => 3 * value + noise * (e[i] as number)) });
  };

  it('is streamed by auto, whose losses have their digits to the end', async () => {
    expect((await run(nearly(1e-3), DESCENT)).report).toMatchObject({ strategy: 'moments', warnings: [] });
    const exact = await run(nearly(1e-8), DESCENT);
    expect(exact.report).toMatchObject({ strategy: 'streaming', warnings: [] });
    const moments = await run(nearly(1e-8), { ...DESCENT, strategy: 'moments' });
    expect(moments.report).toMatchObject({ strategy: 'moments', warnings: [] }); // the weights have theirs
    expectClose(moments.parameters, exact.parameters, { absolute: 1e-6, because: 'both stop at quiet epochs' });
  });
});

describe('before training, a fit', () => {
  const moments = computeMoments(DATASET, { backend: 'cpu' });

  it.each([
    { options: { strategy: 'moments', kernels: 'textbook' }, text: "kernels 'textbook'" },
    { options: { strategy: 'moments', storage: 'f16' }, text: "storage 'f16'" },
  ] as const)('refuses strategy moments with $options', ({ options, text }) =>
    expectRefusal(() => run(DATASET, options), 'INVALID_OPTION', text, "strategy: 'streaming'"),
  );

  it.each([
    { options: { strategy: 'streaming' }, text: "strategy 'streaming'" },
    { options: { backend: 'webgpu' }, text: "backend 'webgpu'" },
    { options: { kernels: 'textbook' }, text: "kernels 'textbook'" },
    { options: { initialParameters: { weights: [1], bias: 0 } }, text: '3 finite weights' },
  ] as const)('refuses moments with $options', async ({ options, text }) => {
    const given = await moments;
    await expectRefusal(() => fit(given, options), 'INVALID_OPTION', text);
  });

  it('refuses moments of several targets', () => {
    const columns = { features: [uniforms(1, 9)], targets: [uniforms(2, 9), uniforms(3, 9)] };
    const two = momentsOfColumns({ ...columns, featureNames: ['x'], targetNames: ['y', 'z'] });
    return expectRefusal(() => fit(two), 'SHAPE_MISMATCH', 'moments of 2 targets');
  });

  it('refuses options that computeMoments does not have, and data that is none', async () => {
    const wrong = (options: object) => () => computeMoments(DATASET, options);
    await expectRefusal(wrong({ epochs: 3 }), 'UNKNOWN_OPTION', "'epochs'", 'backend, context, signal');
    await expectRefusal(wrong({ contekst: undefined }), 'UNKNOWN_OPTION', "mean 'context'");
    await expectRefusal(wrong({ backend: 'gpu' }), 'INVALID_OPTION', "'gpu'");
    for (const data of [null, undefined, 3]) {
      const words = data === 3 ? 'data of type number' : `${data} in place of data`;
      await expectRefusal(() => computeMoments(data as unknown as Dataset), 'SHAPE_MISMATCH', words);
      await expectRefusal(() => fit(data as unknown as Dataset, { strategy: 'moments' }), 'SHAPE_MISMATCH', words);
    }
    await expectRefusal(() => computeMoments({ features: [[1], [NaN]], targets: [1, 2] }), 'NON_FINITE_VALUE', 'row 1');
  });
});
