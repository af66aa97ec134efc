import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ModelSettings, readProgress, writeSettings } from '../../src/gpu/config.js';
import type { GpuContext } from '../../src/gpu/device.js';
import { update as updateKernel } from '../../src/gpu/kernels.js';
import { SOFTWARE, type Tuning } from '../../src/gpu/tuning.js';
import { update } from '../../src/reference/update.js';
import { expectClose } from '../support/close.js';
import { numbers, RAGGED_FEATURES } from '../support/data.js';
import { configFor, openContext, progressBytes, runKernel, TUNINGS } from '../support/kernel.js';

let context: GpuContext;
beforeAll(async () => {
  context = await openContext();
});
afterAll(() => context.dispose());

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
}

const ROWS = 1000;
const EPOCHS = 8;
const LEARNING_RATE = 0.375;

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
  const settings: ModelSettings = {
    exampleCount: ROWS,
    learningRate: LEARNING_RATE,
    tolerance,
    patience: 3,
    epochs: EPOCHS,
    firstLoss: 0,
    l1,
    l2,
  };
  const [nextParameters, nextProgress, history] = (await runKernel(context, kernel, {
    config: configFor(ROWS, features, partialCount),
    reads: [writeSettings([settings]), partials, stepScales, parameters, progress],
    writes: [4 * (features + 1), 16, 4 * EPOCHS],
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
  };
}

const because =
  'up to 128 partials in a row and a tree of 16, of sizes up to 43, times 0.375/1000 and scales under 1.5';

describe.each(TUNINGS)('update.wgsl, tuned for $name, equals its twin', ({ tuning }) => {
  const cases = RAGGED_FEATURES.flatMap((features) =>
    [1, 2, 61, 64, 65, 1024].map((partialCount) => ({ features, partialCount })),
  );
  it.each(cases)('at $features features and $partialCount partials', async ({ features, partialCount }) => {
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
  });

  it.each([
    { l1: 0.75, l2: 0 },
    { l1: 0, l2: 0.5 },
    { l1: 1, l2: 0.25 },
  ])('with the penalties l1 $l1 and l2 $l2', async ({ l1, l2 }) => {
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

  it('when the parameters are folded over two dimensions, one workgroup too many', async () => {
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

describe('update.wgsl stops', () => {
  const base = { features: 2, partialCount: 3, progress: progressBytes(4, 0, 2, 0.5) };

  it.each([
    ['infinite', Infinity],
    ['NaN', Number.NaN],
    ['beyond f32', 1e39],
  ])('as diverged on a loss that is %s, and leaves parameters and history alone', async (_, squares) => {
    const { actual, progress, history } = await runUpdate({ ...base, squares });
    expect(progress).toMatchObject({ epoch: 4, stopReason: 'diverged' });
    expect(actual.every(Number.isNaN), 'not written').toBe(true);
    expect(history.every(Number.isNaN), 'not written').toBe(true);
  });

  it('as converged after enough quiet epochs in a row', async () => {
    const { progress } = await runUpdate({ ...base, squares: 999.9, tolerance: 0.01 }); // loss 0.49995 after 0.5
    expect(progress).toMatchObject({ epoch: 5, stopReason: 'converged', quietEpochs: 3 });
  });

  it('not after an epoch that was not quiet', async () => {
    const { progress } = await runUpdate({ ...base, squares: 731, tolerance: 0.01 });
    expect(progress).toMatchObject({ epoch: 5, stopReason: 'running', quietEpochs: 0 });
  });

  it('not when the tolerance is 0, however still the loss stands', async () => {
    const { progress } = await runUpdate({ ...base, squares: 1000, tolerance: 0 });
    expect(progress).toMatchObject({ stopReason: 'running' });
  });

  it('and stays stopped', async () => {
    const stopped = progressBytes(3, 1, 3, 0.25);
    const { actual, progress, history } = await runUpdate({ ...base, squares: 731, progress: stopped });
    expect(progress).toEqual({ epoch: 3, stopReason: 'converged', quietEpochs: 3, loss: 0.25 });
    expect(actual.every(Number.isNaN)).toBe(true);
    expect(history.every(Number.isNaN)).toBe(true);
  });
});
