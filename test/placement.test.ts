// The place where `fit` trains: predictions, and what is asked for by name. test/placement.gpu.test.ts has adapters.

import { describe, expect, it } from 'vitest';
import { computeMoments, fit, fitMany, type FitOptions, fitSteps, solveExact } from '../src/index.js';
import { createDataset } from '../src/data/dataset.js';
import { syntheticRegression } from '../src/data/synthetic.js';
import type { FitReport } from '../src/descent/report.js';
import { descentWork, predictedCpuMs, predictedGpuMs, solverWork } from '../src/fitting/placement.js';
import { resolveOptions } from '../src/fitting/fit-options.js';
import { expectClose } from './support/close.js';
import { examples, withTargets } from './support/examples.js';

const reportOf = async (data: Parameters<typeof fit>[0], options: FitOptions = {}): Promise<FitReport> =>
  (await fit(data, options)).report;

const LABELED = withTargets(
  examples(1, 60, 2),
  Float64Array.from({ length: 60 }, (_, i) => i % 2),
);

describe('predictions', () => {
  const descent = (exampleCount: number, featureCount: number, options: FitOptions = {}) =>
    descentWork({ exampleCount, featureCount }, resolveOptions({ learningRate: 0.1, tolerance: 0, ...options }));

  it('are within three times of what the benchmark measures on two cores', () => {
    const measured: [number, number, number][] = [
      [1_000_000, 2, 0.27],
      [1_000_000, 8, 1],
      [100_000, 64, 0.8],
    ];
    for (const [rows, features, msPerEpoch] of measured) {
      const perEpoch = predictedCpuMs(descent(rows, features, { epochs: 1001 })) - predictedCpuMs(descent(rows, features, { epochs: 1 })); // prettier-ignore
      const ratio = perEpoch / 1000 / msPerEpoch;
      expect([rows, features, ratio < 3 && ratio > 1 / 3]).toEqual([rows, features, true]);
    }
  });

  it('of little work are for the CPU, of much for a GPU', () => {
    const isSoonerOnGpu = (work: ReturnType<typeof descent>) => predictedGpuMs(work) + 100 < predictedCpuMs(work);
    expect(isSoonerOnGpu(descent(100, 2))).toBe(false);
    expect(isSoonerOnGpu(descent(10_000, 2))).toBe(false);
    expect(isSoonerOnGpu(descent(10_000_000, 64, { epochs: 1000 }))).toBe(true);
    const logistic = resolveOptions({ loss: 'logistic' });
    expect(isSoonerOnGpu(solverWork({ exampleCount: 10_000, featureCount: 8 }, logistic))).toBe(false);
    expect(isSoonerOnGpu(solverWork({ exampleCount: 1_000_000, featureCount: 200 }, logistic))).toBe(true);
  });

  it('count the updates of mini-batches', () => {
    const work = descent(1_000_000, 2, { batchSize: 10 });
    expect(work.updatesPerPass).toBe(100_000);
    expect(predictedCpuMs(work)).toBeLessThan(predictedGpuMs(work));
  });

  it('count the epochs of all models, and those that a tolerance leaves', () => {
    const size = { exampleCount: 1000, featureCount: 3 };
    const settings = resolveOptions({ epochs: 5000, tolerance: 0 });
    expect(descentWork(size, settings, 3).passes).toBe(15_000);
    expect(descentWork(size, { ...settings, tolerance: 1e-6 }).passes).toBeLessThan(1000);
  });
});

describe('the report says where a fit ran, and why', () => {
  const [gradient, huber] = [{ epochs: 3 }, { loss: 'huber' } as const];

  it.each([
    [
      'gradient descent',
      () => reportOf(examples(1, 9, 2), gradient),
      /^Predicted to take less than 1 ms on the CPU, .*/,
    ],
    ['least squares', () => reportOf(examples(1, 9, 2)), /^Little data are solved on the CPU at once, in f64\.$/],
    ['a Newton step', () => reportOf(LABELED, { loss: 'logistic', l2: 1 }), /^Little data are solved/],
    ['a robust fit', () => reportOf(examples(1, 90, 2), huber), /^Little data are solved/],
    ['a backend by name', () => reportOf(examples(1, 9, 2), { ...gradient, backend: 'cpu' }), /^Backend 'cpu' was req/],
    ['a solver by name', () => reportOf(examples(1, 9, 2), { backend: 'cpu' }), /^Backend 'cpu' was requested\.$/],
    ['moments', async () => reportOf(await computeMoments(examples(1, 99, 2))), /^Training on moments needs no GPU\.$/],
    ['kernels', () => reportOf(examples(1, 9, 2), { kernels: 'textbook' }), /^WebGPU is unavailable\.$/],
  ])('%s', async (_, report, placement) => {
    expect(await report()).toMatchObject({ backend: 'cpu', placement: expect.stringMatching(placement) as string });
  });

  it('of several models, of steps and of an exact solution', async () => {
    const dataset = examples(1, 30, 2);
    const [first] = await fitMany(dataset, [{ l2: 1 }, { l2: 2 }], gradient);
    expect(first?.report.placement).toMatch(/^Predicted/);
    const steps = fitSteps(dataset, gradient);
    for await (const step of steps) expect(step.epoch).toBeGreaterThan(0);
    expect((await solveExact(dataset)).report.placement).toMatch(/^Little/);
    const wide = syntheticRegression({ rows: 200_000, features: 8, seed: 1 }).dataset;
    expect((await solveExact(wide)).report).toMatchObject({ backend: 'cpu', placement: expect.stringMatching(/^Predicted/) as string }); // prettier-ignore
  });
});

describe("backend 'reference'", () => {
  it('trains by the plain loops in f64, whose check it is', async () => {
    const data = examples(2, 400, 3);
    const options = { epochs: 50, learningRate: 0.5, strategy: 'streaming', seed: 1 } as const;
    const reference = await fit(data, { ...options, backend: 'reference' });
    expect(reference.report).toMatchObject({ backend: 'reference', kernels: 'reference', adapter: null });
    const engine = await fit(data, { ...options, backend: 'cpu' });
    expect(engine.report.kernels).toBe('wasm');
    expectClose(engine.weights, reference.weights, { relative: 1e-9, because: 'both keep little data in f64' });
  });

  it('solves, takes several models and adds up moments too', async () => {
    const data = examples(2, 40, 2);
    expect((await fit(LABELED, { loss: 'logistic', l2: 1, backend: 'reference' })).report).toMatchObject({
      backend: 'reference',
      kernels: 'host',
    });
    const models = await fitMany(data, [{ l2: 1 }, { l2: 2 }], { epochs: 2, backend: 'reference' });
    expect(models.map(({ report }) => report.backend)).toEqual(['reference', 'reference']);
    expect((await computeMoments(data, { backend: 'reference' })).precision).toBe('f64');
  });
});

describe('solvers of many examples', () => {
  const { dataset } = syntheticRegression({ rows: 50_000, features: 6, seed: 3 });
  const labels = createDataset({
    columns: Object.fromEntries(dataset.columns.map((column, j) => [`x${j}`, column])),
    targets: dataset.targets.map((y, i) => Number(y + ((i * 37) % 100) / 50 - 1 > 0)),
  });

  it.each([{}, { optimizer: 'lbfgs' }, { l1: 0.01 }] as const)(
    'run on the CPU engine, and end where the reference does: %o',
    async (options) => {
      const engine = await fit(labels, { loss: 'logistic', ...options });
      const reference = await fit(labels, { loss: 'logistic', ...options, backend: 'reference' });
      expect(engine.report).toMatchObject({ backend: 'cpu', kernels: 'wasm', converged: true });
      expect(reference.report).toMatchObject({ kernels: 'host', converged: true });
      const because = 'Newton ends where rounding does; L-BFGS at a gradient of 1e-6, by another path';
      const relative = 'optimizer' in options ? 1e-5 : 1e-9;
      expectClose([...engine.weights, engine.bias], [...reference.weights, reference.bias], { relative, because });
    },
  );
});
