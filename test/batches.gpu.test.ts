// Whole fits on the GPU by mini-batches, against the same in f64 on the CPU, epoch by epoch.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fit } from '../src/fit.js';
import type { GpuContext } from '../src/gpu/device.js';
import type { LinearModel } from '../src/model.js';
import type { FitOptions } from '../src/options.js';
import { expectClose } from './support/close.js';
import { examples } from './support/examples.js';
import { withErrorScopes } from './support/gpu.js';
import { openContext } from './support/kernel.js';

let context: GpuContext;
beforeEach(async () => {
  context = await openContext();
});
afterEach(() => context.dispose());

const parametersOf = ({ weights, bias }: LinearModel) => [...weights, bias];

const OPTIONS: { name: string; options: FitOptions }[] = [
  { name: 'descent', options: {} },
  { name: 'descent in the order of the examples', options: { shuffle: false } },
  { name: 'descent with penalties', options: { l1: 0.05, l2: 0.1 } },
  { name: 'momentum', options: { optimizer: 'momentum' } },
  { name: 'nesterov with penalties', options: { optimizer: 'nesterov', momentum: 0.8, l1: 0.05, l2: 0.1 } },
  { name: 'adam', options: { optimizer: 'adam', learningRate: 0.02 } },
  { name: 'steps and an average', options: { schedule: 'step', decayEvery: 2, average: true, averageFrom: 1 } },
  { name: 'adam with an average', options: { optimizer: 'adam', schedule: 'inverseScaling', average: true } },
];

/** Sizes that divide the examples and that do not, that begin within quads, and single examples. */
const FAMILIES = [
  { kernels: 'short-batches', shape: [503, 3], sizes: [1, 7, 32, 502] },
  { kernels: 'short-batches', shape: [301, 20], sizes: [1, 8, 33] },
  { kernels: 'fused-narrow', shape: [20_001, 3], sizes: [4097, 10_000] },
  { kernels: 'fused-wide', shape: [5001, 20], sizes: [2051, 2500] },
  { kernels: 'textbook', shape: [301, 3], sizes: [1, 9, 100] },
] as const;

const because =
  'f32 rounds each of some ten operations of an update by 2^-24 of its size, and later updates forget the older ones';

describe.each(FAMILIES)('fit by batches on $kernels kernels equals the reference,', ({ kernels, shape, sizes }) => {
  const data = examples(31, shape[0], shape[1]);
  const way = { tolerance: 0, kernels: kernels === 'textbook' ? 'textbook' : 'auto' } as const;

  it.each(OPTIONS)('by $name', async ({ options }) => {
    for (const batchSize of sizes) {
      for (const epochs of [1, 2, 5]) {
        const asked = { ...way, ...options, batchSize, epochs };
        const model = await withErrorScopes(context.device, () => fit(data, { ...asked, context }));
        const expected = await fit(data, { ...asked, backend: 'cpu' });
        expect(model.report?.kernels).toBe(kernels);
        expect(model.report?.strategy).toBe('streaming');
        const largest = Math.max(1, ...parametersOf(expected).map(Math.abs));
        expectClose(parametersOf(model), parametersOf(expected), { absolute: 2e-5 * largest, because });
        expectClose(model.report?.lossHistory ?? [], expected.report?.lossHistory ?? [], { relative: 2e-5, because });
        expect(model.report?.stopReason).toBe('epochs');
        const rates = [model, expected].map(({ report }) => report?.settings.learningRate ?? 0);
        expectClose([rates[0] as number], [rates[1] as number], { relative: 1e-12, because: 'both in f64' });
      }
    }
  });
});
