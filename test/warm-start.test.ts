// A fit that begins at a model; test/warm-start.gpu.test.ts repeats it on the GPU.

import { describe, expect, it } from 'vitest';
import { crossValidate } from '../src/cross-validate.js';
import { createDataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import { LinearModel } from '../src/model/linear-model.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import { expectClose } from './support/close.js';
import { examples } from './support/examples.js';
import { expectRefusal } from './support/refusal.js';
import { describeManyWarmStarts, describeWarmStart, lossOf } from './support/warm-start.js';

const F64 = 2 ** -53;
/** Offsets of the data's size are taken off and put back. */
const MOMENTS = 100 * F64;

describe('a warm start on the CPU', () => {
  describeWarmStart(() => ({ backend: 'cpu', strategy: 'streaming' }), F64);
  describeManyWarmStarts(() => ({ backend: 'cpu' }), F64);
});

describe('a warm start on moments', () => {
  describeWarmStart(() => ({ backend: 'cpu', strategy: 'moments' }), MOMENTS);
});

describe('a warm start', () => {
  const data = examples(5, 50, 2);
  const cpu = { backend: 'cpu', strategy: 'streaming', epochs: 3, tolerance: 0 } as const;

  it('is the same at a model that was saved and loaded', async () => {
    const begun = await fit(data, cpu);
    const loaded = LinearModel.fromJSON(JSON.parse(JSON.stringify(begun)));
    const [a, b] = [await fit(data, { ...cpu, warmStart: begun }), await fit(data, { ...cpu, warmStart: loaded })];
    expect([a.weights, a.bias]).toEqual([b.weights, b.bias]);
    expect(a.weights).not.toEqual(begun.weights);
  });

  it('holds for every fold', async () => {
    const begun = await fit(data, { ...cpu, epochs: 40 });
    const [found] = await crossValidate(data, [{ warmStart: begun }], { ...cpu, folds: 2, epochs: 1 });
    const losses = found?.models.map(({ report }) => report.lossHistory[0] as number) ?? [];
    const because = 'the folds are of one size, so their mean is that of all; f64 rounds each sum';
    expectClose([((losses[0] ?? 0) + (losses[1] ?? 0)) / 2], [await lossOf(begun, data)], { relative: 1e-12, because });
  });

  it('is refused for other features', async () => {
    const begun = await fit(examples(5, 50, 3), cpu);
    await expectRefusal(() => fit(data, { ...cpu, warmStart: begun }), 'SHAPE_MISMATCH', '2 features');
    await expectRefusal(() => fitMany(data, [{ warmStart: begun }], cpu), 'SHAPE_MISMATCH', '2 features');
    const [first = [], second = []] = data.columns;
    const named = (name: string) => createDataset({ columns: { area: first, [name]: second }, targets: data.targets });
    const areas = await fit(named('rooms'), cpu);
    await expectRefusal(() => fit(named('room'), { ...cpu, warmStart: areas }), 'UNKNOWN_COLUMN', "'rooms'");
  });

  it('is refused with a bias when fitIntercept is false', async () => {
    const [begun, plain] = [await fit(data, cpu), await fit(data, { ...cpu, fitIntercept: false })];
    const options = { ...cpu, fitIntercept: false };
    await expectRefusal(() => fit(data, { ...options, warmStart: begun }), 'INVALID_OPTION', 'fitIntercept false');
    const { report } = await fit(data, { ...options, warmStart: plain });
    expectClose([report.lossHistory[0] ?? 0], [await lossOf(plain, data)], { relative: 1e-13, because: 'f64' });
  });

  it('is refused beside initialParameters', async () => {
    const begun = await fit(data, cpu);
    const both = { warmStart: begun, initialParameters: { weights: [1, 2], bias: 3 } };
    await expectRefusal(() => fit(data, { ...cpu, ...both }), 'INVALID_OPTION', 'initialParameters and warmStart');
    await expectRefusal(() => fitMany(data, [both], cpu), 'INVALID_OPTION', 'initialParameters and warmStart');
  });

  it.each([
    {},
    { weights: [1, 2], bias: 0 },
    'model',
    3,
    { weights: Float64Array.of(1, Number.NaN), bias: 0, featureNames: ['a', 'b'] },
  ])('is refused at what is no model: %o', async (warmStart) => {
    const wrong = { ...cpu, warmStart } as unknown as FitOptions;
    await expectRefusal(() => fit(data, wrong), 'INVALID_OPTION', 'expected a LinearModel');
  });
});
