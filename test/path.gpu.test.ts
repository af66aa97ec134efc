import { describe, expect, it } from 'vitest';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import { contextFromDevice } from '../src/gpu/device/device.js';
import { expectClose } from './support/close.js';
import { examples } from './support/examples.js';
import { FAMILIES } from './support/families.js';
import { withContext } from './support/kernel.js';
import { describePaths, pathOf } from './support/paths.js';

const gpu = withContext();

describe.each(FAMILIES)('a path of the kernels $name', ({ features, kernels }) => {
  const where = () => ({ context: gpu.context, strategy: 'streaming', kernels }) as const;
  describePaths(examples(3, 203, features), where, { stable: 1 / features, wild: 40 });
});

describe('a path over several shards', () => {
  const small = () => contextFromDevice(gpu.context.device, { limits: { maxStorageBufferBindingSize: 16_384 } });
  describePaths(examples(4, 3001, 3), () => ({ context: small(), strategy: 'streaming' }), { stable: 0.3, wild: 40 });
});

describe('paths of several models', () => {
  it.each([2, 20])('are those of the reference, each with points of its own: %i features', async (features) => {
    const data = examples(5, 203, features);
    const options = [
      { pathEvery: 2, epochs: 5 },
      { pathEvery: 3, seed: 4 },
      {},
      { pathEvery: 1, target: 'twice' },
      { pathEvery: 5, learningRate: 60 },
    ];
    const targets = { twice: Array.from(data.targets, (y) => 2 * y + 1) };
    const shared = { epochs: 8, learningRate: 1 / features, tolerance: 0, targets };
    const models = await fitMany(data, options, { ...shared, context: gpu.context });
    const expected = await fitMany(data, options, { ...shared, backend: 'cpu' });
    expect(models.map((model) => pathOf(model).map(({ epoch }) => epoch))).toEqual([
      [0, 2, 4, 5],
      [0, 3, 6, 8],
      [],
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
      [0, 5, 8],
    ]);
    for (const [k, model] of models.entries()) {
      const numbers = (its: typeof model) => pathOf(its).flatMap(({ weights, bias }) => [...weights, bias]);
      const because = 'f32 rounds some ten operations of each of eight epochs, of the size that they grow to';
      expectClose(numbers(model), numbers(expected[k] as typeof model), { relative: 2e-4, absolute: 2e-5, because });
    }
  });
});

it('a path of the GPU is that of the CPU', async () => {
  const data = examples(6, 203, 3);
  const options = { strategy: 'streaming', epochs: 40, tolerance: 0, pathEvery: 3, learningRate: 0.2 } as const;
  const [onGpu, onCpu] = [
    await fit(data, { ...options, context: gpu.context }),
    await fit(data, { ...options, backend: 'cpu' }),
  ];
  const numbers = (model: typeof onGpu) => pathOf(model).flatMap(({ weights, bias }) => [...weights, bias]);
  expect(pathOf(onGpu)).toHaveLength(15);
  expectClose(numbers(onGpu), numbers(onCpu), { absolute: 5e-6, because: 'f32 rounds each of 40 epochs' });
});
