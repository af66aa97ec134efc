import { describe, expect, it } from 'vitest';
import { type UniformSettings, PROGRESS_BYTES, readProgress, writeSettings } from '../../src/gpu/kernels/uniforms.js';
import { updateKernel } from '../../src/gpu/kernels/epoch-kernels.js';
import { SOFTWARE, type Tuning } from '../../src/gpu/device/tuning.js';
import { update } from '../../src/reference/update.js';
import { expectClose } from '../support/close.js';
import { numbers, RAGGED_FEATURES } from '../support/data.js';
import { configFor, progressBytes, runKernel, settingsOfOne, TUNINGS, withContext } from '../support/kernel.js';

const gpu = withContext();

interface Run {
  tuning?: Tuning;
  features: number;
  partialCount: number;
  /** Σ r² over all partials. */
  squares: number;
  progress: ArrayBuffer;
  tolerance?: number;
  l1?: number;
  l2?: number;
  grid?: [number, number];
  pathEvery?: number;
}

const ROWS = 1000;
const EPOCHS = 8;
const LEARNING_RATE = 0.375;
/** The room for the points of a path, in the history behind the losses and a gap. */
const POINTS = 3;

async function runUpdate(run: Run) {
  const { tuning = SOFTWARE, features, partialCount, squares, progress, tolerance = 0, l1 = 0, l2 = 0 } = run;
  const gradientPartials = numbers(6, (features + 1) * partialCount, 40, 3);
  const shares = numbers(7, partialCount, 0.5, 1); // uneven, so that a partial left out shows
  const total = shares.reduce((sum, share) => sum + share, 0);
  const partials = new Float64Array((features + 2) * partialCount);
  const sums = new Float64Array(features + 2);
  for (let c = 0; c < partialCount; c++) {
    for (let row = 0; row <= features + 1; row++) {
      const value =
        row <= features
          ? (gradientPartials[row * partialCount + c] as number)
          : (squares * (shares[c] as number)) / total;
      partials[c * (features + 2) + row] = value;
      sums[row] = (sums[row] as number) + value;
    }
  }
  sums[features + 1] = squares;
  const parameters = numbers(8, features + 1);
  const stepScales = numbers(9, features + 1, 0.5, 1);
  const kernel = updateKernel(tuning);
  const perWorkgroup = tuning.foldSize / tuning.folders;
  const settings: UniformSettings = {
    exampleCount: ROWS,
    learningRate: LEARNING_RATE,
    tolerance,
    patience: 3,
    epochs: EPOCHS,
    firstLoss: 0,
    l1,
    l2,
    pathEvery: run.pathEvery ?? 0,
    firstPoint: EPOCHS + 3,
  };
  const [nextParameters, nextProgress, history] = (await runKernel(gpu.context, kernel, {
    config: configFor(ROWS, features, partialCount),
    reads: [settingsOfOne(settings), partials, stepScales, parameters, progress],
    writes: [4 * (features + 1), PROGRESS_BYTES, 4 * (EPOCHS + 3 + POINTS * (features + 1))],
    workgroups: run.grid ?? [Math.ceil((features + 1) / perWorkgroup)],
  })) as [ArrayBuffer, ArrayBuffer, ArrayBuffer];

  const expected = parameters.slice();
  const loss = update(sums, ROWS, { learningRate: LEARNING_RATE, l1, l2, stepScales }, expected);
  return {
    actual: new Float32Array(nextParameters),
    expected,
    loss,
    progress: readProgress(nextProgress),
    history: new Float32Array(history),
    points: Array.from({ length: POINTS }, (_, k) => {
      return new Float32Array(history, 4 * (EPOCHS + 3 + k * (features + 1)), features + 1);
    }),
  };
}

const because =
  'up to 128 partials in a row and a tree of 16, of sizes up to 43, times 0.375/1000 and scales under 1.5';

describe.each(TUNINGS)('update.wgsl, tuned for $name,', ({ tuning }) => {
  const cases = RAGGED_FEATURES.flatMap((features) =>
    [1, 2, 61, 64, 65, 1024].map((partialCount) => ({ features, partialCount })),
  );
  it.each(cases)(
    'equals its twin at $features features and $partialCount partials',
    async ({ features, partialCount }) => {
      const { actual, expected, loss, progress, history } = await runUpdate({
        tuning,
        features,
        partialCount,
        squares: 731,
        progress: progressBytes(4, 0, 0, 0.5),
      });
      expectClose(actual, expected, { absolute: 2e-7 + partialCount * 43 * 144 * 2 ** -24 * 6e-4, because });
      expectClose([history[4] as number, progress.loss], [loss, loss], { relative: 1e-5, because: '144 roundings' });
      expect(progress).toMatchObject({ epoch: 5, stopReason: 'running' });
      expect([...history].filter(Number.isFinite), 'one loss written').toHaveLength(1);
    },
  );

  it.each([
    { l1: 0.75, l2: 0 },
    { l1: 0, l2: 0.5 },
    { l1: 1, l2: 0.25 },
  ])('equals its twin with the penalties l1 $l1 and l2 $l2', async ({ l1, l2 }) => {
    const { actual, expected, loss, progress } = await runUpdate({
      tuning,
      features: 17,
      partialCount: 5,
      squares: 731,
      progress: progressBytes(4, 0, 0, 0.5),
      l1,
      l2,
    });
    expectClose(actual, expected, { absolute: 1e-6, because });
    expect([...actual].filter((value) => value === 0).length > 0, 'l1 makes some weights exactly 0').toBe(l1 > 0);
    expectClose([progress.loss], [loss], { relative: 1e-6, because: 'under 30 roundings of 2^-24' });
  });

  it('equals its twin when the parameters are folded over two dimensions, one workgroup too many', async () => {
    const { actual, expected } = await runUpdate({
      tuning,
      features: 4,
      partialCount: 3,
      squares: 731,
      progress: progressBytes(0, 0, 0, 0),
      grid: tuning.folders === 1 ? [1, 3] : [1, 2],
    });
    expectClose(actual, expected, { absolute: 1e-6, because });
  });
});

describe.each(TUNINGS)('the path of update.wgsl, tuned for $name,', ({ tuning }) => {
  const base = { tuning, features: 17, partialCount: 5, squares: 731 };

  it.each([
    { pathEvery: 1, epoch: 2, point: 2 },
    { pathEvery: 2, epoch: 3, point: 1 },
    { pathEvery: 3, epoch: 5, point: 1 },
    { pathEvery: 4, epoch: 3, point: 0 },
  ])('has a point every $pathEvery epochs: number $point with epoch $epoch', async ({ pathEvery, epoch, point }) => {
    const { actual, points, history } = await runUpdate({
      ...base,
      pathEvery,
      progress: progressBytes(epoch, 0, 0, 0.5),
    });
    expect([...(points[point] as Float32Array)]).toEqual([...actual]);
    expect([...history].filter(Number.isFinite), 'that point and one loss are written').toHaveLength(18 + 1);
  });

  it.each([0, 3])('has no point in the epochs between, with a point every %i epochs', async (pathEvery) => {
    const { history } = await runUpdate({ ...base, pathEvery, progress: progressBytes(3, 0, 0, 0.5) });
    expect([...history].filter(Number.isFinite)).toHaveLength(1);
  });

  it('has no point of a loss that is not finite', async () => {
    const run = { ...base, squares: Infinity, pathEvery: 1, progress: progressBytes(1, 0, 0, 0.5) };
    expect((await runUpdate(run)).history.every(Number.isNaN)).toBe(true);
  });
});

describe('update.wgsl', () => {
  const base = { features: 2, partialCount: 3, progress: progressBytes(4, 0, 2, 0.5) };

  it.each([
    ['infinite', Infinity],
    ['NaN', Number.NaN],
    ['beyond f32', 1e39],
  ])('stops as diverged on a loss that is %s, and leaves parameters and history alone', async (_, squares) => {
    const { actual, progress, history } = await runUpdate({ ...base, squares });
    expect(progress).toMatchObject({ epoch: 4, stopReason: 'diverged' });
    expect(actual.every(Number.isNaN), 'not written').toBe(true);
    expect(history.every(Number.isNaN), 'not written').toBe(true);
  });

  it('stops at a plateau after enough quiet epochs in a row', async () => {
    const { progress } = await runUpdate({ ...base, squares: 999.9, tolerance: 0.01 }); // loss 0.49995 after 0.5
    expect(progress).toMatchObject({ epoch: 5, stopReason: 'plateau', quietEpochs: 3 });
  });

  it('goes on after an epoch that was not quiet', async () => {
    const { progress } = await runUpdate({ ...base, squares: 731, tolerance: 0.01 });
    expect(progress).toMatchObject({ epoch: 5, stopReason: 'running', quietEpochs: 0 });
  });

  it('goes on when the tolerance is 0, however little the loss changes', async () => {
    const { progress } = await runUpdate({ ...base, squares: 1000, tolerance: 0 });
    expect(progress).toMatchObject({ stopReason: 'running' });
  });

  it('stops as finished after the last of its epochs', async () => {
    const { progress } = await runUpdate({ ...base, squares: 731, progress: progressBytes(EPOCHS - 1, 0, 0, 0.5) });
    expect(progress).toMatchObject({ epoch: EPOCHS, stopReason: 'finished' });
  });

  it('stops at a plateau when it comes to one in the last of its epochs', async () => {
    const last = progressBytes(EPOCHS - 1, 0, 2, 0.5);
    const { progress } = await runUpdate({ ...base, squares: 999.9, tolerance: 0.01, progress: last });
    expect(progress).toMatchObject({ epoch: EPOCHS, stopReason: 'plateau' });
  });

  it('stays stopped', async () => {
    const stopped = progressBytes(3, 1, 3, 0.25);
    const { actual, progress, history } = await runUpdate({ ...base, squares: 731, progress: stopped });
    expect(progress).toEqual({ epoch: 3, stopReason: 'plateau', quietEpochs: 3, loss: 0.25 });
    expect(actual.every(Number.isNaN)).toBe(true);
    expect(history.every(Number.isNaN)).toBe(true);
  });
});

describe.each(TUNINGS)('update.wgsl for several models, tuned for $name,', ({ tuning }) => {
  it.each([1, 3, 17])('updates each by its own sums, settings and progress at %i features', async (features) => {
    const partialCount = 9;
    const settings: UniformSettings[] = [
      { exampleCount: 100, learningRate: 0.5, tolerance: 0, patience: 3, epochs: 5, firstLoss: 0, l1: 0, l2: 0 },
      { exampleCount: 200, learningRate: 0.25, tolerance: 0.5, patience: 1, epochs: 3, firstLoss: 5, l1: 0.5, l2: 0 },
      { exampleCount: 300, learningRate: 0.125, tolerance: 0, patience: 3, epochs: 4, firstLoss: 8, l1: 0, l2: 1 },
      { exampleCount: 400, learningRate: 0.5, tolerance: 0, patience: 3, epochs: 2, firstLoss: 12, l1: 0, l2: 0 },
    ];
    const before = [
      { epoch: 3, stopReason: 0, loss: 0.5 },
      { epoch: 1, stopReason: 0, loss: 0.001 },
      { epoch: 2, stopReason: 1, loss: 0.5 },
      { epoch: 1, stopReason: 0, loss: 0.5 },
    ] as const;
    const rows = features + 2;
    const partials = numbers(6, settings.length * partialCount * rows, 4, 3);
    // Σ r² has no sign, and the last model's is not finite.
    for (let at = rows - 1; at < partials.length; at += rows) partials[at] = Math.abs(partials[at] as number);
    partials[partials.length - 1] = Infinity;
    const parameters = numbers(8, settings.length * (features + 1));
    const stepScales = numbers(9, features + 1, 0.5, 1);
    const progress = new Uint8Array(PROGRESS_BYTES * settings.length);
    before.forEach(({ epoch, stopReason, loss }, k) => {
      progress.set(new Uint8Array(progressBytes(epoch, stopReason, 0, loss)), PROGRESS_BYTES * k);
    });
    const [nextParameters, nextProgress, history] = (await runKernel(gpu.context, updateKernel(tuning), {
      config: configFor(ROWS, features, partialCount),
      reads: [writeSettings(settings), partials, stepScales, parameters, progress.buffer],
      writes: [parameters.length * 4, progress.length, 14 * 4],
      workgroups: [Math.ceil((features + 1) / (tuning.foldSize / tuning.folders)), 1, settings.length],
    })) as [ArrayBuffer, ArrayBuffer, ArrayBuffer];

    const losses = new Float64Array(14).fill(Number.NaN);
    settings.forEach(({ exampleCount, learningRate, l1, l2, firstLoss }, k) => {
      const its = new Float32Array(nextParameters, k * (features + 1) * 4, features + 1);
      if (k >= 2) {
        expect(its.every(Number.isNaN), `model ${k} has stopped`).toBe(true);
        return;
      }
      const expected = parameters.slice(k * (features + 1), (k + 1) * (features + 1));
      const sums = Float64Array.from({ length: rows }, (_, row) => {
        let sum = 0;
        for (let c = 0; c < partialCount; c++) sum += partials[(k * partialCount + c) * rows + row] as number;
        return sum;
      });
      losses[firstLoss + (before[k]?.epoch ?? 0)] = update(
        sums,
        exampleCount,
        { learningRate, l1, l2, stepScales },
        expected,
      );
      expectClose(its, expected, { absolute: 1e-6, because });
    });
    const written = new Float32Array(history);
    for (const at of [3, 6]) {
      expectClose([written[at] as number], [losses[at] as number], { relative: 1e-5, because });
    }
    expect([...written].filter(Number.isFinite), 'no other loss is written').toHaveLength(2);
    expect(settings.map((_, k) => readProgress(nextProgress, PROGRESS_BYTES * k))).toMatchObject([
      { epoch: 4, stopReason: 'running' },
      { epoch: 2, stopReason: 'plateau' },
      { epoch: 2, stopReason: 'plateau', loss: 0.5 },
      { epoch: 1, stopReason: 'diverged' },
    ]);
  });
});
