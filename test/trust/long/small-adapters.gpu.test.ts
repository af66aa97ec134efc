// Adapters with the least that WebGPU promises, and with less: no features, and every buffer and binding within their limits.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkSupport } from '../../../src/check-support.js';
import { computeMoments } from '../../../src/compute-moments.js';
import { crossValidate } from '../../../src/cross-validate.js';
import { syntheticClassification, syntheticRegression } from '../../../src/data/synthetic.js';
import { fit } from '../../../src/fit.js';
import { fitMany } from '../../../src/fit-many.js';
import { createContext, type GpuContext } from '../../../src/gpu/device/device.js';
import { lossSurface } from '../../../src/loss-surface.js';
import { expectClose } from '../../support/close.js';
import { requireAdapter } from '../../support/gpu.js';
import { parametersOf } from '../../support/models.js';

const { dataset } = syntheticRegression({ rows: 20_001, features: 3, seed: 1 });
const wide = syntheticRegression({ rows: 600, features: 40, seed: 2 }).dataset;
const labels = syntheticClassification({ rows: 20_001, features: 3, seed: 1 }).dataset;
const STEPS = { strategy: 'streaming', epochs: 10, tolerance: 0, seed: 1 } as const;

afterEach(() => void vi.restoreAllMocks());

/** The sizes that were asked of a device. */
interface Asked {
  descriptors: GPUDeviceDescriptor[];
  largestBuffer: number;
  largestBinding: number;
}

/** The limits of a device that asks for none, which every adapter has, divided by a number. */
async function leastLimits(divisor: number) {
  const device = await (await requireAdapter()).requestDevice();
  const limits: Record<string, number> = {};
  for (const name in device.limits) limits[name] = device.limits[name as keyof GPUSupportedLimits] as number;
  device.destroy();
  const { maxBufferSize = 0, maxStorageBufferBindingSize = 0 } = limits;
  return {
    ...limits,
    maxBufferSize: maxBufferSize / divisor,
    maxStorageBufferBindingSize: maxStorageBufferBindingSize / divisor,
  };
}

/** Has the browser give an adapter with these limits and no features, and looks at what is made on its devices. */
function cutAdapter(limits: Record<string, number>): Asked {
  const asked: Asked = { descriptors: [], largestBuffer: 0, largestBinding: 0 };
  const request = navigator.gpu.requestAdapter.bind(navigator.gpu);
  vi.spyOn(navigator.gpu, 'requestAdapter').mockImplementation(async (options) => {
    const adapter = (await request(options)) as GPUAdapter;
    const requestDevice = async (descriptor: GPUDeviceDescriptor) => {
      asked.descriptors.push(descriptor);
      const device = await adapter.requestDevice();
      Object.defineProperty(device, 'limits', { value: limits });
      watch(device, asked);
      return device;
    };
    return { info: adapter.info, features: new Set(), limits, requestDevice } as unknown as GPUAdapter;
  });
  return asked;
}

function watch(device: GPUDevice, asked: Asked): void {
  const createBuffer = device.createBuffer.bind(device);
  vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
    asked.largestBuffer = Math.max(asked.largestBuffer, descriptor.size);
    return createBuffer(descriptor);
  });
  const createBindGroup = device.createBindGroup.bind(device);
  vi.spyOn(device, 'createBindGroup').mockImplementation((descriptor) => {
    for (const { resource } of descriptor.entries) {
      const { buffer, size = buffer.size } = resource as GPUBufferBinding;
      asked.largestBinding = Math.max(asked.largestBinding, size);
    }
    return createBindGroup(descriptor);
  });
}

/** Numbers that every kind of call comes to, on a context or by the reference. */
async function everyKind(place: { context: GpuContext } | { backend: 'reference' }): Promise<number[][]> {
  const sums = 'context' in place ? place : ({ backend: 'cpu' } as const);
  const x = { parameter: 0, from: -1, to: 1, steps: 6 };
  const fits = [
    fit(dataset, { ...STEPS, ...place }),
    fit(dataset, { ...STEPS, batchSize: 100, epochs: 2, ...place }),
    fit(dataset, { ...STEPS, optimizer: 'adam', validationFraction: 0.2, ...place }),
    fit(wide, { ...STEPS, optimizer: 'momentum', ...place }),
    fit(labels, { ...STEPS, loss: 'logistic', ...place }),
  ];
  const models = [...(await Promise.all(fits)), ...(await fitMany(dataset, [{}, { l2: 0.1 }], { ...STEPS, ...place }))];
  const moments = await computeMoments(dataset, sums);
  const surface = await lossSurface(
    dataset,
    { x, y: { ...x, parameter: 1 }, at: { weights: [1, 1, 1], bias: 0 } },
    place,
  );
  const [validated] = await crossValidate(dataset, [{}], { ...STEPS, folds: 3, ...place });
  return [...models.map(parametersOf), [...moments.means], [...surface], validated?.validationLosses ?? []].map(
    (list) => [...list],
  );
}

describe.each([1, 1024, 8192])('the least limits of WebGPU, divided by %i', (divisor) => {
  it('are kept by every kind of call, with the results of the reference', async () => {
    const limits = await leastLimits(divisor);
    const asked = cutAdapter(limits);
    const context = await createContext();
    const { maxBufferSize, maxStorageBufferBindingSize } = limits;
    expect(asked.descriptors).toMatchObject([
      { requiredFeatures: [], requiredLimits: { maxBufferSize, maxStorageBufferBindingSize } },
    ]);
    const [found, expected] = [await everyKind({ context }), await everyKind({ backend: 'reference' })];
    expect(asked.largestBuffer).toBeLessThanOrEqual(maxBufferSize);
    expect(asked.largestBinding).toBeLessThanOrEqual(maxStorageBufferBindingSize);
    const because = 'some hundred roundings of 2^-24 beside numbers of up to 10';
    found.forEach((numbers, k) => expectClose(numbers, expected[k] ?? [], { absolute: 1e-4, because }));
    context.dispose();
  });

  it('are supported', async () => {
    const limits = await leastLimits(divisor);
    const asked = cutAdapter(limits);
    const report = await checkSupport();
    expect(report).toMatchObject({ supported: true, reasons: [], features: { subgroupSize: null, timestamps: false } });
    expect(report.limits).toMatchObject({ maxBufferSize: limits.maxBufferSize });
    expect(asked.largestBinding).toBeLessThanOrEqual(limits.maxStorageBufferBindingSize);
  });
});
