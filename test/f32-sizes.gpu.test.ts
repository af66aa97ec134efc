// Targets and penalties whose squares f32 does not hold: gradient descent on WebGPU is refused with the reason, and all else is right.

import { describe, expect, it } from 'vitest';
import { Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import type { LinearModel } from '../src/model/linear-model.js';
import { expectClose } from './support/close.js';
import { examplesOnDevice } from './support/device-data.js';
import { examples } from './support/examples.js';
import { openShared, withContext } from './support/kernel.js';
import { parametersOf } from './support/models.js';
import { refusalOf } from './support/refusal.js';
import { sourceOfColumns } from './support/streams.js';

const plain = examples(4, 2000, 3);
const inUnits = (unit: number) =>
  new Dataset(
    plain.columns,
    Float64Array.from(plain.targets, (y) => y * unit),
    plain.featureNames,
    'y',
  );

/** Targets that f32 holds, in other units. */
const inF32 = (unit: number) =>
  new Dataset(
    plain.columns,
    Float64Array.from(plain.targets, (y) => Math.fround(Math.fround(y) * unit)),
    plain.featureNames,
    'y',
  );

const gpu = withContext(openShared);

const STREAMING = { backend: 'webgpu', strategy: 'streaming' } as const;
const WAYS: [string, FitOptions][] = [
  ['gradient descent', { optimizer: 'gradientDescent' }],
  ['mini-batches', { optimizer: 'gradientDescent', batchSize: 50 }],
  ['mini-batches by Adam', { optimizer: 'adam', batchSize: 50 }],
  ['conjugate gradient', { optimizer: 'conjugateGradient' }],
  ['Adam', { optimizer: 'adam' }],
  ['momentum', { optimizer: 'momentum' }],
  ["Huber's loss", { optimizer: 'gradientDescent', loss: 'huber', huberDelta: 1e-30 }],
];

describe('targets of 1e-30', () => {
  const tiny = inUnits(1e-30);

  it.each(WAYS)('are refused for %s in f32', async (_, options) => {
    const { code, message, where } = await refusalOf(() => fit(tiny, { ...STREAMING, epochs: 50, ...options }));
    expect({ code, where }).toEqual({ code: 'NON_FINITE_VALUE', where: { column: 'y' } });
    expect(message).toContain('whose squares f32 cannot hold');
  });

  it('are refused for several models', async () => {
    const refused = () => fitMany(tiny, [{}, { l2: 0.1 }], { ...STREAMING, optimizer: 'gradientDescent', epochs: 50 });
    expect((await refusalOf(refused)).code).toBe('NON_FINITE_VALUE');
  });

  it.each<[string, FitOptions]>([
    ['by default', {}],
    ['from moments', { strategy: 'moments', optimizer: 'conjugateGradient' }],
    ['on the CPU', { backend: 'cpu', strategy: 'streaming', optimizer: 'conjugateGradient' }],
  ])('are learned %s', async (_, options) => {
    const [{ weights, bias, report }, expected] = [
      await fit(tiny, { backend: 'webgpu', ...options }),
      await fit(plain),
    ];
    expect(report.converged).toBe(true);
    const because = 'sums of f32, and the tolerance of the gradient';
    const inPlainUnits = [...weights, bias].map((value) => value * 1e30);
    expectClose(inPlainUnits, parametersOf(expected), { absolute: 1e-4, because });
  });
});

it.each<[string, number, FitOptions]>([
  ['gradient descent', 1e-18, { optimizer: 'gradientDescent' }],
  ['conjugate gradient', 3e-15, { optimizer: 'conjugateGradient' }],
  ['Adam', 3e-15, { optimizer: 'adam', epochs: 400 }],
])('targets beside the end of what f32 squares are trained on: %s', async (_, unit, options) => {
  const { weights, report } = await fit(inUnits(unit), { ...STREAMING, ...options });
  const expected = await fit(plain, { backend: 'cpu' });
  const because =
    'slopes near the optimum are some thousandths of those at the beginning, and their squares lose digits';
  expectClose(
    weights.map((weight) => weight / unit),
    expected.weights,
    { absolute: 1e-2, because },
  );
  expect(report.converged).toBe(!report.warnings.some(({ code }) => code === 'NOT_CONVERGED'));
});

it.each<[string, FitOptions]>([
  ['conjugate gradient', { optimizer: 'conjugateGradient' }],
  ['Adam', { optimizer: 'adam' }],
  ['momentum', { optimizer: 'momentum' }],
])('targets of 1e-18 are refused where slopes are squared: %s', async (_, options) => {
  expect((await refusalOf(() => fit(inUnits(1e-18), { ...STREAMING, ...options }))).code).toBe('NON_FINITE_VALUE');
});

/** Places where the targets are no arrays of the host: fits of a unit are right, or refused with a code. */
const PLACES: Record<string, (data: Dataset, options: FitOptions) => Promise<LinearModel>> = {
  'buffers of the caller': async (data, options) => {
    const input = examplesOnDevice(gpu.context, data);
    return fit(input, { ...options, context: gpu.context }).finally(() => input.destroy());
  },
  'a streamed source on WebGPU': (data, options) => fit(sourceOf(data), { ...options, context: gpu.context, memoryBudget: BUDGET }), // prettier-ignore
  'a streamed source on the CPU': (data, options) => fit(sourceOf(data), { ...options, backend: 'cpu', memoryBudget: BUDGET }), // prettier-ignore
};

const BUDGET = 30_000;
const sourceOf = ({ columns, targets }: Dataset) =>
  sourceOfColumns(columns as Float64Array[], targets as Float64Array, undefined, 300);

/** Options that say what the unit is, where they have it: l1 and δ. */
const SOLVED: [string, (unit: number) => FitOptions][] = [
  ['newton', () => ({ optimizer: 'newton' })],
  ['lbfgs', () => ({ optimizer: 'lbfgs' })],
  ['l1', (unit) => ({ l1: 0.02 * unit })],
  ["Huber's loss", (unit) => ({ loss: 'huber', huberDelta: 2 * unit })],
  ['gradient descent', () => ({ optimizer: 'gradientDescent', strategy: 'streaming', epochs: 50 })],
  ['conjugate gradient', () => ({ optimizer: 'conjugateGradient', strategy: 'streaming' })],
  ['Adam', () => ({ optimizer: 'adam', strategy: 'streaming', epochs: 20 })],
  ['momentum', () => ({ optimizer: 'momentum', strategy: 'streaming', epochs: 20 })],
];

describe.each(Object.entries(PLACES))('targets in %s', (place, fitIn) => {
  it.each(SOLVED)('of any size are learned, or refused: %s', async (_, optionsOf) => {
    const { weights: expected } = await fitIn(inF32(1), optionsOf(1));
    let learned = 0;
    for (const unit of [1e-30, 1e-24, 1e-18, 1e-12, 1e-6, 1e6, 1e12, 1e17, 1e20, 1e24, 1e30]) {
      const outcome = await fitIn(inF32(unit), optionsOf(unit)).then(
        ({ weights }) => weights.map((weight) => weight / unit),
        (error: unknown) => (error as { code: string }).code,
      );
      if (typeof outcome === 'string') {
        expect(outcome, `${unit}`).toBe('NON_FINITE_VALUE');
        continue;
      }
      learned += 1;
      const because = 'the epochs of one unit, and rounding of f32 in another';
      expectClose(outcome, expected, { absolute: 1e-3, because });
    }
    expect(learned).toBeGreaterThanOrEqual(place.includes('CPU') ? 11 : 5);
  });
});

describe('conjugate gradient in f32', () => {
  it.each([1e30, 1e37, 1e38])('refuses l2 %d, whose slopes it cannot square', async (l2) => {
    const { code, where } = await refusalOf(() => fit(plain, { ...STREAMING, optimizer: 'conjugateGradient', l2 }));
    expect({ code, where }).toEqual({ code: 'INVALID_OPTION', where: { option: 'l2' } });
  });

  it.each([1, 1e3, 1e4, 1e10, 1e17])('with l2 %d comes to the optimum, or says that it has not', async (l2) => {
    const { weights, report } = await fit(plain, { ...STREAMING, optimizer: 'conjugateGradient', l2 });
    const { weights: expected } = await fit(plain, { backend: 'cpu', l2 });
    expect(Math.min(...report.lossHistory)).toBeGreaterThanOrEqual(0);
    const because = 'three digits of a weight, where the fit says that it is there';
    if (report.converged) expectClose(weights, expected, { relative: 1e-3, because });
    else expect(report.warnings.map(({ code }) => code)).toContain('NOT_CONVERGED');
  });
});
