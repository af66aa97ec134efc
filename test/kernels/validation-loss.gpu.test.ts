import { describe, expect, it } from 'vitest';
import {
  type UniformSettings,
  type Progress,
  readProgress,
  type RuleSettings,
  writeProgress,
  writeSettings,
} from '../../src/gpu/kernels/uniforms.js';
import { validationLossKernel, validationModelKernel } from '../../src/gpu/kernels/epoch-kernels.js';
import type { Tuning } from '../../src/gpu/device/tuning.js';
import { resultOf } from '../../src/descent/optimizers.js';
import { EarlyStopping } from '../../src/descent/early-stopping.js';
import { expectClose } from '../support/close.js';
import { numbers } from '../support/data.js';
import { configFor, runKernel, runKernelInPlace, settingsOfOne, TUNINGS, withContext } from '../support/kernel.js';

const gpu = withContext();

const WEIGHT = 37.5;
const EPOCHS = 40;

const settingsFor = (rest: Partial<UniformSettings> = {}): UniformSettings => ({
  exampleCount: WEIGHT,
  learningRate: 0.1,
  tolerance: 0.01,
  patience: 3,
  epochs: EPOCHS,
  firstLoss: 0,
  l1: 0,
  l2: 0,
  ...rest,
});

/** Falls, rises, falls by less than a hundredth, and rises for good. */
const LOSSES = [4, 3, 3.5, 3.25, 2.5, 2.495, 2.6, 2.25, 2.24, 2.375, 2.5, 2.625, 2.75];

/** All that validation_loss.wgsl keeps from epoch to epoch. */
interface Kept {
  progress: ArrayBuffer;
  best: ArrayBuffer;
  history: ArrayBuffer;
}

/** The kernel after one epoch that left these parameters and this loss, in so many partials. */
async function validateOnce(
  tuning: Tuning,
  kept: Kept,
  epoch: { loss: number; parameters: Float64Array; partialCount: number; after: Progress },
  settings: UniformSettings,
): Promise<Kept> {
  const { loss, parameters, partialCount, after } = epoch;
  const rows = parameters.length + 1;
  // Sums of gradients are there too, and of no use.
  const partials = numbers(4, rows * partialCount);
  const shares = numbers(5, partialCount, 0.5, 1);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  shares.forEach((share, c) => (partials[c * rows + rows - 1] = (2 * WEIGHT * loss * share) / whole));
  const [progress, best, history] = await runKernelInPlace(gpu.context, validationLossKernel(tuning), {
    config: configFor(1, parameters.length - 1, partialCount),
    reads: [settingsOfOne(settings), partials, parameters],
    inPlace: [writeProgress([after, { ...after, stopReason: 'plateau', epoch: 99 }]), kept.best, kept.history],
    workgroups: [1],
  });
  return { progress, best, history } as Kept;
}

function atFirst(size: number): Kept {
  const progress = writeProgress([{ epoch: 0, stopReason: 'running', quietEpochs: 0, loss: Number.NaN }]);
  return { progress, best: new ArrayBuffer(4 * (3 + size)), history: new ArrayBuffer(4 * EPOCHS) };
}

/** What it keeps of the best epoch, after how many were judged. */
function bestOf({ best }: Kept) {
  const [judged, epoch, loss, ...parameters] = new Float32Array(best);
  return { judged, epoch, loss, parameters };
}

/** What update makes of the progress: an epoch more, and the rest as it is. */
const advanced = (kept: Kept, rest: Partial<Progress> = {}): Progress => {
  const before = readProgress(kept.progress);
  return { ...before, epoch: before.epoch + 1, loss: 9, ...rest };
};

const because = 'sums of up to 300 partials in f32, all of one sign';

describe.each(TUNINGS)('validation_loss.wgsl, tuned for $name,', ({ tuning }) => {
  it.each([
    { features: 1, partialCount: 1 },
    { features: 3, partialCount: 5 },
    { features: 63, partialCount: 64 },
    { features: 64, partialCount: 65 },
    { features: 130, partialCount: 300 },
  ])(
    'equals its twin epoch by epoch at $features features and $partialCount partials',
    async ({ features, partialCount }) => {
      for (const { tolerance, patience, epochs } of [
        { tolerance: 0.01, patience: 3, epochs: 11 },
        { tolerance: 0.01, patience: 2, epochs: 4 },
        { tolerance: 1e-6, patience: 3, epochs: 12 },
        { tolerance: 0, patience: 1, epochs: LOSSES.length },
      ]) {
        const settings = settingsFor({ tolerance, patience });
        let kept = atFirst(features + 1);
        let now = 0;
        const twin = new EarlyStopping(() => LOSSES[now] as number, {});
        let quietEpochs = 0;
        for (; now < LOSSES.length && readProgress(kept.progress).stopReason === 'running'; now++) {
          const parameters = numbers(100 + now, features + 1);
          const after = advanced(kept);
          kept = await validateOnce(
            tuning,
            kept,
            { loss: LOSSES[now] as number, parameters, partialCount, after },
            settings,
          );
          const isQuiet = twin.validate({ epoch: now + 1, parameters, optimizerState: () => [] }, { tolerance });
          quietEpochs = isQuiet && tolerance > 0 ? quietEpochs + 1 : 0;
          const { judged, epoch, loss, parameters: best } = bestOf(kept);
          expect([judged, epoch]).toEqual([now + 1, twin.best?.epoch]);
          expect(best).toEqual([...(twin.best?.parameters ?? [])]);
          expectClose([loss as number], [twin.best?.loss as number], { relative: 1e-6, because });
          expect(readProgress(kept.progress)).toEqual({
            ...after,
            quietEpochs,
            stopReason: quietEpochs >= patience ? 'earlyStopping' : 'running',
          });
        }
        expectClose(new Float32Array(kept.history).subarray(0, now), twin.take(), { relative: 1e-6, because });
        expect([...new Float32Array(kept.history).subarray(now)]).toEqual(new Array(EPOCHS - now).fill(0));
        expect(now).toBe(epochs);
      }
    },
  );

  const parameters = numbers(7, 4);
  const partialCount = 3;

  it('leaves an epoch that hat a plateau', async () => {
    const settings = settingsFor({ patience: 1 });
    const its = { loss: 2, parameters, partialCount };
    const first = await validateOnce(tuning, atFirst(4), { ...its, after: advanced(atFirst(4)) }, settings);
    for (const [given, expected] of [
      ['running', 'earlyStopping'],
      ['plateau', 'plateau'],
    ] as const) {
      const after = advanced(first, { stopReason: given });
      const second = await validateOnce(tuning, first, { ...its, after }, settings);
      expect(readProgress(second.progress).stopReason).toBe(expected);
    }
  });

  it.each([
    [3, true],
    [3.15, true],
    [2.99, false],
    [5, true],
  ])('takes the share of the smallest so far: %d after 4 is quiet, %s', async (loss, isQuiet) => {
    let kept = atFirst(4);
    for (const its of [4, loss]) {
      const epoch = { loss: its, parameters, partialCount: 1, after: advanced(kept) };
      kept = await validateOnce(tuning, kept, epoch, settingsFor({ tolerance: 0.25 }));
    }
    expect(readProgress(kept.progress).quietEpochs).toBe(isQuiet ? 1 : 0);
  });

  it('keeps the first of two that are the same', async () => {
    let kept = atFirst(4);
    for (const seed of [1, 2]) {
      const its = { loss: 2, parameters: numbers(seed, 4), partialCount: 1, after: advanced(kept) };
      kept = await validateOnce(tuning, kept, its, settingsFor());
    }
    expect(bestOf(kept)).toEqual({ judged: 2, epoch: 1, loss: 2, parameters: [...numbers(1, 4)] });
  });

  it.each([Infinity, Number.NaN])('ends at a loss of %d, which is never the best', async (loss) => {
    const first = await validateOnce(
      tuning,
      atFirst(4),
      { loss: 2, parameters, partialCount, after: advanced(atFirst(4)) },
      settingsFor(),
    );
    for (const kept of [atFirst(4), first]) {
      const its = { loss, parameters: numbers(9, 4), partialCount, after: advanced(kept) };
      const next = await validateOnce(tuning, kept, its, settingsFor());
      expect(readProgress(next.progress)).toEqual({ ...its.after, stopReason: 'diverged' });
      expect(bestOf(next)).toEqual({ ...bestOf(kept), judged: its.after.epoch });
    }
  });

  it.each<Partial<Progress>>([
    { stopReason: 'diverged', loss: 3 },
    { stopReason: 'earlyStopping', quietEpochs: 3 },
    { within: { batch: 2, lossSum: 1, lastLosses: 0.5 } },
  ])('does nothing where no epoch has ended since: %o', async (rest) => {
    const its = { loss: 2, parameters, partialCount };
    const first = await validateOnce(tuning, atFirst(4), { ...its, after: advanced(atFirst(4)) }, settingsFor());
    const after = { ...readProgress(first.progress), ...rest };
    const second = await validateOnce(tuning, first, { ...its, loss: 1, after }, settingsFor());
    expect(readProgress(second.progress)).toEqual(after);
    expect([bestOf(second), second.history]).toEqual([bestOf(first), first.history]);
  });
});

describe.each(TUNINGS)('validation_model.wgsl, tuned for $name,', ({ tuning }) => {
  const plain: RuleSettings = {
    firstFactor: 0,
    factorCount: 0,
    optimizer: 'adam',
    momentum: 0,
    beta1: 0,
    beta2: 0,
    epsilon: 1,
    averageFrom: Infinity,
  };

  it.each([1, 63, 64, 200])('takes the parameters, the average or the last slot, of %i features', async (features) => {
    const size = features + 1;
    const slots = numbers(3, 4 * size);
    const slot = (k: number) => slots.slice(k * size, (k + 1) * size);
    const run = async (rule: RuleSettings, epoch: number) => {
      const [model] = await runKernel(gpu.context, validationModelKernel(tuning), {
        config: configFor(1, features),
        reads: [
          writeSettings([settingsFor({ rule }), settingsFor({ rule: { ...rule, averageFrom: rule.averageFrom === 0 ? Infinity : 0 } })]), // prettier-ignore
          slots,
          writeProgress([{ epoch, stopReason: 'running', quietEpochs: 0, loss: 1 }]),
        ],
        writes: [4 * size],
        workgroups: [1],
      });
      return new Float32Array(model as ArrayBuffer);
    };
    for (const averageFrom of [0, 3, Infinity]) {
      for (const epoch of [1, 3, 4, 100]) {
        const expected = resultOf(
          { epoch, parameters: slot(0), optimizerState: [slot(1), slot(2), slot(3)] },
          { averageFrom },
        );
        expect([...(await run({ ...plain, averageFrom }, epoch))]).toEqual([...expected]);
      }
    }
    expect([...(await run({ ...plain, optimizer: 'conjugateGradient' }, 2))]).toEqual([...slot(3)]);
  });
});
