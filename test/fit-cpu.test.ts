// `fit` from end to end on the CPU: the story that the GPU tests repeat on a device.

import { describe, expect, it } from 'vitest';
import { signedUniforms, STREAMS } from '../src/base/random.js';
import { createDataset } from '../src/data/dataset.js';
import type { ExampleSource } from '../src/data/source.js';
import { syntheticRegression } from '../src/data/synthetic.js';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import { SEED_PROGRAM } from '../src/options/presets.js';
import { leastSquares } from '../src/reference/qr.js';
import { solveExact } from '../src/solve-exact.js';
import { expectClose } from './support/close.js';
import { covariance, examples, uniforms } from './support/examples.js';
import { fitCpu, neverRises } from './support/fit-cpu.js';
import { published } from './support/published.js';
import { expectRefusal } from './support/refusal.js';
import { codes } from './support/models.js';

describe('the seed program', () => {
  it('recovers the truth: two features, λ = 1, a hundred epochs', async () => {
    const [rows, noise] = [2000, 0.1];
    const { dataset, weights, bias } = syntheticRegression({ rows, features: 2, noise, seed: 7 });
    const { model, report } = await fitCpu(dataset, { ...SEED_PROGRAM, seed: 7 });
    const because =
      'four standard errors of a weight, σ/√(m/3); after a hundred epochs a slowest share of 2e-18 is left';
    const absolute = (4 * noise) / Math.sqrt(rows / 3);
    expectClose([...model.weights, model.bias], [...weights, bias], { absolute, because });
    const best = leastSquares(dataset);
    const optimum = { relative: 1e-11, because: 'a slowest share of (1 − 1/3)^100 is left of the first error' };
    expectClose([...model.weights, model.bias], [...best.weights, best.bias], { ...optimum, absolute: 1e-14 });
    expect([report.stopReason, report.epochsRun, report.lossHistory.length]).toEqual(['epochs', 100, 100]);
    expect(neverRises(report)).toBe(true);
    const explained = 1 - noise ** 2 / covariance(dataset.targets, dataset.targets);
    expectClose([await model.score(dataset)], [explained], { absolute: 0.01, because: 'noise of 2000 examples' });
  });

  it('starts from weights and bias uniform in [-1, 1) of the seed', async () => {
    const dataset = examples(1, 20, 2);
    const { model } = await fitCpu(dataset, { ...SEED_PROGRAM, seed: 3, epochs: 1, learningRate: 1e-300 });
    expect([...model.weights, model.bias]).toEqual([...signedUniforms(3, STREAMS.initialParameters, 3)]);
  });
});

describe('weights come back in the units of the data', () => {
  const because = 'descent stops when the loss falls by less than 1e-15 of itself: the square of the relative error';
  const EXACT = { epochs: 100_000, tolerance: 1e-15 };

  it('come back so for features of large offsets and very different sizes', async () => {
    const year = uniforms(1, 80).map((value) => 1990 + 20 * value);
    const share = uniforms(2, 80).map((value, i) => 1e-5 * (value + 0.02 * (year[i] as number)));
    const income = uniforms(3, 80).map((value) => 4e6 + 1e6 * value);
    const noise = uniforms(4, 80);
    const targets = noise.map((e, i) => 2 * (year[i] as number) - 3e5 * (share[i] as number) + 1e-5 * (income[i] as number) + e); // prettier-ignore
    const dataset = createDataset({ columns: { year, share, income }, targets });
    const { model } = await fitCpu(dataset, EXACT);
    const best = leastSquares(dataset);
    expectClose([...model.weights, model.bias], [...best.weights, best.bias], { relative: 1e-6, because });
  });

  it('come back as published for stackloss', async () => {
    const { model } = await fitCpu(await published('stackloss', 'stack_loss'), EXACT);
    const exact = [-39.919674420124, 0.715640200485283, 1.29528612438857, -0.152122519148652];
    expectClose([model.bias, ...model.weights], exact, { relative: 1e-5, because });
  });

  it('come back as certified for norris', async () => {
    const { model } = await fitCpu(await published('norris', 'y'), EXACT);
    expectClose([...model.weights, model.bias], [1.00211681802045, -0.262323073774029], { relative: 1e-9, because });
  });
});

describe('warnings', () => {
  it.each([
    { m: 2, d: 3, warned: true },
    { m: 3, d: 3, warned: true },
    { m: 4, d: 3, warned: false },
  ])('name UNDERDETERMINED for $m examples of $d features: $warned', async ({ m, d, warned }) => {
    const { report } = await fitCpu(examples(m, m, d));
    expect(codes(report)).toEqual(warned ? ['UNDERDETERMINED'] : []);
    if (warned) expect(report.warnings[0]?.message).toContain(`${m} examples for ${d + 1} parameters`);
  });

  it('call the best model unique where l2 makes it so', async () => {
    const few = examples(3, 3, 4);
    for (const optimizer of ['auto', 'newton', 'gradientDescent'] as const) {
      const { report } = await fitCpu(few, { l2: 0.1, optimizer });
      expect(codes(report)).not.toContain('UNDERDETERMINED');
    }
    const { report } = await solveExact(few, { l2: 0.1 });
    expect(report.warnings).toEqual([]);
    const [several] = await fitMany(few, [{ l2: 0.1, backend: 'cpu' }]);
    expect(several?.report.warnings.map(({ code }) => code)).not.toContain('UNDERDETERMINED');
  });

  it('name a constant feature, whose weight is 0', async () => {
    const columns = { a: uniforms(1, 9), same: new Float64Array(9).fill(0.1), b: uniforms(2, 9) };
    const { model, report } = await fitCpu({ columns, targets: uniforms(3, 9) });
    expect(codes(report)).toEqual(['CONSTANT_FEATURE']);
    expect(report.warnings[0]?.message).toContain("'same'");
    expect(model.weights[1]).toBe(0);
    expect(model.weights[0]).not.toBe(0);
  });

  it('name BACKEND_FALLBACK without WebGPU, and not when the CPU was requested', async () => {
    const auto = (await fit(examples(1, 9, 2), { epochs: 2, kernels: 'textbook' })).report;
    expect([auto.backend, auto.adapter, codes(auto)]).toEqual(['cpu', null, ['BACKEND_FALLBACK', 'NOT_CONVERGED']]);
    const little = (await fit(examples(1, 9, 2), { epochs: 2 })).report;
    expect([little.backend, codes(little)]).toEqual(['cpu', ['NOT_CONVERGED']]);
    const { report } = await fitCpu(examples(1, 9, 2), { epochs: 2 });
    expect([report.backend, report.adapter, codes(report)]).toEqual(['cpu', null, ['NOT_CONVERGED']]);
    expect(report.lossHistory).toEqual(auto.lossHistory);
  });

  it("give way to an error for backend 'webgpu', which never falls back", () =>
    expectRefusal(() => fit(examples(1, 9, 2), { backend: 'webgpu' }), 'WEBGPU_UNAVAILABLE', "backend: 'cpu'"));
});

describe('signals and progress', () => {
  it('a signal that is aborted already rejects with its reason, and nothing is trained', async () => {
    const reason = new Error('changed my mind');
    const onProgress = () => expect.unreachable();
    const run = fitCpu(examples(1, 9, 2), { signal: AbortSignal.abort(reason), onProgress });
    await expect(run).rejects.toBe(reason);
    // Before a device is looked for, too: here there is none.
    const signal = AbortSignal.abort(reason);
    await expect(fit(examples(1, 9, 2), { backend: 'webgpu', signal })).rejects.toBe(reason);
  });

  it('a signal while training ends it as aborted, with a model', async () => {
    const controller = new AbortController();
    const options = { epochs: 10_000_000, tolerance: 0, signal: controller.signal };
    const { model, report } = await fitCpu(examples(1, 9, 2), { ...options, onProgress: () => controller.abort() });
    expect(report.stopReason).toBe('aborted');
    expect(report.epochsRun).toBeGreaterThan(0);
    expect(report.lossHistory).toHaveLength(report.epochsRun);
    expect([...model.weights].every(Number.isFinite)).toBe(true);
  });

  it('onProgress hears of the epochs asked for, and of the last one run', async () => {
    const heard: unknown[] = [];
    const { report } = await fitCpu(examples(1, 9, 2), {
      epochs: 30,
      tolerance: 0,
      onProgress: (at) => heard.push(at),
    });
    expect(heard.at(-1)).toMatchObject({ epoch: 30, epochs: 30, loss: report.lossHistory.at(-1) });
  });

  it('what onProgress throws is what fit throws', async () => {
    const failure = new Error('the page is gone');
    const onProgress = () => {
      throw failure;
    };
    await expect(fitCpu(examples(1, 9, 2), { onProgress })).rejects.toBe(failure);
  });
});

describe('parameters to start from', () => {
  const dataset = examples(2, 30, 3);

  it('lead to the same bits from the same seed, to others from another', async () => {
    const run = async (seed: number) => {
      const { model, report } = await fitCpu(dataset, { seed, epochs: 20 });
      return [...model.weights, model.bias, ...report.lossHistory];
    };
    expect(await run(5)).toEqual(await run(5));
    expect(await run(5)).not.toEqual(await run(6));
  });

  it('may be given, and a model goes on from where it stopped', async () => {
    const options = { standardize: false, tolerance: 0, learningRate: 0.3 };
    const whole = await fitCpu(dataset, { ...options, epochs: 25 });
    const first = await fitCpu(dataset, { ...options, epochs: 10 });
    const second = await fitCpu(dataset, { ...options, epochs: 15, initialParameters: first.model });
    expect([...second.model.weights, second.model.bias]).toEqual([...whole.model.weights, whole.model.bias]);
    expect([...first.report.lossHistory, ...second.report.lossHistory]).toEqual(whole.report.lossHistory);
  });

  it.each([
    { weights: [1, 2], bias: 0 },
    { weights: [1, 2, 3, 4], bias: 0 },
    { weights: [1, 2, Number.NaN], bias: 0 },
    { weights: [1, 2, 3], bias: Infinity },
  ])('are refused when they do not fit: %o', (initialParameters) =>
    expectRefusal(() => fitCpu(dataset, { initialParameters }), 'INVALID_OPTION', '3 finite weights'),
  );
});

describe('data', () => {
  it('are the same from a source as from arrays', async () => {
    const dataset = examples(3, 10, 2);
    const source: ExampleSource = {
      name: 'two batches',
      columns: () => Promise.resolve({ features: ['a', 'b'], target: 't' }),
      async *batches() {
        for (const [from, to] of [
          [0, 4],
          [4, 10],
        ] as const) {
          // prettier-ignore
          await Promise.resolve();
          const features = dataset.columns.map((column) => Float64Array.from(column.subarray(from, to)));
          yield { features, targets: Float64Array.from(dataset.targets.subarray(from, to)) };
        }
      },
    };
    const { model, report } = await fitCpu(source, { epochs: 10 });
    const direct = await fitCpu(dataset, { epochs: 10 });
    expect([model.weights, model.bias]).toEqual([direct.model.weights, direct.model.bias]);
    expect([model.featureNames, model.targetName]).toEqual([['a', 'b'], 't']);
    expect([report.exampleCount, report.featureCount]).toEqual([10, 2]);
  });

  it('are refused before any training when they are wrong', async () => {
    await expectRefusal(() => fitCpu({ features: [[1], [2]], targets: [1] }), 'SHAPE_MISMATCH');
    await expectRefusal(() => fitCpu(examples(1, 9, 2), { epochs: 0 }), 'INVALID_OPTION', 'epochs 0');
  });
});

it('the report adds up', async () => {
  const { report } = await fitCpu(examples(3, 400, 2), { epochs: 50, tolerance: 0 });
  const { timings } = report;
  expect(timings.msPerEpoch).toBe(timings.trainMs / 50);
  const bytes = 4 * 400 * 3;
  expectClose([timings.gigabytesPerSecond as number], [bytes / ((timings.msPerEpoch as number) / 1e3) / 1e9], {
    relative: 1e-12,
    because: 'bytes of X and y in f32 over seconds, in units of 1e9',
  });
  const parts = timings.deviceMs + timings.uploadMs + timings.trainMs + timings.readbackMs;
  expect(parts).toBeLessThanOrEqual(timings.totalMs);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

describe('a perfect start', () => {
  it('is converged: a loss of 0 that stays 0 is quiet', async () => {
    const data = { features: [1, 2, 4], targets: [2, 4, 8], featureCount: 1 };
    const options = {
      standardize: false,
      initialParameters: { weights: [2], bias: 0 },
      backend: 'cpu',
      strategy: 'streaming',
    } as const;
    const { report } = await fit(data, options);
    expect(report).toMatchObject({ stopReason: 'converged', epochsRun: 6 });
  });
});

it('more features than there is memory for their products are fitted by L-BFGS', async () => {
  const featureCount = 9000;
  const data = { features: uniforms(4, 3 * featureCount), targets: [1, 2, 4], featureCount };
  const { report } = await fit(data, { backend: 'cpu' });
  expect(report).toMatchObject({ optimizer: 'lbfgs', converged: true });
});
