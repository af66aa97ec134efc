// What update.wgsl and short_epochs.wgsl make of gradients by each rule, against the twin, over many epochs.

import { describe, expect, it } from 'vitest';
import type { UpdateRule } from '../../src/descent/backend.js';
import { type UniformSettings, PROGRESS_BYTES, readProgress, writeSettings } from '../../src/gpu/kernels/uniforms.js';
import { shortEpochsKernel, updateKernel } from '../../src/gpu/kernels/epoch-kernels.js';
import type { Tuning } from '../../src/gpu/device/tuning.js';
import { gradient } from '../../src/reference/gradient.js';
import { residual } from '../../src/reference/residual.js';
import { emptyOptimizerState, type OptimizerState, update } from '../../src/reference/update.js';
import { expectClose } from '../support/close.js';
import { columns, numbers } from '../support/data.js';
import {
  configFor,
  inQuads,
  progressBytes,
  runKernel,
  runKernelInPlace,
  TUNINGS,
  withContext,
} from '../support/kernel.js';
import { type NamedRule, onDevice, RULES } from '../support/rules.js';

const gpu = withContext();

const ROWS = 1000;
const RATE = 0.0625;
const SLOTS = 4;

const settingsFor = ({ rule, l1, l2 }: NamedRule, epochs: number, firstFactor = 0): UniformSettings => ({
  exampleCount: ROWS,
  learningRate: RATE,
  tolerance: 0,
  patience: 3,
  epochs,
  firstLoss: 0,
  l1,
  l2,
  rule: onDevice(rule, firstFactor),
});

/** The sums of one model in one epoch, as if over examples: slopes of either sign and all sizes, and squares. */
function sumsOf(model: number, epoch: number, features: number): Float64Array {
  const sums = numbers(100 * model + epoch + 1, features + 2, 900, 40);
  sums[features + 1] = Math.abs(sums[features + 1] as number) + 1;
  return sums;
}

/** So many epochs of update.wgsl, each dispatch with what the one before wrote. */
async function runUpdates(tuning: Tuning, models: readonly NamedRule[], features: number, epochs: number) {
  const size = features + 1;
  const stepScales = numbers(9, size, 0.5, 1);
  let firstFactor = 0;
  const settings = models.map((model) => {
    const its = settingsFor(model, epochs, firstFactor);
    firstFactor += model.rule.factors.length;
    return its;
  });
  const factors = models.flatMap(({ rule }) => [...rule.factors]);
  const initial = numbers(8, models.length * size);
  let parameters: ArrayBuffer = Float32Array.from({ length: SLOTS * initial.length }, (_, i) => initial[i] ?? 0).buffer;
  let progress: ArrayBuffer = new ArrayBuffer(PROGRESS_BYTES * models.length);
  const losses: number[] = [];
  const perWorkgroup = tuning.foldSize / tuning.folders;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const partials = new Float64Array(models.length * 2 * (features + 2)); // two partials: a third, and the rest
    models.forEach((_, k) => {
      const sums = sumsOf(k, epoch, features);
      partials.set(sums.map((value) => value / 3), 2 * k * (features + 2)); // prettier-ignore
      partials.set(sums.map((value) => (2 * value) / 3), (2 * k + 1) * (features + 2)); // prettier-ignore
    });
    const [next, after, history] = (await runKernel(gpu.context, updateKernel(tuning), {
      config: configFor(ROWS, features, 2),
      reads: [writeSettings(settings), partials, Float64Array.of(...stepScales, ...factors), parameters, progress],
      writes: [parameters.byteLength, progress.byteLength, 4 * epochs],
      workgroups: [Math.ceil(size / perWorkgroup), 1, models.length],
    })) as [ArrayBuffer, ArrayBuffer, ArrayBuffer];
    [parameters, progress] = [next, after];
    losses.push(new Float32Array(history)[epoch] as number);
  }
  const slot = (k: number, number: number) =>
    new Float32Array(parameters, 4 * size * (number * models.length + k), size);
  return { initial, stepScales, losses, slot, progress: readProgress(progress) };
}

/** The average as it is stored; null before there is one. */
function averageOf({ updates, average }: OptimizerState, { averageFrom }: UpdateRule, stepScales: Float64Array) {
  return updates > averageFrom ? average.map((value, j) => value * Math.sqrt(stepScales[j] as number)) : null;
}

/** The twin of one of the models. */
function expectedUpdates(
  { rule, l1, l2 }: NamedRule,
  k: number,
  { initial, stepScales }: { initial: Float64Array; stepScales: Float64Array },
  epochs: number,
) {
  const size = stepScales.length;
  const parameters = initial.slice(k * size, (k + 1) * size);
  const optimizerState = emptyOptimizerState(size);
  const losses = Array.from({ length: epochs }, (_, epoch) =>
    update(
      sumsOf(k, epoch, size - 1),
      ROWS,
      { learningRate: RATE, l1, l2, stepScales, rule },
      parameters,
      optimizerState,
    ),
  );
  return { parameters, losses, average: averageOf(optimizerState, rule, stepScales) };
}

// A slope is right to 4 roundings of 2^-24 of a size under 2. A step takes the rate times that, of Adam as a share of the
// step; each of 12 steps is kept by up to 4 times its size (1/(1 − μ)).
const because = '12 epochs of some ten roundings of 2^-24, of values under 4, kept four times at most';
const TOLERANCE = { absolute: 3e-6, because };

describe.each(TUNINGS)('update.wgsl, tuned for $name,', ({ tuning }) => {
  it.each(RULES)('equals its twin over 12 epochs by $name', async (model) => {
    for (const features of [1, 17]) {
      const found = await runUpdates(tuning, [model], features, 12);
      const expected = expectedUpdates(model, 0, found, 12);
      expectClose(found.slot(0, 0), expected.parameters, TOLERANCE);
      expectClose(found.losses, expected.losses, { relative: 1e-6, because: 'sums of 18 terms' });
      if (expected.average) expectClose(found.slot(0, 3), expected.average, TOLERANCE);
      expect(found.progress).toMatchObject({ epoch: 12, stopReason: 'finished' });
    }
  });

  it('updates several models at a time, each by its own rule', async () => {
    const found = await runUpdates(tuning, RULES, 5, 12);
    RULES.forEach((model, k) => {
      const expected = expectedUpdates(model, k, found, 12);
      expectClose(found.slot(k, 0), expected.parameters, TOLERANCE);
      if (expected.average) expectClose(found.slot(k, 3), expected.average, TOLERANCE);
    });
  });

  it('leaves a feature of scale 0 alone, also by Adam', async () => {
    const [model] = RULES.filter(({ name }) => name === 'adam with penalties') as [NamedRule];
    const initial = Float64Array.of(0, 0.5, 0.25);
    const [next] = (await runKernel(gpu.context, updateKernel(tuning), {
      config: configFor(ROWS, 2, 1),
      reads: [
        writeSettings([settingsFor(model, 5)]),
        Float64Array.of(0, 300, 200, 100),
        Float64Array.of(0, 1, 1),
        Float64Array.from({ length: 12 }, (_, i) => initial[i] ?? 0),
        progressBytes(0, 0, 0, 0),
      ],
      writes: [4 * 12, PROGRESS_BYTES, 4 * 5],
      workgroups: [3],
    })) as [ArrayBuffer];
    const expected = initial.slice();
    update(Float64Array.of(0, 300, 200, 100), ROWS, { ...model, learningRate: RATE, stepScales: [0, 1, 1] }, expected);
    expectClose(new Float32Array(next, 0, 3), expected, TOLERANCE);
    expect(new Float32Array(next)[0]).toBe(0);
  });
});

describe('the tolerance of update.wgsl', () => {
  const run = async (optimizer: 'gradientDescent' | 'momentum', lossBefore: number) => {
    const [model] = RULES as [NamedRule];
    const settings = {
      ...settingsFor({ ...model, l1: 0, l2: 0, rule: { ...model.rule, optimizer } }, 50),
      tolerance: 0.01,
      patience: 1,
    };
    const [, after] = (await runKernel(gpu.context, updateKernel(TUNINGS[0]?.tuning as Tuning), {
      config: configFor(ROWS, 1, 1),
      reads: [
        writeSettings([settings]),
        Float64Array.of(0, 0, 1000), // a loss of 0.5
        Float64Array.of(1, 1, ...model.rule.factors),
        new Float64Array(8),
        progressBytes(4, 0, 0, lossBefore),
      ],
      writes: [4 * 8, PROGRESS_BYTES, 4 * 50],
      workgroups: [1],
    })) as [ArrayBuffer, ArrayBuffer];
    return readProgress(after).stopReason;
  };

  it('ends descent when the loss rises, but not momentum, whose loss swings', async () => {
    expect(await run('gradientDescent', 0.4)).toBe('plateau');
    expect(await run('momentum', 0.4)).toBe('running');
  });

  it('ends both when the loss does not change', async () => {
    expect(await run('gradientDescent', 0.501)).toBe('plateau');
    expect(await run('momentum', 0.501)).toBe('plateau');
    expect(await run('momentum', 0.499)).toBe('plateau');
  });
});

describe.each(TUNINGS)('short_epochs.wgsl, tuned for $name,', ({ tuning }) => {
  const EPOCHS = 70; // more than one dispatch

  it.each(RULES)('equals its twins over 70 epochs by $name', async (model) => {
    const [rows, features] = [65, 3];
    const size = features + 1;
    const [X, y] = [columns(4, rows, features), numbers(5, rows, 2)];
    const initial = numbers(6, size);
    const stepScales = numbers(9, size, 0.25, 0.75);
    const settings = { ...settingsFor(model, EPOCHS), exampleCount: rows };
    let state: ArrayBuffer[] = [
      Float32Array.from({ length: SLOTS * size }, (_, i) => initial[i] ?? 0).buffer,
      new ArrayBuffer(4 * SLOTS * size),
      progressBytes(0, 0, 0, 0),
      new ArrayBuffer(4 * EPOCHS),
    ];
    for (let dispatch = 0; dispatch < 2; dispatch++) {
      state = await runKernelInPlace(gpu.context, shortEpochsKernel(features, tuning), {
        config: configFor(rows, features),
        reads: [
          writeSettings([settings]),
          inQuads(X),
          inQuads([y]),
          Float64Array.of(...stepScales, ...model.rule.factors),
        ],
        inPlace: state,
        workgroups: [1],
      });
    }
    const [even, , progress, history] = state as [ArrayBuffer, ArrayBuffer, ArrayBuffer, ArrayBuffer];

    const parameters = initial.slice();
    const optimizerState = emptyOptimizerState(size);
    const sums = new Float64Array(size + 1);
    const residuals = new Float64Array(rows);
    const { rule, l1, l2 } = model;
    const losses = Array.from({ length: EPOCHS }, () => {
      residual(X, y, parameters, residuals);
      gradient(X, residuals, sums);
      return update(sums, rows, { learningRate: RATE, l1, l2, stepScales, rule }, parameters, optimizerState);
    });
    expect(readProgress(progress)).toMatchObject({ epoch: EPOCHS, stopReason: 'finished' });
    const tolerance = { absolute: 2e-5, because: 'some roundings of 2^-24 an epoch, which descent forgets in time' };
    expectClose(new Float32Array(even, 0, size), parameters, tolerance);
    expectClose(new Float32Array(history), losses, { relative: 2e-5, because: 'likewise' });
    const average = averageOf(optimizerState, rule, stepScales);
    if (average) expectClose(new Float32Array(even, 4 * 3 * size, size), average, tolerance);
  });
});
