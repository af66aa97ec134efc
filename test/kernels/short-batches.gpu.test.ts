import { describe, expect, it } from 'vitest';
import { Batches } from '../../src/descent/batches.js';
import { type UniformSettings, readProgress } from '../../src/gpu/kernels/uniforms.js';
import { MOST_SHORT_QUADS, shortBatchesKernel } from '../../src/gpu/kernels/epoch-kernels.js';
import { mostQuadsOf } from '../../src/gpu/training/short-batches.js';
import { PLAIN, type Terms } from '../../src/gpu/kernels/variants.js';
import { SOFTWARE, type Tuning } from '../../src/gpu/device/tuning.js';
import { gradient } from '../../src/reference/gradient.js';
import { residual } from '../../src/reference/residual.js';
import { emptyOptimizerState, update } from '../../src/reference/update.js';
import { expectClose } from '../support/close.js';
import { columns, numbers } from '../support/data.js';
import {
  configFor,
  inQuads,
  runKernelInPlace,
  RUNNING,
  settingsOfOne,
  shareOf,
  TUNINGS,
  withContext,
} from '../support/kernel.js';
import { onDevice, RULES } from '../support/rules.js';
import { HUBER_DELTA, OTHER_TERMS, targetsFor, termsFor, withWeights } from '../support/terms.js';

const gpu = withContext();

interface Run {
  tuning?: Tuning;
  rows: number;
  features: number;
  size: number;
  shuffle?: boolean;
  /** Of each dispatch. */
  updates?: number;
  dispatches?: number;
  epochs?: number;
  /** The most that a dispatch ends. */
  epochsAtOnce?: number;
  settings?: Partial<UniformSettings>;
  named?: (typeof RULES)[number];
  form?: Terms;
  /** Of the targets. */
  scale?: number;
}

/** Dispatches one after the other, and the reference for as many updates. */
async function runBatches({ tuning = SOFTWARE, rows, features, size, form = PLAIN, scale = 1, ...run }: Run) {
  const { updates = 16, dispatches = 1, epochs = 100, epochsAtOnce = Infinity, shuffle = true, named } = run;
  const size1 = features + 1;
  const X = columns(4, rows, features);
  const y = targetsFor(form, numbers(5, rows, 2)).map((value) => value * scale);
  // As they are dealt, with no weight of 0.
  const given = termsFor(form, rows);
  const weights = given.exampleWeights?.map((weight) => weight + 0.125);
  const terms = { ...given, exampleWeights: weights };
  const batches = new Batches(new Uint32Array(rows), { size, isShuffled: shuffle, seed: 3 });
  const countOf = (first: number, end: number) =>
    weights ? weights.subarray(first, end).reduce((sum, weight) => sum + weight, 0) : end - first;
  const evenWeight = (countOf(0, rows) * size) / rows;
  const initial = numbers(6, size1);
  const stepScales = numbers(9, size1, 0.25, 0.75);
  const factors = named?.rule.factors ?? new Float64Array(0);
  const its: UniformSettings = {
    ...{ exampleCount: countOf(0, rows), learningRate: 0.2 / size1, tolerance: 0, patience: 3, epochs },
    ...{ firstLoss: 0, l1: named?.l1 ?? 0, l2: named?.l2 ?? 0, firstPoint: epochs },
    ...(named && { rule: onDevice(named.rule) }),
    ...run.settings,
  };
  const slots = named ? 4 : 1;
  const held = new Float64Array(slots * size1);
  held.set(initial);
  const shape = { quads: mostQuadsOf(size), parameters: size1, updates, epochs: epochsAtOnce };
  const kernel = shortBatchesKernel(shape, tuning, 'f32', form);
  const points = its.pathEvery ? Math.floor(epochs / its.pathEvery) : 0;
  let inPlace: ArrayBuffer[] = [
    Float32Array.from(held).buffer,
    new Float32Array(slots * size1).buffer,
    RUNNING,
    new Float32Array(epochs + points * size1).fill(Number.NaN).buffer,
  ];
  for (let k = 0; k < dispatches; k++) {
    inPlace = await runKernelInPlace(gpu.context, kernel, {
      config: configFor(rows, features, 1, { huberDelta: HUBER_DELTA, mini: { batches, evenWeight } }),
      reads: [
        settingsOfOne(its),
        inQuads(X),
        inQuads(withWeights([y], terms)),
        Float64Array.of(...stepScales, ...factors),
      ],
      inPlace,
      workgroups: [1],
    });
  }
  const [even, odd, finished, history] = inPlace.map((contents) => new Float32Array(contents));
  const parameters = initial.slice();
  let previous = new Float64Array(size1) as Float64Array;
  const optimizerState = emptyOptimizerState(size1);
  const losses: number[] = [];
  const path: number[] = [];
  let loss = 0;
  const { learningRate, l1, l2 } = its;
  const options = {
    learningRate,
    l1,
    l2,
    stepScales,
    updatesPerEpoch: batches.count,
    ...(named && { rule: named.rule }),
  };
  let total = 0;
  for (let k = 0; k < dispatches; k++) {
    const last = Math.min(Math.floor(total / batches.count) + epochsAtOnce, epochs);
    total = Math.min(total + updates, last * batches.count);
  }
  for (let done = 0; done < total; done++) {
    const { first, end } = batches.range(batches.at(done % batches.count, losses.length));
    const part = (column: Float64Array) => column.subarray(first, end);
    const [residuals, twiceLosses] = [new Float64Array(end - first), new Float64Array(end - first)];
    const sums = new Float64Array(features + 2);
    const partTerms = { ...terms, exampleWeights: weights && part(weights) };
    previous = parameters.slice();
    residual(X.map(part), part(y), parameters, residuals, partTerms, twiceLosses);
    gradient(X.map(part), residuals, sums, twiceLosses);
    const count = countOf(first, end);
    const paced = { ...options, learningRate: (learningRate * count) / evenWeight };
    loss += (update(sums, count, paced, parameters, optimizerState) * count) / its.exampleCount;
    if ((done + 1) % batches.count === 0) {
      losses.push(loss);
      loss = 0;
      if (its.pathEvery && losses.length % its.pathEvery === 0) path.push(...parameters);
    }
  }
  const progress = readProgress(finished?.buffer as ArrayBuffer);
  const isEven = total % 2 === 0;
  return {
    progress,
    now: (isEven ? even : odd) as Float32Array,
    before: (isEven ? odd : even) as Float32Array,
    history: history as Float32Array,
    expected: {
      parameters,
      previous,
      losses,
      path,
      loss,
      optimizerState,
      epoch: losses.length,
      batch: total % batches.count,
    },
    stepScales,
  };
}

const because = 'a rounding of 2^-24 per sum and update, of values under 4, while descent forgets the older ones';

/** What was to come out, did. */
function expectSame({ progress, now, before, history, expected }: Awaited<ReturnType<typeof runBatches>>) {
  const size = expected.parameters.length;
  expectClose(now.subarray(0, size), expected.parameters, { absolute: 1e-5, because });
  expectClose(before.subarray(0, size), expected.previous, { absolute: 1e-5, because });
  expectClose(history.subarray(0, expected.epoch), expected.losses, { relative: 1e-5, because });
  expect([...history].filter(Number.isFinite)).toHaveLength(expected.epoch + expected.path.length);
  expect([progress.epoch, progress.within?.batch ?? 0]).toEqual([expected.epoch, expected.batch]);
  const { lossSum = 0, lastLosses = 0 } = progress.within ?? {};
  expectClose([lossSum + lastLosses], [expected.loss], { absolute: 1e-6, relative: 1e-5, because });
}

describe.each(TUNINGS)('short_batches.wgsl, tuned for $name,', ({ tuning }) => {
  // Sizes that divide the rows and that do not, that lie in quads and across them, single examples, and one odd batch out.
  const shapes = [
    ...[1, 2, 3, 4, 5, 7, 8, 31, 64].map((size) => ({ rows: 65, features: 3, size })),
    ...[1, 2, 8, 17, 64, 513].map((features) => ({ rows: 37, features, size: 6 })),
    { rows: 2, features: 1, size: 1 },
    { rows: 3, features: 2, size: 2 },
    { rows: 3000, features: 2, size: 1021 },
    { rows: 5003, features: 1, size: 4 * MOST_SHORT_QUADS - 3 },
  ];
  it.each(shareOf(tuning, shapes))('equals its twins at $rows × $features in batches of $size', async (shape) => {
    expectSame(await runBatches({ tuning, ...shape }));
  });

  it('equals its twins in the order of the examples', async () => {
    expectSame(await runBatches({ tuning, rows: 20, features: 3, size: 6, shuffle: false }));
  });

  const forms = OTHER_TERMS.flatMap((form) => [1, 3, 10].map((size) => ({ form, ...form, size })));
  it.each(shareOf(tuning, forms))(
    'equals its twins for the $loss loss, counted $counted, in batches of $size',
    async ({ form, size }) => {
      expectSame(await runBatches({ tuning, rows: 33, features: 3, size, form, updates: 40 }));
    },
  );

  it.each(RULES)('equals its twins by $name', async (named) => {
    const run = await runBatches({ tuning, rows: 20, features: 3, size: 6, named });
    expectSame(run);
    const { optimizerState, parameters } = run.expected;
    const size = parameters.length;
    const stored = optimizerState.average.map((value, j) => value * Math.sqrt(run.stepScales[j] as number));
    if (named.rule.averageFrom < 4) expectClose(run.now.subarray(3 * size), stored, { absolute: 1e-5, because });
  });

  it('goes on from one dispatch to the next, wherever it ends', async () => {
    const named = RULES.find(({ name }) => name === 'adam with schedule and average') as (typeof RULES)[number];
    for (const updates of [3, 5]) {
      expectSame(await runBatches({ tuning, rows: 20, features: 3, size: 6, updates, dispatches: 5, named }));
    }
  });

  it('stops at the end of an epoch that is to be validated', async () => {
    const run = { tuning, rows: 20, features: 3, size: 6, epochsAtOnce: 1 }; // four batches
    for (const [updates, dispatches, epoch, batch] of [
      [16, 3, 3, 0],
      [3, 2, 1, 0],
      [4, 2, 2, 0],
      [3, 5, 2, 3],
    ] as const) {
      const its = await runBatches({ ...run, updates, dispatches });
      expectSame(its);
      expect([its.progress.epoch, its.progress.within?.batch ?? 0]).toEqual([epoch, batch]);
    }
  });

  it('records a path up to the last of its epochs', async () => {
    const run = await runBatches({
      ...{ tuning, rows: 20, features: 3, size: 6, dispatches: 4, epochs: 7, settings: { pathEvery: 2 } },
    });
    expectSame(run);
    expect(run.progress.stopReason).toBe('finished');
    expectClose(run.history.subarray(7), run.expected.path, { absolute: 1e-5, because });
  });

  it('adds up the losses of more batches than one sum takes', async () => {
    expectSame(await runBatches({ tuning, rows: 1031, features: 1, size: 1, updates: 1030 }));
    expectSame(await runBatches({ tuning, rows: 1030, features: 1, size: 1, updates: 1030 }));
  });
});

describe('short_batches.wgsl', () => {
  it('stops as diverged within an epoch, with the last parameters whose loss was finite in the other buffer', async () => {
    const run = { rows: 65, features: 2, size: 8, settings: { learningRate: 1e9 }, scale: 1e12 };
    const { progress, now, before } = await runBatches(run);
    expect(progress.stopReason).toBe('diverged');
    const updates = 9 * progress.epoch + (progress.within?.batch ?? 0);
    expect(updates).toBeGreaterThan(0);
    expect(progress.within).toBeDefined();
    const kept = updates % 2 === 0 ? before : now; // 16 updates are even
    expect(kept.every(Number.isFinite)).toBe(true);
  });

  it('stops at a plateau after enough quiet epochs', async () => {
    const { progress } = await runBatches({
      rows: 65,
      features: 2,
      size: 16,
      dispatches: 16,
      settings: { tolerance: 0.5 },
    });
    expect(progress.stopReason).toBe('plateau');
    expect(progress.within).toBeUndefined();
    expect(progress.epoch).toBeLessThan(50);
  });
});
