import { describe, expect, it } from 'vitest';
import { type UniformSettings, readProgress } from '../../src/gpu/kernels/uniforms.js';
import { MOST_SHORT_FEATURES, SHORT_EPOCHS, shortEpochsKernel } from '../../src/gpu/kernels/epoch-kernels.js';
import { PLAIN, type Terms } from '../../src/gpu/kernels/variants.js';
import { SOFTWARE, type Tuning } from '../../src/gpu/device/tuning.js';
import { gradient } from '../../src/reference/gradient.js';
import { residual } from '../../src/reference/residual.js';
import { update } from '../../src/reference/update.js';
import { expectClose } from '../support/close.js';
import { columns, numbers, RAGGED_ROWS } from '../support/data.js';
import { HUBER_DELTA, OTHER_TERMS, targetsFor, termsFor, withWeights } from '../support/terms.js';
import {
  configFor,
  inQuads,
  progressBytes,
  runKernelInPlace,
  RUNNING,
  settingsOfOne,
  shareOf,
  TUNINGS,
  withContext,
} from '../support/kernel.js';

const gpu = withContext();

interface Run {
  tuning?: Tuning;
  rows: number;
  features: number;
  epochs: number;
  /** Where an earlier dispatch left off. */
  progress?: ArrayBuffer;
  settings?: Partial<UniformSettings>;
  scale?: number;
  form?: Terms;
}

/** One dispatch, and the reference for as many epochs. */
async function runShort({ tuning = SOFTWARE, rows, features, epochs, progress, settings = {}, ...rest }: Run) {
  const { scale = 1, form = PLAIN } = rest;
  const X = columns(4, rows, features);
  const y = targetsFor(form, numbers(5, rows, 2)).map((value) => value * scale);
  const terms = termsFor(form, rows);
  const count = terms.exampleWeights?.reduce((sum, weight) => sum + weight, 0) ?? rows;
  const initial = numbers(6, features + 1);
  const before = numbers(16, features + 1);
  const stepScales = numbers(9, features + 1, 0.25, 0.75);
  const its: UniformSettings = {
    exampleCount: count,
    learningRate: 0.5 / (features + 1),
    tolerance: 0,
    patience: 3,
    epochs,
    firstLoss: 0,
    l1: 0,
    l2: 0,
    firstPoint: epochs,
    ...settings,
  };
  const points = its.pathEvery ? Math.floor(epochs / its.pathEvery) : 0;
  const [even, odd, finished, history] = await runKernelInPlace(
    gpu.context,
    shortEpochsKernel(features, tuning, 'f32', form),
    {
      config: configFor(rows, features, 1, { huberDelta: HUBER_DELTA }),
      reads: [settingsOfOne(its), inQuads(X), inQuads(withWeights([y], terms)), stepScales],
      inPlace: [
        initial,
        before,
        progress ?? RUNNING,
        new Float32Array(epochs + points * (features + 1)).fill(Number.NaN),
      ],
      workgroups: [1],
    },
  );
  const parameters = initial.slice();
  let previous = before;
  const { learningRate, l1, l2 } = its;
  const losses: number[] = [];
  const path: number[] = [];
  const sums = new Float64Array(features + 2);
  const [residuals, twiceLosses] = [new Float64Array(rows), new Float64Array(rows)];
  while (losses.length < Math.min(epochs, SHORT_EPOCHS)) {
    previous = parameters.slice();
    residual(X, y, parameters, residuals, terms, twiceLosses);
    gradient(X, residuals, sums, twiceLosses);
    losses.push(update(sums, count, { learningRate, l1, l2, stepScales }, parameters));
    if (its.pathEvery && losses.length % its.pathEvery === 0) path.push(...parameters);
  }
  return {
    progress: readProgress(finished as ArrayBuffer),
    even: new Float32Array(even as ArrayBuffer),
    odd: new Float32Array(odd as ArrayBuffer),
    history: new Float32Array(history as ArrayBuffer),
    expected: { parameters, previous, losses, path },
    initial,
    before,
  };
}

const because = 'a rounding of 2^-24 per sum and epoch, of values under 4, while descent forgets the older ones';

describe.each(TUNINGS)('short_epochs.wgsl, tuned for $name,', ({ tuning }) => {
  const features = Array.from({ length: MOST_SHORT_FEATURES }, (_, j) => j + 1);
  const shapes = [
    ...RAGGED_ROWS.map((rows) => ({ rows, features: 2 })),
    ...shareOf(tuning, features).map((count) => ({ rows: 257, features: count })),
    { rows: 5003, features: 3 },
  ];
  it.each(shapes)('equals its twins at $rows × $features', async ({ rows, features }) => {
    const { progress, even, odd, history, expected } = await runShort({ tuning, rows, features, epochs: 7 });
    expect(progress).toMatchObject({ epoch: 7, stopReason: 'finished' });
    expectClose(odd, expected.parameters, { absolute: 1e-5, because });
    expectClose(even, expected.previous, { absolute: 1e-5, because });
    expectClose(history, expected.losses, { relative: 1e-5, because });
  });

  const forms = shareOf(tuning, OTHER_TERMS).flatMap((form) => [3, 64, 257].map((rows) => ({ form, ...form, rows })));
  it.each(forms)('equals its twins for the $loss loss, counted $counted, at $rows rows', async ({ form, rows }) => {
    const { odd, history, expected } = await runShort({ tuning, rows, features: 3, epochs: 7, form });
    expectClose(odd, expected.parameters, { absolute: 1e-5, because });
    expectClose(history, expected.losses, { relative: 1e-5, because });
  });

  it('equals its twins with penalties', async () => {
    const settings = { l1: 0.25, l2: 0.5 };
    const { odd, history, expected } = await runShort({ tuning, rows: 65, features: 5, epochs: 3, settings });
    expectClose(odd, expected.parameters, { absolute: 1e-5, because });
    expectClose(history, expected.losses, { relative: 1e-5, because });
  });

  it.each([
    { pathEvery: 1, features: 8 },
    { pathEvery: 3, features: 2 },
    { pathEvery: 10, features: 1 },
  ])('records a path with a point every $pathEvery epochs', async ({ pathEvery, features }) => {
    const { history, odd, expected } = await runShort({
      tuning,
      rows: 65,
      features,
      epochs: 11,
      settings: { pathEvery },
    });
    expectClose(history, [...expected.losses, ...expected.path], { absolute: 1e-5, because });
    if (pathEvery === 1) expect([...history.slice(-features - 1)]).toEqual([...odd]);
  });

  it('does as many epochs as a dispatch may, an even number, and leaves the rest to the next', async () => {
    const { progress, even, expected, history } = await runShort({ tuning, rows: 65, features: 2, epochs: 100 });
    expect(progress).toMatchObject({ epoch: SHORT_EPOCHS, stopReason: 'running' });
    expectClose(even, expected.parameters, { absolute: 1e-5, because });
    expect([...history].filter(Number.isFinite)).toHaveLength(SHORT_EPOCHS);
  });
});

describe('short_epochs.wgsl', () => {
  it('stops as diverged, with the last parameters whose loss was finite in the other buffer', async () => {
    const run = await runShort({ rows: 65, features: 2, epochs: 9, settings: { learningRate: 1e9 }, scale: 1e15 });
    expect(run.progress.stopReason).toBe('diverged');
    const n = run.progress.epoch;
    expect(n).toBeGreaterThan(0);
    expect([...run.history].filter(Number.isFinite)).toHaveLength(n);
    const kept = n % 2 === 0 ? run.odd : run.even;
    expect(kept.every(Number.isFinite)).toBe(true);
  });

  it('stops at a plateau after enough quiet epochs', async () => {
    const { progress } = await runShort({ rows: 65, features: 2, epochs: 60, settings: { tolerance: 0.5 } });
    expect(progress.stopReason).toBe('plateau');
    expect(progress.epoch).toBeLessThan(60);
  });

  it.each([4, 5])('stays stopped after %i epochs, and leaves the parameters where they are', async (epoch) => {
    const { progress, even, odd, history, initial, before } = await runShort({
      rows: 65,
      features: 3,
      epochs: 8,
      progress: progressBytes(epoch, 1, 3, 0.25),
    });
    expect(progress).toEqual({ epoch, stopReason: 'plateau', quietEpochs: 3, loss: 0.25 });
    expect([[...even], [...odd]]).toEqual([[...Float32Array.from(initial)], [...Float32Array.from(before)]]);
    expect(history.every(Number.isNaN)).toBe(true);
  });
});
