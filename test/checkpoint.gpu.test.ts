import { describe, expect, it } from 'vitest';
import { fit } from '../src/fit.js';
import { contextFromDevice } from '../src/gpu/device/device.js';
import { resume } from '../src/resume.js';
import { describeCheckpoints, describeOptimizerCheckpoints, describeOtherCheckpoints } from './support/checkpoints.js';
import { expectClose } from './support/close.js';
import { examples } from './support/examples.js';
import { FAMILIES } from './support/families.js';
import { openShared, withContext } from './support/kernel.js';
import { parametersOf } from './support/models.js';

const gpu = withContext(openShared);

describe.each(FAMILIES)('checkpoints of the kernels $name', ({ features, kernels }) => {
  const where = () => ({ context: gpu.context, strategy: 'streaming', kernels }) as const;
  describeCheckpoints(examples(3, 203, features), where, { stable: 1 / features, wild: 40 });
  describeOptimizerCheckpoints(examples(3, 203, features), where);
});

describe.each([3, 12, 40])('checkpoints of other models of %i features', (features) => {
  describeOtherCheckpoints(examples(6, 203, features), () => ({ context: gpu.context }));
});

describe('checkpoints over several shards', () => {
  const small = () => contextFromDevice(gpu.context.device, { limits: { maxStorageBufferBindingSize: 16_384 } });
  describeCheckpoints(examples(4, 3001, 3), () => ({ context: small(), strategy: 'streaming' }), {
    stable: 0.3,
    wild: 40,
  });
});

describe('checkpoints on moments, added up on the GPU', () => {
  describeCheckpoints(examples(3, 203, 3), () => ({ context: gpu.context, strategy: 'moments' }), {
    stable: 0.3,
    wild: 40,
  });
});

it.each(['momentum', 'nesterov', 'adam', 'conjugateGradient'] as const)(
  'a checkpoint of %s on the GPU goes on on the CPU, and back',
  async (optimizer) => {
    const data = examples(5, 203, 5);
    const options = { strategy: 'streaming', tolerance: 0, optimizer } as const;
    const [first, second] = optimizer === 'conjugateGradient' ? [2, 4] : [10, 25];
    const whole = await fit(data, { ...options, backend: 'cpu', epochs: second });
    const here = await fit(data, { ...options, context: gpu.context, epochs: first });
    const there = await resume(here.checkpoint(), data, { backend: 'cpu', epochs: second });
    const because = 'f32 in some of the epochs';
    expectClose(parametersOf(there), parametersOf(whole), { absolute: 2e-5, because });
    const cpu = await fit(data, { ...options, backend: 'cpu', epochs: first });
    const back = await resume(cpu.checkpoint(), data, { backend: 'webgpu', context: gpu.context, epochs: second });
    expect(back.report.backend).toBe('webgpu');
    expectClose(parametersOf(back), parametersOf(whole), { absolute: 2e-5, because });
  },
);

it('a checkpoint of the GPU goes on on the CPU', async () => {
  const data = examples(5, 203, 3);
  const options = { strategy: 'streaming', tolerance: 0, learningRate: 0.3 } as const;
  const part = await fit(data, { ...options, context: gpu.context, epochs: 10 });
  const resumed = await resume(part.checkpoint(), data, { backend: 'cpu', epochs: 25 });
  const whole = await fit(data, { ...options, backend: 'cpu', epochs: 25 });
  expect(resumed.report.backend).toBe('cpu');
  expectClose(parametersOf(resumed), parametersOf(whole), { absolute: 2e-6, because: 'f32 in the first ten epochs' });
});
