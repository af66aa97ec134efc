// What needs no GPU: several models on the CPU, where each is trained by itself.

import { describe, expect, it } from 'vitest';
import { atOnce } from '../src/base/turns.js';
import type { ModelProgress } from '../src/descent/backend.js';
import { crossValidate } from '../src/cross-validate.js';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import { foldRows } from '../src/data/folds.js';
import { lossSurface } from '../src/loss-surface.js';
import type { ModelOptions } from '../src/fitting/many-options.js';
import type { LinearModel } from '../src/model/linear-model.js';
import { expectClose } from './support/close.js';
import { examples, rowsOf, withTargets } from './support/examples.js';
import { expectRefusal } from './support/refusal.js';
import { parametersOf } from './support/models.js';

const SHARED = { epochs: 60, tolerance: 1e-4, strategy: 'streaming', backend: 'cpu' } as const;
const data = examples(1, 300, 3);
const labelled = withTargets(
  data,
  data.targets.map((y) => Number(y > 0.1)),
);

/** Times, and numbers that other sums come to; their warnings hold them in two digits. */
const NOT_COMPARED = { timings: null, relativeGradient: null, distanceToOptimum: null };

it.each<[string, ModelOptions[]]>([
  ['at its first model', [{}]],
  ['at its last one', [{}, { l1: 0.1 }]],
])('cross-validation by a solver rejects with the reason of an abort, %s', async (_, options) => {
  const controller = new AbortController();
  const last = 4 * options.length - 1;
  const run = crossValidate(labelled, options, {
    backend: 'cpu',
    folds: 4,
    loss: 'logistic',
    signal: controller.signal,
    onProgress: (models) => {
      if ((models[options.length === 1 ? 0 : last] as ModelProgress).epoch > 0) controller.abort(new Error('enough'));
    },
  });
  await expect(run).rejects.toThrow('enough');
});

describe('fitMany on the CPU', () => {
  const options: ModelOptions[] = [
    { learningRate: 0.1, tolerance: 0 },
    { learningRate: 5, epochs: 500 },
    { l2: 1, seed: 3 },
    { l1: 0.3, initialParameters: { weights: [1, 2, 3], bias: 4 } },
  ];

  it('gives what fit gives for each', async () => {
    const models = await fitMany(data, options, SHARED);
    expect(models.map(({ report }) => report.stopReason)).toEqual(['epochs', 'diverged', 'plateau', 'converged']);
    for (const [k, model] of models.entries()) {
      const alone = await fit(data, { ...SHARED, ...options[k] });
      expect({ ...model.report, ...NOT_COMPARED }).toEqual({ ...alone.report, ...NOT_COMPARED });
      const because = 'gradients of the same examples, by other sums in f64, as shares of those at the start';
      for (const [mine, theirs] of [
        [model.report.relativeGradient, alone.report.relativeGradient],
        [model.report.distanceToOptimum, alone.report.distanceToOptimum],
      ]) {
        if (theirs === null) expect(mine).toBeNull();
        else expectClose([mine as number], [theirs as number], { relative: 1e-9, absolute: 1e-15, because });
      }
      expect(parametersOf(model)).toEqual(parametersOf(alone));
    }
  });

  it('reads a source to its end, and takes rows', async () => {
    const rows = { features: [[1, 2], [2, 1], [3, 5], [4, 4]], targets: [1, 2, 3, 4] }; // prettier-ignore
    const [model] = await fitMany(rows, [{}], SHARED);
    expect(parametersOf(model as LinearModel)).toEqual(parametersOf(await fit(rows, SHARED)));
  });

  it('learns the column of targets that a model names', async () => {
    const other = data.targets.map((y) => 5 - 2 * y);
    const [first, second] = await fitMany(data, [{}, { target: 'other' }], { ...SHARED, targets: { other } });
    const alone = await fit(withTargets(data, other), SHARED);
    expect([first?.targetName, second?.targetName]).toEqual(['y', 'other']);
    expectClose(parametersOf(second as LinearModel), parametersOf(alone), {
      relative: 1e-12,
      because: 'the same loops',
    });
  });

  it('tells of all models, the ones that have ended included', async () => {
    const told: (readonly ModelProgress[])[] = [];
    const models = await fitMany(data, options, { ...SHARED, onProgress: (progress) => told.push(progress) });
    const last = told.at(-1) ?? [];
    expect(last.map(({ isRunning }) => isRunning)).toEqual([false, false, false, false]);
    expect(last.map(({ epoch }) => epoch)).toEqual(models.map(({ report }) => report.epochsRun));
    expect(last.map(({ loss }) => loss)).toEqual(models.map(({ report }) => report.lossHistory.at(-1)));
  });

  it('ends on an abort with what was learned, and begins no other model', async () => {
    const controller = new AbortController();
    const models = await fitMany(data, [{}, {}], {
      backend: 'cpu',
      epochs: 10_000_000,
      learningRate: 1e-6,
      tolerance: 0,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(models.map(({ report }) => report.stopReason)).toEqual(['aborted', 'aborted']);
    expect(models[0]?.report.epochsRun).toBeGreaterThan(0);
    expect(models[1]?.report.epochsRun).toBe(0);
  });

  it('warns each model of what is its own, and all of what is common', async () => {
    const columns = { x: data.columns[0] ?? [], same: new Float64Array(300).fill(2) };
    const models = await fitMany({ columns, targets: data.targets }, [{ learningRate: 3 }, {}], SHARED);
    const codes = models.map(({ report }) => report.warnings.map(({ code }) => code));
    expect(codes).toEqual([['LEARNING_RATE_ABOVE_LIMIT', 'CONSTANT_FEATURE', 'NOT_CONVERGED'], ['CONSTANT_FEATURE']]);
  });

  it('fits some models by a solver and some by descent, and tells of all of them', async () => {
    const told: (readonly ModelProgress[])[] = [];
    const warned: string[] = [];
    const each: ModelOptions[] = [{}, { epochs: 9 }, { l1: 0.1 }, { optimizer: 'momentum', epochs: 4 }];
    const models = await fitMany(data, each, {
      backend: 'cpu',
      onProgress: (progress) => told.push(progress),
      onWarning: ({ message }) => warned.push(message),
    });
    const reports = models.map(({ report }) => report);
    expect(reports.map((report) => report.optimizer)).toEqual(['qr', 'gradientDescent', 'proximalNewton', 'momentum']);
    expect(told.every(({ length }) => length === 4)).toBe(true);
    expect(told.at(-1)?.map(({ epoch }) => epoch)).toEqual(reports.map((report) => report.epochsRun));
    expect(told.at(-1)?.some(({ isRunning }) => isRunning)).toBe(false);
    expect(warned).toEqual(reports.flatMap((report) => report.warnings.map(({ message }) => message)));
    for (const [k, model] of models.entries()) {
      expect(parametersOf(model)).toEqual(parametersOf(await fit(data, { backend: 'cpu', ...(k % 2 === 1 && { strategy: 'streaming' }), ...each[k] }))); // prettier-ignore
    }
  });

  it('refuses before it trains', async () => {
    await expectRefusal(() => fitMany(data, [], SHARED), 'INVALID_OPTION', 'empty list of models');
    await expectRefusal(() => fitMany(data, [{ target: 'x' }], SHARED), 'UNKNOWN_COLUMN', "'x'");
    const initialParameters = { weights: [1], bias: 0 };
    await expectRefusal(() => fitMany(data, [{ initialParameters }], SHARED), 'INVALID_OPTION', '3 finite weights');
    const aborted = { ...SHARED, signal: AbortSignal.abort(new Error('enough')) };
    await expect(fitMany(data, [{}], aborted)).rejects.toThrow('enough');
  });
});

describe('crossValidate on the CPU', () => {
  it('gives what fit gives on the examples outside each fold, and the loss inside', async () => {
    const shared = { ...SHARED, standardize: false, learningRate: 0.1, seed: 5 };
    const found = await crossValidate(data, [{}, { l2: 0.5 }], { ...shared, folds: 4 });
    const dealt = atOnce(foldRows(data.exampleCount, 4, 5));
    for (const [k, { models, validationLosses }] of found.entries()) {
      for (const [fold, model] of models.entries()) {
        const seen = dealt.filter((_, other) => other !== fold).flatMap((rows) => [...rows]);
        const expected = await fit(rowsOf(data, seen), { ...shared, l2: k === 0 ? 0 : 0.5 });
        expectClose(parametersOf(model), parametersOf(expected), { relative: 1e-12, because: 'the same loops' });
        const limits = [model, expected].map(({ report }) => report.learningRateLimit ?? 0);
        expectClose(limits.slice(0, 1), limits.slice(1), {
          relative: 1e-9,
          because: 'the same loops, in another order',
        });
        const points = Float64Array.from(parametersOf(expected));
        const [loss] = await lossSurface(rowsOf(data, dealt[fold] as Uint32Array), { points }, { backend: 'cpu' });
        expectClose([validationLosses[fold] as number], [loss as number], {
          relative: 1e-10,
          because: 'another order',
        });
      }
    }
  });

  it('has one δ for all folds and options, so that their losses under Huber can be compared', async () => {
    for (const more of [{}, { optimizer: 'nesterov' }] as const) {
      const options = { backend: 'cpu', loss: 'huber', folds: 3, ...more } as const;
      const found = await crossValidate(data, [{}, { l2: 1 }, { l1: 0.1 }], options);
      const { huberDelta } = (await fit(data, { backend: 'cpu', loss: 'huber' })).report.settings;
      for (const { models } of found) {
        for (const { report } of models) expect(report.settings.huberDelta).toBe(huberDelta);
      }
    }
  });

  it('has five folds unless told otherwise', async () => {
    const [found] = await crossValidate(data, [{}], SHARED);
    expect(found?.models).toHaveLength(5);
    expect(found?.models.map(({ report }) => report.exampleCount)).toEqual([240, 240, 240, 240, 240]);
  });
});

describe('lossSurface on the CPU', () => {
  it('is the loss that a fit begins with', async () => {
    const model = await fit(data, { ...SHARED, epochs: 1, standardize: false });
    const start = { weights: [0.25, -0.5, 1], bias: 2 };
    const { report } = await fit(data, { ...SHARED, epochs: 1, standardize: false, initialParameters: start });
    const points = Float64Array.from([...start.weights, start.bias]);
    const [loss] = await lossSurface(data, { points }, { backend: 'cpu' });
    expectClose([loss as number], report.lossHistory, { relative: 1e-12, because: 'sums of 300 in f64' });
    const line = { parameter: 3, from: 0, to: 1, steps: 2 };
    expect(await lossSurface(data, { x: line, at: model }, { backend: 'cpu' })).toHaveLength(2);
  });

  it('tells how far it is, and rejects with the reason of an abort', async () => {
    const controller = new AbortController();
    const told: [number, number][] = [];
    const points = new Float64Array(4 * 7);
    await lossSurface(data, { points }, { backend: 'cpu', onProgress: (done, of) => told.push([done, of]) });
    expect(told.at(-1)).toEqual([7, 7]);
    const stopped = lossSurface(
      data,
      { points },
      {
        backend: 'cpu',
        signal: controller.signal,
        onProgress: () => controller.abort(new Error('enough')),
      },
    );
    await expect(stopped).rejects.toThrow('enough');
  });
});
