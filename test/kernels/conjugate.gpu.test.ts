import { describe, expect, it } from 'vitest';
import { type UniformSettings, PROGRESS_BYTES, readProgress, writeSettings } from '../../src/gpu/kernels/uniforms.js';
import { conjugateKernel } from '../../src/gpu/kernels/epoch-kernels.js';
import { SOFTWARE, type Tuning } from '../../src/gpu/device/tuning.js';
import { ConjugateGradientTwin } from '../../src/reference/conjugate.js';
import { gradient } from '../../src/reference/gradient.js';
import { residual } from '../../src/reference/residual.js';
import { expectClose } from '../support/close.js';
import { columns, numbers } from '../support/data.js';
import { configFor, progressBytes, runKernel, TUNINGS, withContext } from '../support/kernel.js';

const gpu = withContext();

const ROWS = 97;
const EPOCHS = 20;
const SLOTS = 4;

interface Model {
  initial: Float64Array; // [d + 1] as it is stored
  targets: Float64Array; // [m]
  l2: number;
}

/** So many epochs of conjugate.wgsl, whose sums the host makes at the point that the device gives. */
async function run(
  tuning: Tuning,
  models: readonly Model[],
  features: number,
  epochs: number,
  start = new ArrayBuffer(PROGRESS_BYTES * models.length),
) {
  const size = features + 1;
  const X = columns(21, ROWS, features);
  const stepScales = numbers(9, size, 0.5, 1).fill(1, features); // the bias is stored as it is
  const settings = models.map(({ l2 }, k): UniformSettings => ({
    exampleCount: ROWS,
    learningRate: 0.1,
    tolerance: 0,
    patience: 3,
    epochs: EPOCHS,
    firstLoss: k * EPOCHS,
    l1: 0,
    l2,
    rule: {
      firstFactor: 0,
      factorCount: 0,
      optimizer: 'conjugateGradient',
      momentum: 0,
      beta1: 0,
      beta2: 0,
      epsilon: 1,
      averageFrom: Infinity,
    },
  }));
  const first = new Float32Array(SLOTS * models.length * size);
  models.forEach(({ initial }, k) => {
    first.set(initial, k * size);
    first.set(initial, (3 * models.length + k) * size);
  });
  let parameters: ArrayBuffer = first.buffer;
  let progress: ArrayBuffer = start;
  const losses: number[][] = models.map(() => []);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const partials = new Float64Array(models.length * 2 * (size + 1));
    models.forEach(({ targets }, k) => {
      const point = Float64Array.from(new Float32Array(parameters, 4 * k * size, size));
      const [residuals, sums] = [new Float64Array(ROWS), new Float64Array(size + 1)];
      residual(X, targets, point, residuals);
      gradient(X, residuals, sums);
      const at = 2 * k * (size + 1);
      partials.set(sums.map((value) => value / 3), at); // prettier-ignore
      partials.set(sums.map((value) => (2 * value) / 3), at + size + 1); // prettier-ignore
    });
    const [next, after, history] = (await runKernel(gpu.context, conjugateKernel(tuning), {
      config: configFor(ROWS, features, 2),
      reads: [writeSettings(settings), partials, stepScales, parameters, progress],
      writes: [parameters.byteLength, progress.byteLength, 4 * models.length * EPOCHS],
      workgroups: [1, 1, models.length],
    })) as [ArrayBuffer, ArrayBuffer, ArrayBuffer];
    [parameters, progress] = [next, after];
    losses.forEach((its, k) => its.push(new Float32Array(history)[k * EPOCHS + epoch] as number));
  }
  return {
    losses,
    progress: models.map((_, k) => readProgress(progress, PROGRESS_BYTES * k)),
    /** [d + 1] in training units. */
    results: models.map((_, k) =>
      Float64Array.from(
        new Float32Array(parameters, 4 * (3 * models.length + k) * size, size),
        (value, j) => value / Math.sqrt(stepScales[j] as number),
      ),
    ),
    /** The twin on features in training units. */
    twin: ({ initial, targets, l2 }: Model) => {
      const features = X.map((column, j) => column.map((value) => value * Math.sqrt(stepScales[j] as number)));
      const learned = new Float64Array(size).fill(1);
      const twin = new ConjugateGradientTwin(
        { features, targets, terms: {}, count: ROWS, l2, learned },
        { loss: Number.NaN },
      );
      const parameters = initial.map((value, j) => value / Math.sqrt(stepScales[j] as number));
      const losses = Array.from({ length: epochs }, () => twin.step(parameters, parameters));
      return { parameters, losses };
    },
  };
}

const model = (k: number, features: number, l2 = 0): Model => {
  return { initial: numbers(30 + k, features + 1), targets: numbers(40 + k, ROWS, 2, 0.3), l2 };
};

const because = 'slopes of size 1 in f32, and condition numbers under 10';

describe.each(TUNINGS)('conjugate.wgsl, tuned for $name,', ({ tuning }) => {
  it.each([1, 2, 4, 5, 17, 65])('equals its twin step by step at %i features', async (features) => {
    const one = model(0, features, 0.25);
    for (const epochs of [1, 2, 3, 6].filter((count) => count <= features + 2)) {
      const { results, losses, progress, twin } = await run(tuning, [one], features, epochs);
      const expected = twin(one);
      expectClose(results[0] as Float64Array, expected.parameters, { absolute: 2e-5, because });
      expectClose(losses[0] as number[], expected.losses, { absolute: 2e-6, relative: 2e-6, because });
      expect(progress[0]).toMatchObject({ epoch: epochs, stopReason: 'running' });
    }
  });

  it('equals its twin for several models at a time', async () => {
    const models = [model(0, 5), model(1, 5, 0.5), model(2, 5, 2)];
    const { results, losses, twin } = await run(tuning, models, 5, 5);
    models.forEach((one, k) => {
      const expected = twin(one);
      expectClose(results[k] as Float64Array, expected.parameters, { absolute: 2e-5, because });
      expectClose(losses[k] as number[], expected.losses, { absolute: 2e-6, relative: 2e-6, because });
    });
  });

  it('leaves a model alone that has stopped, and goes on with those beside it', async () => {
    const models = [model(0, 5), model(1, 5), model(2, 5)];
    const start = new Uint8Array(3 * PROGRESS_BYTES);
    start.set(new Uint8Array(progressBytes(3, 2, 1, 0.25)), PROGRESS_BYTES);
    const { results, losses, progress, twin } = await run(tuning, models, 5, 1, start.buffer);
    for (const k of [0, 2]) {
      const expected = twin(models[k] as Model);
      expectClose(results[k] as Float64Array, expected.parameters, { absolute: 2e-5, because });
      expect(progress[k]).toMatchObject({ epoch: 1, stopReason: 'running' });
    }
    expect(progress[1]).toEqual({ epoch: 3, stopReason: 'diverged', quietEpochs: 1, loss: 0.25 });
    expect([...(results[1] as Float64Array), ...(losses[1] as number[])]).toEqual(new Array(7).fill(Number.NaN));
  });
});

describe('conjugate.wgsl', () => {
  /** One dispatch for d = 1 with these slots and sums. */
  const dispatch = async (slots: number[], sums: number[], progress: ArrayBuffer) => {
    const settings = {
      exampleCount: 10,
      learningRate: 0.1,
      tolerance: 0,
      patience: 3,
      epochs: 9,
      firstLoss: 0,
      l1: 0,
      l2: 0,
    };
    const [next, after, history] = (await runKernel(gpu.context, conjugateKernel(SOFTWARE), {
      config: configFor(10, 1, 1),
      reads: [
        writeSettings([settings]),
        Float64Array.from(sums),
        Float64Array.of(1, 1),
        Float64Array.from(slots),
        progress,
      ],
      writes: [32, PROGRESS_BYTES, 36],
      workgroups: [1],
    })) as [ArrayBuffer, ArrayBuffer, ArrayBuffer];
    return {
      next: [...new Float32Array(next)],
      progress: readProgress(after),
      history: [...new Float32Array(history)],
    };
  };

  it('stops at a plateau where the slope is 0, and stays where it is', async () => {
    const { next, progress, history } = await dispatch(
      [0.5, 0.25, 0, 0, 0, 0, 0.5, 0.25],
      [0, 0, 8],
      progressBytes(3, 0, 0, 0.4),
    );
    expect(progress).toMatchObject({ epoch: 4, stopReason: 'plateau' });
    expectClose([history[3] as number], [0.4], { relative: 1e-7, because: 'kept as it was, in f32' });
    expect(next.slice(6)).toEqual([0.5, 0.25]);
    expect(next.every(Number.isFinite)).toBe(true);
  });

  it('stops as diverged where the loss is not finite', async () => {
    const { progress, history } = await dispatch(
      [0.5, 0.25, 1, 1, -1, -1, 0.5, 0.25],
      [1, 1, Infinity],
      progressBytes(3, 0, 0, 0.4),
    );
    expect(progress).toMatchObject({ epoch: 3, stopReason: 'diverged' });
    expect(history.every(Number.isNaN), 'not written').toBe(true);
  });

  it('stays stopped', async () => {
    const { next, progress } = await dispatch(
      [0.5, 0.25, 1, 1, -1, -1, 0.5, 0.25],
      [1, 1, 8],
      progressBytes(3, 1, 0, 0.4),
    );
    expect(progress).toMatchObject({ epoch: 3, stopReason: 'plateau' });
    expect(next.every(Number.isNaN), 'not written').toBe(true);
  });
});
