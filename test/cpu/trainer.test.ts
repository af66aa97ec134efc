// Training on the CPU engine against the reference, update by update, in f64 and in f32, in WebAssembly and in loops.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { atOnce } from '../../src/base/turns.js';
import { openCpuBackend } from '../../src/cpu/backend.js';
import { Dataset } from '../../src/data/dataset.js';
import { foldRows } from '../../src/data/folds.js';
import type { RunSettings, ManyData, Trainer, UploadOptions, UpdateRule } from '../../src/descent/backend.js';
import { fit } from '../../src/fit.js';
import { LOSSES, type OptimizerName, OPTIMIZERS } from '../../src/options/names.js';
import { openReferenceBackend } from '../../src/reference/backend.js';
import { expectClose } from '../support/close.js';
import { describeTrainer } from '../support/describe-trainer.js';
import { examples, uniforms } from '../support/examples.js';
import { RUN, UPLOAD } from '../support/run-settings.js';

const SETTINGS: RunSettings = { ...RUN, epochs: 25 };

const ruleFor = (optimizer: OptimizerName): UpdateRule => ({
  optimizer,
  momentum: optimizer === 'momentum' || optimizer === 'nesterov' ? 0.6 : 0,
  beta1: 0.8,
  beta2: 0.95,
  epsilon: 1e-8,
  factors: Float64Array.of(0.5, 1, 0.7, 0.9),
  averageFrom: optimizer === 'adam' ? 3 : Infinity,
});

/** Sizes that are stored in f64 and in f32, in WebAssembly and, where that is missing, in loops. */
const WAYS = [
  { way: 'f64 in WebAssembly', m: 213, kernels: 'wasm', digits: 1e-11 },
  { way: 'f32 in WebAssembly', m: 7001, kernels: 'wasm', digits: 3e-6 },
  { way: 'f64 in loops', m: 213, kernels: 'loops', digits: 1e-11 },
  { way: 'f32 in loops', m: 7001, kernels: 'loops', digits: 3e-6 },
] as const;
const D = 5;

const because =
  'the same updates from sums of other roundings, 2^-53 or 2^-24 of the terms of a gradient, which no update makes larger';

/** Examples with labels for the logistic loss. */
function dataFor(m: number, loss: (typeof LOSSES)[number], isWeighted = false): Dataset {
  const { columns, targets, featureNames, targetName } = examples(7, m, D);
  const y = loss === 'logistic' ? targets.map((value) => (value > 0.2 ? 1 : 0)) : targets;
  const weights = uniforms(8, m).map((value) => Math.max(0, 3 * value + 1));
  return new Dataset(columns, y, featureNames, targetName, isWeighted ? weights : undefined);
}

describe.each(WAYS)('$way', ({ m, kernels, digits }) => {
  beforeEach(() => {
    if (kernels === 'loops') vi.stubGlobal('WebAssembly', undefined);
  });
  afterEach(() => void vi.unstubAllGlobals());

  const both = async (dataset: Dataset, options: UploadOptions): Promise<[Trainer, Trainer]> => [
    await openCpuBackend().upload(dataset, options),
    await openReferenceBackend().upload(dataset, options),
  ];

  async function expectSameDescent(dataset: Dataset, options: UploadOptions, settings: Partial<RunSettings> = {}) {
    const [trainer, reference] = await both(dataset, options);
    const initial = uniforms(3, D + 1);
    const [found, expected] = [
      await trainer.run(initial, { ...SETTINGS, ...settings }),
      await reference.run(initial, { ...SETTINGS, ...settings }),
    ];
    const tolerance = { absolute: digits, relative: digits, because };
    expect([found.stopReason, found.losses.length]).toEqual([expected.stopReason, expected.losses.length]);
    expectClose(found.parameters, expected.parameters, tolerance);
    expectClose(found.losses, expected.losses, tolerance);
    expectClose(found.validationLosses, expected.validationLosses, tolerance);
    expect(found.best?.epoch).toBe(expected.best?.epoch);
    const [given, known] = [trainer.toCallerUnits(found.parameters), reference.toCallerUnits(found.parameters)];
    expectClose([...given.weights, given.bias], [...known.weights, known.bias], { relative: 1e-12, because });
    expectClose(trainer.toTrainingUnits(given), found.parameters, { absolute: 1e-12, because });
    expect(trainer.kernels).toBe(kernels);
    expect(trainer.constantFeatures).toEqual(reference.constantFeatures);
  }

  it.each(LOSSES)('%s: with weights, penalties and without a bias', async (loss) => {
    const options = { ...UPLOAD, loss, huberDelta: 0.7 };
    await expectSameDescent(dataFor(m, loss), options);
    await expectSameDescent(dataFor(m, loss, true), { ...options, fitIntercept: false }, { l1: 0.01, l2: 0.2 });
    await expectSameDescent(dataFor(m, loss, true), { ...options, standardize: false }, { learningRate: 0.05 });
  });

  it.each(OPTIMIZERS)('%s: on all examples, with a schedule', async (optimizer) => {
    const learningRate = optimizer === 'adam' ? 0.05 : 0.2;
    const settings = { rule: ruleFor(optimizer), learningRate, epochs: optimizer === 'conjugateGradient' ? 4 : 25 };
    await expectSameDescent(dataFor(m, 'squared', true), { ...UPLOAD, optimizer }, settings);
  });

  it.each(OPTIMIZERS.filter((name) => name !== 'conjugateGradient'))('%s: on mini-batches', async (optimizer) => {
    const options = { ...UPLOAD, optimizer, batchSize: Math.floor(m / 9), seed: 3 };
    await expectSameDescent(dataFor(m, 'huber', true), options, {
      rule: ruleFor(optimizer),
      learningRate: 0.02,
      epochs: 5,
    });
  });

  it.each([1, 7, 16])('takes batches of %i', async (batchSize) => {
    const options = { ...UPLOAD, batchSize, seed: 4 };
    await expectSameDescent(dataFor(m, 'squared'), options, { learningRate: 0.01, epochs: 2 });
    const [trainer, reference] = await both(dataFor(m, 'squared', true), options);
    expectClose([trainer.largestSquare ?? 0], [reference.largestSquare ?? 0], { relative: 1e-12, because });
  });

  it('validates each epoch, and stops early', async () => {
    const [training, validation] = [dataFor(m, 'squared', true), dataFor(Math.floor(m / 2), 'squared')];
    await expectSameDescent(training, { ...UPLOAD, validation });
    await expectSameDescent(training, { ...UPLOAD, validation }, { epochs: 400, tolerance: 1e-3, patience: 2 });
  });

  it('has the curvature of the examples', async () => {
    for (const standardize of [true, false]) {
      const [trainer, reference] = await both(dataFor(m, 'logistic', true), {
        ...UPLOAD,
        loss: 'logistic',
        standardize,
      });
      const [found, expected] = [
        await trainer.curvature(uniforms(5, D + 1)),
        await reference.curvature(uniforms(5, D + 1)),
      ];
      expectClose(found, expected, { absolute: digits, because });
    }
  });

  it('trains several models of several targets, each without its fold', async () => {
    const dataset = dataFor(m, 'huber', true);
    const others = dataset.targets.map((y, i) => 2 * y - (dataset.columns[1]?.[i] as number));
    const roles = [0, 1].flatMap((target) => [null, 0, 2].map((validationFold) => ({ target, validationFold })));
    const targets = [dataset.targets, others].map((values, k) => ({ name: `y${k}`, values }));
    const data: ManyData = { dataset, targets, folds: atOnce(foldRows(m, 3, 1)), roles };
    const options: UploadOptions = { ...UPLOAD, loss: 'huber', huberDelta: 0.9 };
    const [trainer, reference] = [
      await openCpuBackend().uploadMany(data, options),
      await openReferenceBackend().uploadMany(data, options),
    ];
    const starts = roles.map((role, k) => ({
      role,
      initial: uniforms(k, D + 1),
      settings: { ...SETTINGS, l2: k / 10 },
    }));
    const run = { signal: undefined, onProgress: undefined };
    const [found, expected] = [await trainer.runAll(starts, run), await reference.runAll(starts, run)];
    const tolerance = { absolute: digits, relative: digits, because };
    for (const [k, { role }] of starts.entries()) {
      expectClose(found[k]?.parameters ?? [], expected[k]?.parameters ?? [], tolerance);
      const points = [uniforms(30 + k, D + 1), uniforms(40 + k, D + 1)];
      const part = { target: role.target, fold: role.validationFold };
      expectClose(await trainer.losses(points, part, run), await reference.losses(points, part, run), tolerance);
      const given = trainer.toCallerUnits(points[0] as Float64Array, role.target);
      expectClose([given.bias], [reference.toCallerUnits(points[0] as Float64Array, role.target).bias], tolerance);
    }
    const direction = uniforms(6, D + 1);
    expectClose(await trainer.curvature(direction, 2), await reference.curvature(direction, 2), tolerance);
  });

  it('goes on from any epoch with the same bits', async () => {
    const trainer = await openCpuBackend().upload(dataFor(m, 'squared', true), { ...UPLOAD, batchSize: 50, seed: 1 });
    const settings = { ...SETTINGS, learningRate: 0.02, rule: ruleFor('adam') };
    const whole = await trainer.run(uniforms(3, D + 1), settings);
    const run = await trainer.begin(
      { epoch: 0, parameters: uniforms(3, D + 1), previous: uniforms(3, D + 1), quietEpochs: 0, loss: Number.NaN },
      settings,
    );
    const watch = { signal: undefined, onProgress: undefined };
    await run.runEpochs(11, watch);
    const later = await trainer.begin(await run.read(), settings);
    await later.runEpochs(100, watch);
    expect((await later.read()).parameters).toEqual(whole.parameters);
  });
});

describe('on f32', () => {
  it('ends where only rounding is left of the loss', async () => {
    const { columns, featureNames } = examples(5, 20_000, 2);
    const targets = Float64Array.from(columns[0] ?? [], (x, i) => 3 * x - 2 * (columns[1]?.[i] as number) + 0.5);
    const trainer = await openCpuBackend().upload(new Dataset(columns, targets, featureNames, 'y'), UPLOAD);
    const found = await trainer.run(uniforms(3, 3), { ...SETTINGS, epochs: 1000, tolerance: 1e-6 });
    expect(found.stopReason).toBe('plateau');
    expect(found.losses.at(-1)).toBeLessThan(1e-13);
  });

  it('keeps columns in f64 whose differences f32 would round away', async () => {
    const { columns, targets, featureNames } = examples(6, 20_000, 2);
    const far = columns.map((column) => column.map((x) => 1e6 + x));
    const centered = new Dataset(columns, targets, featureNames, 'y');
    const offset = new Dataset(far, targets, featureNames, 'y');
    const spread = async (dataset: Dataset) => {
      const trainer = await openCpuBackend().upload(dataset, { ...UPLOAD, standardize: false });
      // The curvature of x1 − x2, in which the offsets cancel.
      return trainer.curvature(Float64Array.of(1, -1, 0));
    };
    const [plain, shifted] = [await spread(centered), await spread(offset)];
    expectClose([shifted[2] as number], [plain[2] as number], {
      absolute: 1e-8,
      because: 'rounding of the columns without offset, which f32 holds',
    });
  });

  it('takes a turn of the event loop within an epoch of many batches', async () => {
    const trainer = await openCpuBackend().upload(dataFor(60_000, 'logistic'), {
      ...UPLOAD,
      loss: 'logistic',
      batchSize: 1,
    });
    let turns = 0;
    const count = setInterval(() => turns++, 1);
    await trainer.run(uniforms(3, D + 1), { ...SETTINGS, epochs: 1, learningRate: 1e-3 });
    clearInterval(count);
    expect(turns).toBeGreaterThan(0);
  });
});

describeTrainer({
  open: (dataset) => openCpuBackend().upload(dataset, UPLOAD),
  openPlain: (dataset) => openCpuBackend().upload(dataset, { ...UPLOAD, standardize: false }),
  settings: SETTINGS,
  long: { features: 3, epochs: 200_000, slices: 2 },
});

it('descent in f32 ends where losses are all rounding', async () => {
  const x = Float32Array.from(uniforms(3, 20_001));
  const data = { columns: { x }, targets: x.map((value) => value + 0.3) };
  const options = { backend: 'cpu', strategy: 'streaming', optimizer: 'gradientDescent', epochs: 300 } as const;
  const { report } = await fit(data, options);
  expect(report).toMatchObject({ kernels: 'wasm', stopReason: 'converged' });
  // 1e-16 of the first loss is left by then, and rises and falls by more than the tolerance without end.
  expect(report.epochsRun).toBeLessThan(50);
});
