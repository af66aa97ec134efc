// Fits on moments that the GPU added up: against streaming and the reference, and what 'auto' makes of a device.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { computeMoments } from '../src/compute-moments.js';
import { collectDataset, Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { type FitData } from '../src/fitting/prepare-data.js';
import { mergeMoments } from '../src/moments/merge.js';
import { Moments } from '../src/moments/moments.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import { csvSource } from '../src/data/csv.js';
import longley from './data/longley.csv?raw';
import { countBuffers } from './support/buffers.js';
import { expectClose } from './support/close.js';
import { covariance, examples, normals, uniforms } from './support/examples.js';
import { withErrorScopes } from './support/gpu.js';
import { openContext, openShared, withContextPerTest } from './support/kernel.js';
import { kelvin, table } from './support/moments-descent.js';
import { expectRefusal } from './support/refusal.js';
import { sourceOf } from './support/source.js';
import { codes } from './support/models.js';
import { onSubmit } from './support/submits.js';

const gpu = withContextPerTest();
afterEach(() => void vi.restoreAllMocks());

async function run(data: FitData, options: FitOptions = {}) {
  const model = await withErrorScopes(gpu.context.device, () => fit(data, { context: gpu.context, ...options }));
  return { parameters: [...model.weights, model.bias], report: model.report };
}

const because = 'sums of f32 are off by some 1e-7 of their terms, which a condition κ takes times κ²';

/** Parameters by what they do to predictions, and losses by the variance of the targets. */
function expectNear(
  actual: Awaited<ReturnType<typeof run>>,
  expected: Awaited<ReturnType<typeof run>>,
  { columns, targets }: Dataset,
  tolerance: number,
) {
  const spread = Math.sqrt(covariance(targets, targets));
  const effects = ({ parameters }: typeof actual) =>
    columns.map((column, j) => ((parameters[j] as number) * Math.sqrt(covariance(column, column))) / spread);
  expectClose(effects(actual), effects(expected), { absolute: tolerance, because });
  const losses = ({ report }: typeof actual) => report.lossHistory.map((loss) => loss / spread ** 2);
  expectClose(losses(actual), losses(expected), { absolute: tolerance, relative: tolerance, because });
}

describe('a fit on moments from the GPU', () => {
  const OPTIONS = { epochs: 80, tolerance: 0, seed: 3 };

  it.each([
    { what: '300 × 3', dataset: examples(5, 300, 3), tolerance: 1e-6 },
    { what: '70,001 × 8', dataset: examples(6, 70_001, 8), tolerance: 1e-6 },
    { what: '2,000 × 20', dataset: examples(7, 2000, 20), tolerance: 1e-6 },
    { what: 'temperatures in kelvin', dataset: kelvin(), tolerance: 1e-6 },
    { what: 'a table of offsets, sizes and a constant', dataset: table(), tolerance: 1e-5 },
  ])('goes the way of the reference and of streaming: $what', async ({ dataset, tolerance }) => {
    for (const options of [OPTIONS, { ...OPTIONS, l1: 0.05, l2: 0.1 }]) {
      const reference = await run(dataset, { ...options, strategy: 'streaming', backend: 'cpu' });
      const streaming = await run(dataset, { ...options, strategy: 'streaming' });
      const moments = await run(dataset, { ...options, strategy: 'moments' });
      expectNear(moments, reference, dataset, tolerance);
      expectNear(moments, streaming, dataset, 2 * tolerance);
      expect(moments.report).toMatchObject({ backend: 'webgpu', strategy: 'moments', kernels: 'moments' });
      expect(moments.report.adapter).toEqual(gpu.context.adapter);
      const limits = [moments, reference].map(({ report }) => report.learningRateLimit as number);
      expectClose([limits[0] as number], [limits[1] as number], { relative: 1e-6, because });
    }
  });

  it('goes the way of the reference without standardizing, too', async () => {
    const dataset = examples(8, 5000, 4);
    const options = { ...OPTIONS, standardize: false };
    const reference = await run(dataset, { ...options, strategy: 'streaming', backend: 'cpu' });
    expectNear(await run(dataset, { ...options, strategy: 'moments' }), reference, dataset, 1e-6);
  });

  it('is the same from a source in batches, from merged halves and from JSON', async () => {
    const dataset = examples(9, 4001, 3);
    const whole = await run(dataset, { ...OPTIONS, strategy: 'moments' });
    const source = sourceOf(dataset, [1000, 1, 2000]);
    expectNear(await run(source, { ...OPTIONS, strategy: 'moments' }), whole, dataset, 1e-6);
    expect(source.passes).toBe(1);
    const half = (from: number, to: number) =>
      computeMoments(
        new Dataset(
          dataset.columns.map((column) => column.slice(from, to)),
          dataset.targets.slice(from, to),
          dataset.featureNames,
          'y',
        ),
        { context: gpu.context },
      );
    const merged = mergeMoments(await half(0, 1234), await half(1234, 4001));
    expectNear(await run(merged, OPTIONS), whole, dataset, 1e-6);
    expect(await run(Moments.fromJSON(JSON.parse(JSON.stringify(merged))), OPTIONS)).toMatchObject({
      parameters: (await run(merged, OPTIONS)).parameters,
    });
  });

  it('gives the same bits in five runs', async () => {
    const dataset = examples(10, 20_011, 3);
    const first = await run(dataset, { strategy: 'moments' });
    for (let time = 1; time < 5; time++) {
      const again = await run(dataset, { strategy: 'moments' });
      expect(again.parameters).toEqual(first.parameters);
      expect(again.report.lossHistory).toEqual(first.report.lossHistory);
    }
  });

  it('frees its buffers, on whichever way it ends', async () => {
    const buffers = countBuffers(gpu.context.device);
    await run(examples(11, 5000, 3), { strategy: 'moments' });
    expect(buffers.made()).toBeGreaterThan(5);
    const reason = new Error('enough');
    const controller = new AbortController();
    onSubmit(gpu.context.device, () => controller.abort(reason));
    const large = run(examples(12, 400_000, 8), { strategy: 'moments', signal: controller.signal });
    await expect(large).rejects.toBe(reason);
    expect(buffers.live()).toBe(0);
  });
});

describe('longley, whose condition number of 110.5 is more than f32 sums allow', () => {
  const data = () => collectDataset(csvSource(longley, { target: 'employed' }));

  it('is streamed by auto, with a warning, and nothing left behind', async () => {
    const buffers = countBuffers(gpu.context.device);
    const { report } = await run(await data(), { epochs: 200 });
    const expected = ['streaming', ['ILL_CONDITIONED', 'NOT_CONVERGED'], 0];
    expect([report.strategy, codes(report), buffers.live()]).toEqual(expected);
    expect(report.warnings[0]?.message).toMatch(/is 11[01]: gradient descent in f32 .* condition number of 100\./);
  });

  it('is taken where moments are asked for, with a warning', async () => {
    const { report } = await run(await data(), { epochs: 200, strategy: 'moments' });
    expect([report.strategy, codes(report)]).toEqual(['moments', ['ILL_CONDITIONED', 'NOT_CONVERGED']]);
    expect(report.warnings[0]?.message).toMatch(/is 11[01]: moments added up in f32 .* condition number of 100\./);
  });
});

describe('features of condition number 300, by conjugate gradient', () => {
  const [a, c, d] = [normals(21, 20_000), normals(22, 20_000), normals(23, 20_000)];
  // Of correlation ρ with a: (1 + ρ)/(1 − ρ) is 300² where the difference has a standard deviation of 2/300.
  const b = normals(24, 20_000).map((value, i) => (a[i] as number) + (2 / 300) * value);
  const noise = normals(25, 20_000);
  const targets = a.map((value, i) => value + 2 * (b[i] as number) - (c[i] as number) + (noise[i] as number) / 3);
  const data = new Dataset([a, b, c, d].map((column) => Float64Array.from(column)), Float64Array.from(targets), ['a', 'b', 'c', 'd'], 'y'); // prettier-ignore
  const CONJUGATE = { optimizer: 'conjugateGradient' } as const;

  it('are taken as moments by auto, whose weights keep more digits, and warned of however they are read', async () => {
    const auto = await run(data, CONJUGATE);
    const streamed = await run(data, { ...CONJUGATE, strategy: 'streaming' });
    expect([auto.report.strategy, streamed.report.strategy]).toEqual(['moments', 'streaming']);
    for (const { report } of [auto, streamed]) expect(codes(report)).toContain('ILL_CONDITIONED');
    const { weights, bias } = await fit(data, { backend: 'cpu' });
    const because = 'κ² times 1e-7 of sums in f32, beside weights of 2';
    expectClose(auto.parameters, [...weights, bias], { absolute: 2e-2, because });
  });

  it('are not warned of with a penalty, which makes them definite', async () => {
    const { report } = await run(data, { ...CONJUGATE, strategy: 'streaming', l2: 0.1 });
    expect(codes(report)).not.toContain('ILL_CONDITIONED');
  });
});

describe("'auto' on a device", () => {
  const DESCENT = { optimizer: 'gradientDescent' } as const;
  const { columns, targets, featureNames } = examples(13, 500, 12);
  const noise = normals(14, 500);
  const noisy = targets.map((target, i) => target + (noise[i] as number));
  const dataset = new Dataset(columns, noisy, featureNames, 'y');

  it('streams what is nearly explained, of whose loss sums in f32 keep too few digits', async () => {
    const nearly = (noise: number) => {
      const [x, e] = [uniforms(1, 3000), normals(2, 3000)];
      return new Dataset([x], x.map((value, i) => value + noise * (e[i] as number)), ['x'], 'y'); // prettier-ignore
    };
    // The variance of x is a third: the limit of 1e-4 of it is noise of 0.0058.
    expect((await run(nearly(0.008), DESCENT)).report.strategy).toBe('moments');
    expect((await run(nearly(0.004), DESCENT)).report).toMatchObject({ strategy: 'streaming', warnings: [] });
  });

  it('takes moments, and streaming for few epochs', async () => {
    expect((await run(dataset, DESCENT)).report).toMatchObject({ strategy: 'moments', warnings: [] });
    const few = (await run(dataset, { epochs: 12 })).report;
    expect([few.strategy, codes(few)]).toEqual(['streaming', ['NOT_CONVERGED']]);
  });

  it('streams where the products fit no binding, with nothing to warn of', async () => {
    const small = await openShared({ maxStorageBufferBindingSize: 1024 });
    // Four shards, whose partial sums do fit.
    const few = new Dataset(columns.map((column) => column.slice(0, 80)), noisy.slice(0, 80), featureNames, 'y'); // prettier-ignore
    const { report } = await run(few, { ...DESCENT, tolerance: 1e-4, context: small });
    expect(report).toMatchObject({ strategy: 'streaming', warnings: [] });
    await expectRefusal(() => run(few, { context: small, strategy: 'moments' }), 'TOO_LARGE', '13 columns');
    small.dispose();
  });

  it('streams where the compiler refuses the kernel, and says so', async () => {
    gpu.context = await openContext(); // where nothing is compiled yet
    const create = gpu.context.device.createComputePipelineAsync.bind(gpu.context.device);
    vi.spyOn(gpu.context.device, 'createComputePipelineAsync').mockImplementation((descriptor) =>
      descriptor.label === 'moments' ? Promise.reject(new Error('not on this adapter')) : create(descriptor),
    );
    const { report } = await run(dataset, DESCENT);
    expect([report.strategy, codes(report)]).toEqual(['streaming', ['KERNELS_FALLBACK']]);
    await expectRefusal(() => run(dataset, { strategy: 'moments' }), 'SHADER_COMPILATION', 'not on this adapter');
  });
});
