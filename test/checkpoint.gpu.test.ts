import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fit } from '../src/fit.js';
import { contextFromDevice, type GpuContext } from '../src/gpu/device.js';
import { resume } from '../src/resume.js';
import { describeCheckpoints, describeOtherCheckpoints } from './support/checkpoints.js';
import { expectClose } from './support/close.js';
import { examples } from './support/examples.js';
import { FAMILIES } from './support/families.js';
import { openContext } from './support/kernel.js';
import { parametersOf } from './support/steps.js';

let context: GpuContext;
beforeAll(async () => {
  context = await openContext();
});
afterAll(() => context.dispose());

describe.each(FAMILIES)('checkpoints of the kernels $name', ({ features, kernels }) => {
  const where = () => ({ context, strategy: 'streaming', kernels }) as const;
  describeCheckpoints(examples(3, 203, features), where, { stable: 1 / features, wild: 40 });
});

describe.each([3, 12, 40])('checkpoints of other models of %i features', (features) => {
  describeOtherCheckpoints(examples(6, 203, features), () => ({ context }));
});

describe('checkpoints over several shards', () => {
  const small = () => contextFromDevice(context.device, { limits: { maxStorageBufferBindingSize: 16_384 } });
  describeCheckpoints(examples(4, 3001, 3), () => ({ context: small(), strategy: 'streaming' }), {
    stable: 0.3,
    wild: 40,
  });
});

describe('checkpoints on moments, added up on the GPU', () => {
  describeCheckpoints(examples(3, 203, 3), () => ({ context, strategy: 'moments' }), { stable: 0.3, wild: 40 });
});

it('a checkpoint of the GPU goes on on the CPU', async () => {
  const data = examples(5, 203, 3);
  const options = { strategy: 'streaming', tolerance: 0, learningRate: 0.3 } as const;
  const part = await fit(data, { ...options, context, epochs: 10 });
  const resumed = await resume(part.checkpoint(), data, { backend: 'cpu', epochs: 25 });
  const whole = await fit(data, { ...options, backend: 'cpu', epochs: 25 });
  expect(resumed.report?.backend).toBe('cpu');
  expectClose(parametersOf(resumed), parametersOf(whole), { absolute: 2e-6, because: 'f32 in the first ten epochs' });
});
