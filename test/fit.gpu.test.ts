import { describe, expect, it } from 'vitest';
import { initialParameters } from '../src/descent/start.js';
import { fit } from '../src/fit.js';
import { SEED_PROGRAM } from '../src/options/presets.js';
import { openReferenceBackend } from '../src/reference/backend.js';
import { leastSquares } from '../src/reference/qr.js';
import { Dataset } from '../src/data/dataset.js';
import { syntheticRegression } from '../src/data/synthetic.js';
import { expectClose } from './support/close.js';
import { columns, numbers } from './support/data.js';
import { withErrorScopes } from './support/gpu.js';
import { withContextPerTest } from './support/kernel.js';
import { expectRefusal } from './support/refusal.js';
import { expectSettled } from './support/steps.js';

/** Every epoch on the GPU. */
const STREAMING = { strategy: 'streaming' } as const;

const gpu = withContextPerTest();

/** A noisy linear problem on offset features of unlike spreads. */
function problem(rows: number, features: number): Dataset {
  const X = columns(11, rows, features).map((column, j) => column.map((x) => x * 3 ** (j - 1) + 100 * j));
  const noise = numbers(12, rows, 0.05, 0);
  const y = noise.map((e, i) => e + X.reduce((sum, column, j) => sum + (0.7 - 0.3 * j) * (column[i] as number), 5));
  return new Dataset(
    X,
    y,
    X.map((_, j) => `x${j}`),
    'y',
  );
}

/** The f64 reference after the given number of epochs. */
async function referenceAfter(dataset: Dataset, epochs: number, learningRate: number, standardize: boolean, seed = 0) {
  const trainer = await openReferenceBackend().upload(dataset, { standardize, kernels: 'auto', storage: 'f32' });
  const settings = {
    epochs,
    learningRate,
    tolerance: 0,
    patience: 1,
    l1: 0,
    l2: 0,
    signal: undefined,
    onProgress: undefined,
  };
  const descent = await trainer.run(initialParameters(dataset, { seed }), settings);
  return { ...trainer.toCallerUnits(descent.parameters), lossHistory: descent.losses };
}

const because = 'f32 rounds each of some ten operations of an epoch by 2^-24 of its size';

describe.each(['auto', 'textbook'] as const)('fit on the GPU, with kernels %s,', (kernels) => {
  it('equals the reference epoch by epoch on the seed program', async () => {
    const { dataset } = syntheticRegression({ rows: 1003, features: 2, seed: 3 });
    for (const epochs of [1, 2, 3, 4, 7, 30]) {
      const options = { ...SEED_PROGRAM, epochs, kernels, seed: 5, context: gpu.context };
      const model = await withErrorScopes(gpu.context.device, () => fit(dataset, options));
      const expected = await referenceAfter(dataset, epochs, 1, false, 5);
      expectClose([...model.weights, model.bias], [...expected.weights, expected.bias], { absolute: 2e-6, because });
      expectClose(model.report.lossHistory, expected.lossHistory, { relative: 1e-5, because });
    }
  });

  it.each([
    { rows: 1, features: 1 },
    { rows: 5, features: 1 },
    { rows: 257, features: 3 },
    { rows: 1000, features: 17 },
    { rows: 65_537, features: 2 },
  ])(
    'equals the reference when standardizing, in the units of the data: $rows × $features',
    async ({ rows, features }) => {
      const dataset = problem(rows, features);
      const model = await fit(dataset, {
        ...STREAMING,
        epochs: 20,
        learningRate: 0.1,
        tolerance: 0,
        kernels,
        context: gpu.context,
      });
      const expected = await referenceAfter(dataset, 20, 0.1, true);
      // By what each weight does to the predictions: features of large spread set the size of all roundings.
      const effects = (weights: Float64Array) => weights.map((weight, j) => weight * 3 ** (j - 1));
      const largest = Math.max(...effects(expected.weights).map(Math.abs));
      expectClose(effects(model.weights), effects(expected.weights), { absolute: 1e-6 * largest, because });
      const predictions = await model.predict(dataset.columns.map((column) => column[0] as number));
      const reference = dataset.columns.reduce(
        (sum, column, j) => sum + (expected.weights[j] as number) * (column[0] as number),
        expected.bias,
      );
      expectClose(predictions, [reference], { absolute: 1e-5 * (largest + 1), because });
    },
  );

  it('reaches the exact least squares', async () => {
    const dataset = problem(5000, 3);
    const model = await fit(dataset, { ...STREAMING, epochs: 3000, tolerance: 0, kernels, context: gpu.context });
    const optimum = leastSquares(dataset);
    expectClose(model.weights, optimum.weights, {
      relative: 1e-4,
      because: 'f32 data with a condition number under 2',
    });
    expectClose([model.bias], [optimum.bias], { absolute: 1e-2, because: 'offsets of 100 times errors of 1e-5' });
  });

  it('has the learning-rate limit of the reference', async () => {
    const dataset = problem(1000, 4);
    for (const standardize of [true, false]) {
      const options = { epochs: 1, learningRate: 1e-9, standardize, kernels };
      const onGpu = await fit(dataset, { ...options, context: gpu.context });
      const onCpu = await fit(dataset, { ...options, backend: 'cpu' });
      const limits = [onGpu, onCpu].map(({ report }) => report.learningRateLimit as number);
      expectClose([limits[0] as number], [limits[1] as number], {
        relative: 1e-5,
        because: 'a sum in f32 over 1000 rows',
      });
    }
  });
});

describe('fit on the GPU', () => {
  it('says which kernels ran', async () => {
    const { dataset } = syntheticRegression({ rows: 100, features: 16, seed: 1 });
    const wide = syntheticRegression({ rows: 100, features: 17, seed: 1 }).dataset;
    const ran = async (data: Dataset, kernels: 'auto' | 'textbook') =>
      (await fit(data, { epochs: 1, kernels, context: gpu.context })).report.kernels;
    expect(await ran(dataset, 'auto')).toBe('fused-narrow');
    expect(await ran(dataset, 'textbook')).toBe('textbook');
    expect(await ran(wide, 'auto')).toBe(gpu.context.subgroupSize === null ? 'wide' : 'fused-wide');
    expect(await ran(wide, 'textbook')).toBe('textbook');
  });

  it('gives the same bits in twenty runs', async () => {
    const { dataset } = syntheticRegression({ rows: 20_011, features: 3, seed: 1 });
    const first = await fit(dataset, { ...STREAMING, epochs: 25, context: gpu.context });
    for (let run = 1; run < 20; run++) {
      const again = await fit(dataset, { ...STREAMING, epochs: 25, context: gpu.context });
      expect([...again.weights, again.bias]).toEqual([...first.weights, first.bias]);
      expect(again.report.lossHistory).toEqual(first.report.lossHistory);
    }
  });

  it('never lets the loss rise at the automatic rate', async () => {
    const { dataset } = syntheticRegression({ rows: 3000, features: 8, seed: 2 });
    const { report } = await fit(dataset, { ...STREAMING, epochs: 200, tolerance: 0, context: gpu.context });
    const history = report.lossHistory;
    expect(history).toHaveLength(200);
    history.slice(1).forEach((loss, i) => {
      expect(loss, `epoch ${i + 2}`).toBeLessThanOrEqual((history[i] as number) * (1 + 2e-6)); // rounding of the sums
    });
  });

  it('stops at a plateau at the epoch where the reference does', async () => {
    const { dataset } = syntheticRegression({ rows: 2000, features: 2, seed: 4 });
    const options = {
      ...STREAMING,
      epochs: 5000,
      learningRate: 0.05,
      tolerance: 1e-4,
      patience: 3,
      l1: 0,
      l2: 0,
      standardize: false,
    };
    const onGpu = await fit(dataset, { ...options, context: gpu.context });
    const onCpu = await fit(dataset, { ...options, backend: 'cpu' });
    expect([expectSettled(onGpu), expectSettled(onCpu)]).toEqual(['plateau', 'plateau']);
    expect(onGpu.report.epochsRun).toBe(onCpu.report.epochsRun);
    expectClose(onGpu.weights, onCpu.weights, { absolute: 2e-6, because });
  });

  it('keeps the last parameters whose loss is finite when it diverges', async () => {
    const { dataset } = syntheticRegression({ rows: 500, features: 2, seed: 6 });
    const { weights, bias, report } = await fit(dataset, {
      ...SEED_PROGRAM,
      learningRate: 3,
      epochs: 1000,
      context: gpu.context,
    });
    expect(report.stopReason).toBe('diverged');
    expect(report.warnings.map(({ code }) => code)).toContain('LEARNING_RATE_ABOVE_LIMIT');
    const history = report.lossHistory;
    expect(history.every(Number.isFinite)).toBe(true);
    // The kept parameters are those of the last loss, and the next epoch's would have left f32.
    const expected = await referenceAfter(dataset, history.length - 1, 3, false);
    expectClose([...weights, bias], [...expected.weights, expected.bias], {
      relative: 1e-4,
      because: '60 epochs of growth',
    });
    const next = await referenceAfter(dataset, history.length + 1, 3, false);
    // f32 ends at 3.4e38, and what overflows is Σ r², 2m times the loss.
    expect(next.lossHistory.at(-1)).toBeGreaterThan(3.4e38 / (2 * dataset.exampleCount));
  });

  it('keeps the parameters before its last update when that leaves f32', async () => {
    // One epoch at a rate that takes the parameters over 3.4e38 while the loss before it is small.
    const { dataset } = syntheticRegression({ rows: 100, features: 1, seed: 6 });
    const model = await fit(dataset, { ...SEED_PROGRAM, learningRate: 1e39, epochs: 1, context: gpu.context });
    expect(model.report).toMatchObject({ stopReason: 'diverged', epochsRun: 1 });
    expect([...model.weights, model.bias]).toEqual([...initialParameters(dataset, { seed: 0 })]);
  });

  it('is refused when its first loss is not finite, which no rate mends', async () => {
    const dataset = new Dataset([numbers(1, 10)], numbers(2, 10, 1e30), ['x'], 'y');
    const fitting = fit(dataset, { ...SEED_PROGRAM, seed: 8, context: gpu.context });
    await expectRefusal(() => fitting, 'NON_FINITE_VALUE', 'that f32 cannot hold before the first step', 'Divide');
  });

  it('gives a feature of one value weight 0, and says so', async () => {
    const dataset = new Dataset([numbers(1, 50), new Float64Array(50).fill(0.1)], numbers(2, 50), ['x', 'same'], 'y');
    const model = await fit(dataset, { ...STREAMING, context: gpu.context });
    expect(model.weights[1]).toBe(0);
    expect(model.report.warnings).toContainEqual(expect.objectContaining({ code: 'CONSTANT_FEATURE' }));
    expectClose([model.weights[0] as number, model.bias], resultOf(leastSquares(dataset)), { relative: 1e-4, because });
  });

  it('trains on magnitudes beyond f32 when it standardises', async () => {
    const x = numbers(1, 100).map((value) => value * 1e100);
    const y = x.map((value, i) => value * 2e-100 + (numbers(3, 100, 0.01)[i] as number));
    const model = await fit(new Dataset([x], y, ['x'], 'y'), { ...STREAMING, context: gpu.context });
    expectClose([model.weights[0] as number], [leastSquares(new Dataset([x], y, ['x'], 'y')).weights[0] as number], {
      relative: 1e-4,
      because: 'the spread is near 1 on the device',
    });
  });
});

function resultOf({ weights, bias }: { weights: Float64Array; bias: number }): number[] {
  return [weights[0] as number, bias];
}
