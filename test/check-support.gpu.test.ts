import { afterEach, expect, it, vi } from 'vitest';
import { checkSupport, createContext } from '../src/index.js';
import { countBuffers } from './support/buffers.js';
import { requireAdapter } from './support/gpu.js';
import { expectRefusal } from './support/refusal.js';

afterEach(() => vi.restoreAllMocks());

/** Looks at the next device before the library has it. */
async function onOpening(look: (device: GPUDevice) => void): Promise<void> {
  const adapter = await requireAdapter();
  const request = adapter.requestDevice.bind(adapter);
  vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(adapter);
  vi.spyOn(adapter, 'requestDevice').mockImplementation(async (descriptor) => {
    const device = await request(descriptor);
    look(device);
    return device;
  });
}

/** The next devices that are opened, with their buffers counted. */
async function nextDevices() {
  const opened: { device: GPUDevice; buffers: ReturnType<typeof countBuffers> }[] = [];
  await onOpening((device) => opened.push({ device, buffers: countBuffers(device) }));
  return opened;
}

it('a host with an adapter is supported, and described', async () => {
  const opened = await nextDevices();
  const report = await checkSupport();
  expect(report).toMatchObject({ supported: true, reasons: [], secureContext: true, isSoftware: true });
  expect(report.userAgent).toBe(navigator.userAgent);
  expect(report.adapter?.vendor).not.toBe('');
  const { limits } = await requireAdapter();
  expect(report.limits?.maxStorageBufferBindingSize).toBe(limits.maxStorageBufferBindingSize);
  expect(report.warnings.map(({ code }) => code)).toEqual(['SOFTWARE_ADAPTER']); // the tests' browser has no other
  expect(report.check?.kernels).toHaveLength(3);
  expect(report.check?.passed).toBe(true);
  expect(report.check?.maxRelativeDifference).toBeGreaterThan(0); // f32 against f64
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(opened).toHaveLength(1);
  expect(opened[0]?.buffers.made()).toBeGreaterThan(10);
  expect(opened[0]?.buffers.live()).toBe(0);
  expect((await opened[0]?.device.lost)?.reason).toBe('destroyed');
});

it.each([
  ['gives none', () => Promise.resolve(null)],
  ['refuses', () => Promise.reject(new Error('switched off'))],
])('a browser that %s has no adapter', async (_, requestAdapter) => {
  vi.spyOn(navigator.gpu, 'requestAdapter').mockImplementation(requestAdapter);
  const { supported, reasons, adapter, check } = await checkSupport();
  expect({ supported, adapter, check }).toEqual({ supported: false, adapter: null, check: null });
  expect(reasons.map(({ code }) => code)).toEqual(['NO_ADAPTER']);
  await expectRefusal(() => createContext(), 'WEBGPU_UNAVAILABLE', 'no adapter');
});

it('a browser that never answers has no adapter, once the time is over', async () => {
  vi.spyOn(navigator.gpu, 'requestAdapter').mockReturnValue(new Promise(() => undefined));
  const { supported, reasons } = await checkSupport({ timeoutMs: 50 });
  expect(supported).toBe(false);
  expect(reasons).toMatchObject([{ code: 'NO_ADAPTER', message: 'There is no adapter within 50 ms.' }]);
});

it('the timeout is ten seconds by default', async () => {
  vi.useFakeTimers();
  try {
    vi.spyOn(navigator.gpu, 'requestAdapter').mockReturnValue(new Promise(() => undefined));
    let isOver = false;
    const checking = checkSupport().finally(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(9_999);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect((await checking).reasons).toMatchObject([{ message: 'There is no adapter within 10000 ms.' }]);
  } finally {
    vi.useRealTimers();
  }
});

it('a device that opens too late is destroyed when it comes', async () => {
  const device = await (await requireAdapter()).requestDevice();
  let open: (device: GPUDevice) => void = () => undefined;
  vi.spyOn(GPUAdapter.prototype, 'requestDevice').mockReturnValue(new Promise((resolve) => (open = resolve)));
  const { supported, reasons } = await checkSupport({ timeoutMs: 50 });
  expect(supported).toBe(false);
  expect(reasons).toMatchObject([{ code: 'NO_DEVICE', message: expect.stringContaining('within 50 ms') as string }]);
  open(device);
  expect((await device.lost).reason).toBe('destroyed');
});

it.each([0, -1, Number.NaN, Infinity, '5'])('a timeout of %s is refused', async (timeoutMs) => {
  const refused = () => checkSupport({ timeoutMs: timeoutMs as number }); // callers without types hand in anything
  await expectRefusal(refused, 'INVALID_OPTION', `timeoutMs ${timeoutMs}`);
});

it('an adapter that opens no device is reported', async () => {
  vi.spyOn(GPUAdapter.prototype, 'requestDevice').mockRejectedValue(new Error('of no use'));
  const { supported, reasons } = await checkSupport();
  expect(supported).toBe(false);
  expect(reasons).toMatchObject([{ code: 'NO_DEVICE', message: expect.stringContaining('of no use') as string }]);
});

it('a compiler that refuses every kernel is reported', async () => {
  vi.spyOn(GPUDevice.prototype, 'createComputePipelineAsync').mockRejectedValue(new Error('not on this adapter'));
  const opened = await nextDevices();
  const { supported, reasons, adapter } = await checkSupport();
  expect(supported).toBe(false);
  expect(adapter).not.toBeNull();
  expect(reasons).toMatchObject([
    { code: 'FIT_FAILED', message: expect.stringContaining('SHADER_COMPILATION') as string },
  ]);
  expect(opened[0]?.buffers.live()).toBe(0);
  expect((await opened[0]?.device.lost)?.reason).toBe('destroyed');
});

/** Has the next device start every fit from its parameters times a factor. */
async function startsOff(factor: number): Promise<void> {
  await onOpening(({ queue }) => {
    const write = queue.writeBuffer.bind(queue);
    vi.spyOn(queue, 'writeBuffer').mockImplementation((buffer, offset, data) => {
      const isStart = buffer.label === 'parameters 0';
      const given = isStart ? (data as Float32Array<ArrayBuffer>).map((value) => value * factor) : data;
      write(buffer, offset, given);
    });
  });
}

it('a device that starts from parameters times 1.001 is reported as wrong', async () => {
  await startsOff(1 + 1e-3);
  const { supported, reasons, check } = await checkSupport();
  expect(supported).toBe(false);
  expect(check?.passed).toBe(false);
  expect(check?.maxRelativeDifference).toBeGreaterThan(1e-4);
  expect(reasons.map(({ code }) => code)).toEqual(['WRONG_RESULT']);
});

it('a device on which a fit comes to no number is reported as failing', async () => {
  await startsOff(Number.NaN);
  const { supported, reasons, check } = await checkSupport();
  expect([supported, check]).toEqual([false, null]);
  expect(reasons).toMatchObject([
    { code: 'FIT_FAILED', message: expect.stringContaining('NON_FINITE_VALUE') as string },
  ]);
});
