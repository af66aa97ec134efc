// Fits with `recover` that outlive the loss of their device: the bits of a fit without the loss.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { createContext, fit, type FitOptions, fitSteps, resume, syntheticRegression } from '../../../src/index.js';
import { closeIdleDevice } from '../../../src/gpu/device/kept-device.js';
import { partsAtEnd } from '../../support/ends.js';
import { expectRefusal } from '../../support/refusal.js';

const { dataset } = syntheticRegression({ rows: 20_001, features: 3, seed: 1 });
const OWN = { backend: 'webgpu', recover: true } as const;

/** The devices that the library opens, the last of which can be destroyed. */
function watchDevices() {
  const devices: GPUDevice[] = [];
  const request = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, 'requestDevice')?.value as GPUAdapter['requestDevice']; // prettier-ignore
  vi.spyOn(GPUAdapter.prototype, 'requestDevice').mockImplementation(async function (this: GPUAdapter, ...options) {
    const device = await request.apply(this, options);
    devices.push(device);
    return device;
  });
  closeIdleDevice();
  return { opened: () => devices.length, destroy: () => devices.at(-1)?.destroy() };
}

afterEach(() => {
  vi.restoreAllMocks();
  closeIdleDevice(); // one that was destroyed after its last epoch: Deno tells of the loss when the device is used again
});

const FITS: [string, FitOptions][] = [
  ['gradient descent', { optimizer: 'gradientDescent', learningRate: 0.05, epochs: 4000, tolerance: 0 }],
  ['nesterov that stops early', { optimizer: 'nesterov', validationFraction: 0.2, patience: 400, epochs: 3000 }],
  ['adam with a path', { optimizer: 'adam', epochs: 1500, tolerance: 0, pathEvery: 100 }],
  ['mini-batches', { optimizer: 'gradientDescent', batchSize: 500, epochs: 60, tolerance: 0 }],
  ['a rate by the epoch', { learningRate: (epoch) => 0.3 / (1 + epoch / 100), epochs: 2000, tolerance: 0 }],
  ['a solver', { optimizer: 'lbfgs', loss: 'huber', huberDelta: 0.1 }],
];

describe('a fit that recovers', () => {
  it.each(FITS)('ends with the bits of a fit without a loss: %s', async (_, own) => {
    const options = { ...OWN, strategy: 'streaming', ...own } as const;
    const whole = await fit(dataset, { ...options, recover: false });
    const { opened, destroy } = watchDevices();
    let losses = 0;
    const told: number[] = [];
    const warned: string[] = [];
    const model = await fit(dataset, {
      ...options,
      onWarning: ({ code }) => warned.push(code),
      onProgress: (progress) => {
        told.push(...progress.losses);
        const isTime = progress.epoch > (whole.report.epochsRun * (losses + 1)) / 4;
        if (losses < 3 && isTime) {
          losses += 1;
          destroy();
        }
      },
    });
    expect(losses).toBeGreaterThan(0);
    const recovered = opened() - 1; // one that is lost after the last epoch may be needed no more
    expect(recovered).toBeGreaterThan(0);
    expect(recovered).toBeLessThanOrEqual(losses);
    expect(partsAtEnd(model)).toEqual(partsAtEnd(whole));
    expect(model.report.path).toEqual(whole.report.path);
    expect(told).toEqual(whole.report.lossHistory);
    expect(model.report.warnings.filter(({ code }) => code === 'DEVICE_RECOVERED')).toHaveLength(1);
    expect(warned.filter((code) => code === 'DEVICE_RECOVERED')).toHaveLength(recovered);
  });

  it('goes on by steps, and from a checkpoint', async () => {
    const options = { ...OWN, strategy: 'streaming', learningRate: 0.05, epochs: 400, tolerance: 0 } as const;
    const whole = await fit(dataset, { ...options, recover: false });
    const half = await fit(dataset, { ...options, recover: false, epochs: 200 });
    const { destroy, opened } = watchDevices();
    const steps = fitSteps(dataset, { ...options, epochsPerStep: 50 });
    const epochs: number[] = [];
    for await (const { epoch } of steps) {
      epochs.push(epoch);
      if (epoch === 100 || epoch === 350) destroy();
    }
    expect(epochs).toEqual([50, 100, 150, 200, 250, 300, 350, 400]);
    expect(partsAtEnd(await steps.model())).toEqual(partsAtEnd(whole));
    expect(opened()).toBe(3);
    let isLost = false;
    const resumed = await resume(half.checkpoint(), dataset, {
      ...OWN,
      epochs: 400,
      onProgress: () => {
        if (!isLost) destroy();
        isLost = true;
      },
    });
    expect(partsAtEnd(resumed)).toEqual(partsAtEnd(whole));
  });

  it('goes back to its beginning after a reset, and ends with its signal', async () => {
    const options = { ...OWN, strategy: 'streaming', learningRate: 0.05, epochs: 200, tolerance: 0 } as const;
    const whole = await fit(dataset, { ...options, recover: false });
    const { destroy } = watchDevices();
    const steps = fitSteps(dataset, { ...options, epochsPerStep: 50 });
    await steps.next();
    destroy();
    await steps.next();
    await steps.reset();
    for await (const step of steps) expect(step.epoch % 50).toBe(0);
    expect(partsAtEnd(await steps.model())).toEqual(partsAtEnd(whole));
    const controller = new AbortController();
    const { report } = await fit(dataset, {
      ...options,
      epochs: 1_000_000,
      signal: controller.signal,
      onProgress: ({ epoch }) => epoch > 3 && controller.abort(),
    });
    expect(report.stopReason).toBe('aborted');
  });

  it('gives up where each new device is lost, too', async () => {
    const { destroy, opened } = watchDevices();
    const options = { ...OWN, strategy: 'streaming', epochs: 1_000_000, learningRate: 0.1, tolerance: 0 } as const;
    const create = Object.getOwnPropertyDescriptor(GPUDevice.prototype, 'createBuffer')?.value as GPUDevice['createBuffer']; // prettier-ignore
    vi.spyOn(GPUDevice.prototype, 'createBuffer').mockImplementation(function (this: GPUDevice, descriptor) {
      const buffer = create.call(this, descriptor);
      destroy();
      return buffer;
    });
    await expectRefusal(() => fit(dataset, options), 'DEVICE_LOST', 'recover: true');
    expect(opened()).toBe(6); // the first, and five more
  });

  it('never makes the device of a context anew', async () => {
    const context = await createContext();
    const options = { recover: true, context, strategy: 'streaming' } as const;
    await expectRefusal(() => fit(dataset, options), 'INVALID_OPTION', 'recover with a context', 'never made anew');
    context.dispose();
  });
});
