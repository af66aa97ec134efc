// Descent on the CPU, the reference of every GPU test, against a loop that shares nothing with it.

import { describe, expect, it } from 'vitest';
import type { RunSettings } from '../../src/descent/backend.js';
import { createDataset, type Dataset } from '../../src/data/dataset.js';
import { openReferenceBackend } from '../../src/reference/backend.js';
import { syntheticRegression } from '../../src/data/synthetic.js';
import { expectClose } from '../support/close.js';
import { describeTrainer } from '../support/describe-trainer.js';
import { covariance, examples, mean, uniforms } from '../support/examples.js';
import { curvatureMatrix } from '../support/jacobi.js';
import { RUN } from '../support/run-settings.js';

const SETTINGS: RunSettings = { ...RUN, epochs: 100, learningRate: 1 };

const trainerFor = (dataset: Dataset, standardize = false) =>
  openReferenceBackend().upload(dataset, { standardize, kernels: 'auto', storage: 'f32' });

/** The program of the first lesson, example by example: the parameters and the loss before each update. */
function plainDescent(dataset: Dataset, initial: Float64Array, epochs: number, learningRate: number) {
  const { exampleCount: m, featureCount: d } = dataset;
  const rows = Array.from({ length: m }, (_, i) => dataset.columns.map((column) => column[i] as number));
  let w = [...initial.subarray(0, d)];
  let b = initial[d] as number;
  const losses: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const slopes = w.map(() => 0);
    let slope = 0;
    let loss = 0;
    rows.forEach((row, i) => {
      const error = row.reduce((h, x, j) => h + x * (w[j] as number), b) - (dataset.targets[i] as number);
      row.forEach((x, j) => (slopes[j] = (slopes[j] as number) + (error * x) / m));
      slope += error / m;
      loss += error ** 2 / (2 * m);
    });
    losses.push(loss);
    w = w.map((weight, j) => weight - learningRate * (slopes[j] as number));
    b -= learningRate * slope;
  }
  return { parameters: [...w, b], losses };
}

describe('descent', () => {
  const because = 'the same sums in another order: rounding of the terms, and no more of it while descent converges';

  it('is the seed program', async () => {
    const { dataset } = syntheticRegression({ rows: 500, features: 2, seed: 7 });
    const initial = uniforms(1, 3);
    const expected = plainDescent(dataset, initial, 100, 1);
    const descent = await (await trainerFor(dataset)).run(initial, SETTINGS);
    expectClose(descent.parameters, expected.parameters, { relative: 1e-12, because });
    expectClose(descent.losses, expected.losses, { relative: 1e-12, because });
    expect(descent.stopReason).toBe('epochs');
  });

  it.each([
    [1, 1],
    [3, 2],
    [65, 3],
    [40, 17],
  ])('follows the plain loop step by step: %i examples of %i features', async (m, d) => {
    const dataset = examples(m, m, d);
    const initial = uniforms(2, d + 1);
    for (const epochs of [1, 2, 3, 7]) {
      const expected = plainDescent(dataset, initial, epochs, 0.05);
      const descent = await (await trainerFor(dataset)).run(initial, { ...SETTINGS, epochs, learningRate: 0.05 });
      expectClose(descent.parameters, expected.parameters, { absolute: 1e-13, relative: 1e-12, because });
      expectClose(descent.losses, expected.losses, { relative: 1e-12, because });
    }
  });

  it('leaves the parameters it starts from and the data alone, and can start again', async () => {
    const dataset = examples(4, 20, 2);
    const [initial, targets] = [uniforms(3, 3), dataset.targets.slice()];
    const trainer = await trainerFor(dataset);
    const first = await trainer.run(initial, { ...SETTINGS, learningRate: 0.3 });
    const second = await trainer.run(initial, { ...SETTINGS, learningRate: 0.3 });
    expect([initial, dataset.targets]).toEqual([uniforms(3, 3), targets]);
    expect([second.parameters, second.losses]).toEqual([first.parameters, first.losses]);
  });
});

describe('tolerance and patience', () => {
  const dataset = examples(5, 60, 2);
  const initial = uniforms(4, 3);
  const losses = plainDescent(dataset, initial, 400, 0.5).losses;

  /** The number of epochs after which `patience` losses in a row fell by less than the share `tolerance`. */
  function expectedEpochs(losses: ArrayLike<number>, tolerance: number, patience: number): number {
    let quiet = 0;
    for (let epoch = 1; epoch < losses.length; epoch++) {
      const [last, loss] = [losses[epoch - 1] as number, losses[epoch] as number];
      quiet = last - loss < tolerance * last ? quiet + 1 : 0;
      if (quiet === patience) return epoch + 1;
    }
    return Infinity;
  }

  it.each([
    [0.1, 1],
    [1e-3, 1],
    [1e-3, 4],
    [1e-6, 5],
  ])('end descent where the losses say so: %d and %i', async (tolerance, patience) => {
    const settings = { ...SETTINGS, epochs: 400, learningRate: 0.5, tolerance, patience };
    const descent = await (await trainerFor(dataset)).run(initial, settings);
    expect(descent.stopReason).toBe('plateau');
    expect(descent.losses).toHaveLength(expectedEpochs(losses, tolerance, patience));
    const expected = plainDescent(dataset, initial, descent.losses.length, 0.5).parameters;
    expectClose(descent.parameters, expected, { relative: 1e-12, because: 'every counted epoch made its update' });
  });

  it('count quiet epochs in a row: one that is not quiet starts the count anew', async () => {
    // The loss falls ever more slowly until rounding moves it up and down: only there do loud epochs follow quiet ones.
    const settings = { ...SETTINGS, epochs: 400, learningRate: 0.5, patience: 8 };
    const trainer = await trainerFor(dataset);
    const { losses: lossHistory } = await trainer.run(initial, settings);
    const descent = await trainer.run(initial, { ...settings, tolerance: 1e-16 });
    expect(descent.losses).toHaveLength(expectedEpochs(lossHistory, 1e-16, 8));
  });
});

describe('divergence', () => {
  const dataset = createDataset({
    columns: { x: uniforms(6, 30).map((value) => 10 * value) },
    targets: uniforms(7, 30),
  });
  const initial = uniforms(8, 2);
  const settings = { ...SETTINGS, epochs: 10_000 };
  const lossOf = (parameters: Float64Array) => plainDescent(dataset, parameters, 1, 0).losses[0] as number;

  it('keeps the last parameters whose loss is finite, and no loss that is not', async () => {
    const { parameters, losses: lossHistory, stopReason } = await (await trainerFor(dataset)).run(initial, settings);
    expect(stopReason).toBe('diverged');
    expect(lossHistory.length).toBeLessThan(10_000);
    expect(lossHistory.every(Number.isFinite)).toBe(true);
    // The last loss in the history is the kept parameters' own, and one more step would leave the numbers.
    const because = 'the same sum in another order';
    expectClose([lossOf(parameters)], [lossHistory.at(-1) as number], { relative: 1e-10, because });
    const beyond = plainDescent(dataset, parameters, 2, 1).losses[1];
    expect(Number.isFinite(beyond)).toBe(false);
  });
});

describe('standardised descent', () => {
  // Offsets, sizes and a constant, as real tables have them.
  const constant = new Float64Array(50).fill(0.1);
  const year = uniforms(11, 50).map((value) => 1990 + 20 * value);
  const share = uniforms(12, 50).map((value) => 1e-4 * value);
  const noise = uniforms(15, 50);
  const targets = year.map((x, i) => 3 * (x - 1990) + 2e5 * (share[i] as number) - 400 + (noise[i] as number));
  const dataset = createDataset({ columns: { year, constant, share }, targets });
  const initial = uniforms(13, 4);
  const settings = { ...SETTINGS, epochs: 40, learningRate: 0.4 };
  const because = 'offsets of 2000 with spreads of 12 cost two or three digits on the way';

  it('is descent on z-scored features and centred targets, mapped back', async () => {
    const scored = [year, share].map((column) => {
      const deviation = Math.sqrt(covariance(column, column));
      return { values: column.map((value) => (value - mean(column)) / deviation), center: mean(column), deviation };
    });
    const centred = targets.map((value) => value - mean(targets));
    const columns = Object.fromEntries(scored.map(({ values }, j) => [`z${j}`, values]));
    const start = Float64Array.of(initial[0] as number, initial[2] as number, initial[3] as number);
    const expected = plainDescent(createDataset({ columns, targets: centred }), start, 40, 0.4);
    const weights = scored.map(({ deviation }, j) => (expected.parameters[j] as number) / deviation);
    const shift = scored.reduce((sum, { center }, j) => sum + center * (weights[j] as number), 0);

    const trainer = await trainerFor(dataset, true);
    const descent = await trainer.run(initial, settings);
    expectClose(descent.losses, expected.losses, { relative: 1e-10, because });
    const found = trainer.toCallerUnits(descent.parameters);
    expectClose(found.weights, [weights[0] as number, 0, weights[1] as number], { relative: 1e-10, because });
    expectClose([found.bias], [(expected.parameters[2] as number) + mean(targets) - shift], {
      relative: 1e-10,
      because,
    });
  });

  it('names constant features, and gives them weight 0', async () => {
    const trainer = await trainerFor(dataset, true);
    expect(trainer.constantFeatures).toEqual([1]);
    expect((await trainer.run(initial, settings)).parameters[1]).toBe(0);
    expect((await trainerFor(dataset)).constantFeatures).toEqual([]);
  });

  it('has the caller’s units as training units without standardizing', async () => {
    const trainer = await trainerFor(dataset);
    expect(trainer.toCallerUnits(Float64Array.of(1, 2, 3, 4))).toEqual({ weights: Float64Array.of(1, 2, 3), bias: 4 });
  });
});

describe('curvature', () => {
  it.each([
    [1, 1],
    [65, 3],
    [30, 16],
  ])('is 1/m·[X 1]ᵀ[X 1] times the direction: %i examples of %i features', async (m, d) => {
    const dataset = examples(m + d, m, d);
    const direction = uniforms(14, d + 1);
    const expected = curvatureMatrix(dataset.columns).map((row) =>
      row.reduce((sum, entry, j) => sum + entry * (direction[j] as number), 0),
    );
    const found = await (await trainerFor(dataset)).curvature(direction);
    expectClose(found, expected, { absolute: 1e-13, relative: 1e-12, because: 'the same products in another order' });
    expect(direction).toEqual(uniforms(14, d + 1));
  });

  it('has the correlations of standardized features, and 1 for the bias', async () => {
    const trainer = await trainerFor(examples(3, 80, 2), true);
    const [first, , last] = await Promise.all([0, 1, 2].map((j) => trainer.curvature(new Float64Array(3).with(j, 1))));
    const because = 'sums of 80 rounded terms';
    expectClose([first?.[0] as number, first?.[2] as number], [1, 0], { absolute: 1e-13, because });
    expectClose(last as Float64Array, [0, 0, 1], { absolute: 1e-13, because });
  });
});

describeTrainer({
  open: trainerFor,
  openPlain: trainerFor,
  settings: SETTINGS,
  long: { features: 3, epochs: 20_000, slices: 1 },
});
