// Training that goes on after an interruption; test/checkpoint.gpu.test.ts repeats it for every family of kernels.

import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../src/model/checkpoint.js';
import { createDataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { LinearModel } from '../src/model/linear-model.js';
import { momentsOfDataset } from '../src/moments/columns.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import { resume, resumeSteps } from '../src/resume.js';
import { solveExact } from '../src/solve-exact.js';
import {
  describeCheckpoints,
  describeOptimizerCheckpoints,
  describeOtherCheckpoints,
  expectSameModel,
  throughJson,
} from './support/checkpoints.js';
import { expectClose } from './support/close.js';
import { examples } from './support/examples.js';
import { expectRefusal } from './support/refusal.js';

const data = examples(3, 60, 3);
const RATES = { stable: 0.3, wild: 40 };

describe('checkpoints on the CPU', () => {
  describeCheckpoints(data, () => ({ backend: 'cpu', strategy: 'streaming' }), RATES);
});

describe.each(['streaming', 'moments'] as const)('checkpoints of optimizers on the CPU, %s', (strategy) => {
  describeOptimizerCheckpoints(data, () => ({ backend: 'cpu', strategy }));
});

describe('checkpoints of other models on the CPU', () => {
  describeOtherCheckpoints(data, () => ({ backend: 'cpu' }));
});

describe('checkpoints on moments', () => {
  describeCheckpoints(data, () => ({ backend: 'cpu', strategy: 'moments' }), RATES);

  it('need no examples', async () => {
    const part = await fit(data, { backend: 'cpu', strategy: 'moments', epochs: 5, tolerance: 0 });
    const whole = await fit(data, { backend: 'cpu', strategy: 'moments', epochs: 15, tolerance: 0 });
    expectSameModel(await resume(part.checkpoint(), momentsOfDataset(data), { epochs: 15 }), whole);
  });
});

describe('a checkpoint', () => {
  const cpu = { backend: 'cpu', strategy: 'streaming', tolerance: 0 } as const;
  const made = async (options: FitOptions = {}) => (await fit(data, { ...cpu, epochs: 5, ...options })).checkpoint();

  it('holds the options in force, the rate and the strategy as they turned out', async () => {
    const { settings } = await made({ strategy: 'auto', l2: 0.5, seed: 3 });
    expect(settings).toMatchObject({ strategy: 'streaming', l2: 0.5, seed: 3, epochs: 5 });
    expect(settings.learningRate).toBeGreaterThan(0);
  });

  it('keeps nothing of the model, and the model nothing of it', async () => {
    const model = await fit(data, { ...cpu, epochs: 5 });
    const checkpoint = model.checkpoint();
    checkpoint.parameters[0] = 1e9;
    checkpoint.lossHistory.length = 0;
    checkpoint.settings.epochs = 1;
    expect(model.report).toMatchObject({ epochsRun: 5, settings: { epochs: 5 } });
    expect(model.checkpoint().parameters[0]).not.toBe(1e9);
    const again = throughJson(model.checkpoint());
    await resume(again, data, { epochs: 9 });
    expect(again).toEqual(model.checkpoint());
  });

  it('takes the features by their names', async () => {
    const [a = [], b = [], c = []] = data.columns;
    const turned = createDataset({ columns: { x3: c, x1: a, x2: b }, targets: data.targets });
    const { report } = await resume(await made(), turned, { epochs: 6 });
    const whole = await fit(data, { ...cpu, epochs: 6 });
    expect(report.lossHistory[5]).toBeCloseTo(whole.report.lossHistory[5] as number, 12);
  });

  it('takes the best epoch by the names of its features, too', async () => {
    const [a = [], b = [], c = []] = data.columns;
    const turned = createDataset({ columns: { x3: c, x1: a, x2: b }, targets: data.targets });
    // The rate is far too large: the first epoch stays the best.
    const wild = { ...cpu, validationFraction: 0.3, learningRate: 5 };
    const whole = await fit(data, { ...wild, epochs: 4 });
    expect(whole.report.bestEpoch).toBe(1);
    const { weights, report } = await resume((await fit(data, { ...wild, epochs: 2 })).checkpoint(), turned, {
      epochs: 4,
    });
    expect(report.bestEpoch).toBe(1);
    const because = 'the same sums in another order';
    expectClose(
      weights,
      [2, 0, 1].map((j) => whole.weights[j] as number),
      { relative: 1e-9, because },
    );
  });

  it('is refused for other examples', async () => {
    const checkpoint = await made();
    await expectRefusal(() => resume(checkpoint, examples(3, 61, 3), {}), 'SHAPE_MISMATCH', '61 examples', '60');
    await expectRefusal(() => resume(checkpoint, examples(3, 60, 2), {}), 'SHAPE_MISMATCH', '2 features');
  });

  it.each([
    'standardize',
    'warmStart',
    'initialParameters',
    'optimizer',
    'average',
    'averageFrom',
    'validationFraction',
    'seed',
  ])('has no other %s', async (name) => {
    const options = { [name]: true } as unknown as object;
    const checkpoint = await made();
    await expectRefusal(() => resume(checkpoint, data, options), 'INVALID_OPTION', name);
    await expectRefusal(() => resumeSteps(checkpoint, data, options), 'INVALID_OPTION', name);
  });

  it('takes other options, and checks them', async () => {
    const checkpoint = await made();
    await expectRefusal(() => resume(checkpoint, data, { epochs: 0 }), 'INVALID_OPTION', 'epochs 0');
    const { report } = await resume(checkpoint, data, { epochs: 7, l2: 0.25 });
    expect(report).toMatchObject({ epochsRun: 7, settings: { l2: 0.25, tolerance: 0 } });
  });

  it('is not made of an exact solution', async () => {
    const exact = await solveExact(data, { backend: 'cpu' });
    for (const solved of [exact, await fit(data, { backend: 'cpu' })]) {
      await expectRefusal(() => solved.checkpoint(), 'INVALID_OPTION', "by the solver 'qr'", 'warmStart');
    }
  });

  it('is not made of a fit whose rates are a function', async () => {
    const model = await fit(data, { ...cpu, epochs: 5, learningRate: (epoch) => 0.1 / (epoch + 1) });
    await expectRefusal(() => model.checkpoint(), 'INVALID_OPTION', 'not a function');
  });

  it('is not made of a loaded model', async () => {
    const loaded = LinearModel.fromJSON((await fit(data, cpu)).toJSON());
    await expectRefusal(() => loaded.checkpoint(), 'INVALID_OPTION', 'report');
  });

  const wrong: [string, (checkpoint: Record<string, unknown> & { settings?: object }) => unknown, string][] = [
    ['no object', () => 'checkpoint', 'an object'],
    ['nothing', () => null, 'an object'],
    ['another format', (it) => ({ ...it, format: 'webgpu-descent/moments' }), "'webgpu-descent/checkpoint'"],
    ['a later version', (it) => ({ ...it, version: 2 }), 'version 2'],
    ['a key too many', (it) => ({ ...it, lossHistroy: [] }), "'lossHistory'"],
    [
      'a key from a prototype',
      (it) => JSON.parse(`{"__proto__": 1, ${JSON.stringify(it).slice(1)}`) as unknown,
      '__proto__',
    ],
    ['a key too few', ({ ...it }) => (delete it.previous, it), 'no previous'],
    ['too few parameters', (it) => ({ ...it, parameters: [1, 2, 3] }), '3 numbers in parameters'],
    ['a parameter that is none', (it) => ({ ...it, parameters: [1, 2, null, 3] }), 'parameters[2]'],
    ['a loss that is none', (it) => ({ ...it, lossHistory: [1, 'low'] }), 'lossHistory[1]'],
    ['half an epoch', (it) => ({ ...it, quietEpochs: 0.5 }), '0.5 in quietEpochs'],
    [
      'an optimizer state of one list',
      (it) => ({ ...it, optimizerState: [[1, 2, 3, 4]] }),
      '1 lists in optimizerState',
    ],
    [
      'an optimizer state of other parameters',
      (it) => ({ ...it, optimizerState: [[1, 2], [], []] }),
      '2 numbers in optimizerState[0]',
    ],
    ['validation losses of no epoch', (it) => ({ ...it, validationHistory: [1] }), '1 losses in validationHistory'],
    [
      'validation losses for some epochs',
      (it) => ({ ...it, validationHistory: [1], settings: { ...it.settings, validationFraction: 0.2 } }),
      'expected 5',
    ],
    ['a best epoch of none', (it) => ({ ...it, best: { epoch: 1, loss: 2, parameters: [1, 2, 3, 4] } }), 'epoch 1'],
    ['no word of a best epoch', ({ ...it }) => (delete it.best, it), 'no best'],
    ['half a best epoch', (it) => ({ ...it, best: { epoch: 1 } }), 'no loss'],
    ['a name that is none', (it) => ({ ...it, featureNames: ['x1', 2, 'x3'] }), 'featureNames[1]'],
    ['settings that are none', (it) => ({ ...it, settings: [] }), 'a list'],
    ['a setting out of range', (it) => ({ ...it, settings: { ...it.settings, epochs: -1 } }), 'epochs -1'],
    [
      'settings without the optimizer',
      (it) => JSON.parse(JSON.stringify({ ...it, settings: { ...it.settings, optimizer: undefined } })) as unknown,
      'no optimizer',
    ],
    ['an unknown setting', (it) => ({ ...it, settings: { signal: {} } }), 'signal'],
  ];
  it.each(wrong)('is refused with %s', async (_, spoil, text) => {
    const spoilt = spoil({ ...(await made()) }) as Checkpoint;
    await expectRefusal(() => resume(spoilt, data), 'INVALID_FILE', 'a checkpoint', text);
    await expectRefusal(() => resumeSteps(spoilt, data), 'INVALID_FILE', text);
  });
});
