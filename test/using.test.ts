import { expect, it } from 'vitest';
import { ASYNC_DISPOSE, DISPOSE } from '../src/base/dispose.js';
import { fitSteps } from '../src/index.js';
import { GpuContext } from '../src/gpu/device/device.js';

it('has the symbols of the host', () => {
  expect([DISPOSE, ASYNC_DISPOSE]).toEqual([Symbol.dispose, Symbol.asyncDispose]);
});

it('ends a fit in steps at the end of its block', async () => {
  const steps = fitSteps(
    { features: [[1], [2], [3]], targets: [1, 2, 4] },
    { backend: 'cpu', epochs: 10, learningRate: 0.1 },
  );
  await steps.next();
  await steps[Symbol.asyncDispose]();
  expect(await steps.next()).toMatchObject({ done: true });
  expect((await steps.model()).report.epochsRun).toBe(1);
});

it('closes a context, which then refuses', () => {
  let destroyed = 0;
  const device = {
    limits: {},
    features: new Set<string>(),
    adapterInfo: {},
    lost: new Promise(() => undefined),
    destroy: () => destroyed++,
  } as unknown as GPUDevice;
  const info = {} as GPUAdapterInfo;
  new GpuContext(device, info, { ownsDevice: true })[Symbol.dispose]();
  new GpuContext(device, info, { ownsDevice: false })[Symbol.dispose]();
  expect(destroyed).toBe(1);
});
