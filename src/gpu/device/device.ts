import { DescentError } from '../../base/errors.js';
import { requireKnown } from '../../base/check-names.js';
import { hostHere, isInsecureHere, type Obstacle, remedyFor } from '../../base/webgpu-hints.js';
import type { AdapterReport } from '../../descent/report.js';
import { describeAdapter } from './adapters.js';
import type { BufferLimits } from '../kernels/layout.js';
import { NudgedQueue } from './nudge.js';
import { completeTuning, isSameTuning, type Tuning, tuningFor } from './tuning.js';

/** Limits under those of the device, to keep buffers small: in tests, and where memory is shared. */
export type LowerLimits = Partial<BufferLimits>;

/** The options of a context, beside its device. */
export interface ContextOptions {
  /** Limits under those of the device, in bytes. Default: those of the device. */
  limits?: LowerLimits | undefined;
  /** Numbers in place of those for this kind of adapter, as `tune` finds them. They fix the order of sums. */
  tuning?: Partial<Tuning> | null | undefined;
}

/**
 * A device to train on, and what the library watches about it: that it is still there, and that it refuses none of
 * the library's commands. One context serves any number of fits.
 */
export class GpuContext {
  readonly device: GPUDevice;
  readonly adapter: AdapterReport;
  readonly tuning: Tuning;
  /** The limits of a buffer with examples: those of the device, or less. */
  readonly limits: BufferLimits;
  /** True if the tuning is not that for this kind of adapter, so that sums are added in another order. */
  readonly isTuned: boolean;
  /** Lanes of every subgroup; null where subgroups are missing, or of several sizes that cannot be chosen from. */
  readonly subgroupSize: number | null;
  /** True if the size of subgroups is one of several, which kernels ask for. */
  readonly isSubgroupPinned: boolean;
  readonly #ownsDevice: boolean;
  readonly #queue: NudgedQueue;
  #lost: GPUDeviceLostInfo | undefined;
  #disposed = false;

  constructor(
    device: GPUDevice,
    info: GPUAdapterInfo,
    { ownsDevice, limits = {}, tuning }: ContextOptions & { ownsDevice: boolean },
  ) {
    this.device = device;
    this.adapter = describeAdapter(info);
    const usual = tuningFor(this.adapter);
    this.tuning = tuning ? completeTuning(usual, tuning) : usual;
    this.isTuned = !isSameTuning(this.tuning, usual);
    this.limits = lowered(device.limits, limits);
    const subgroups = chooseSubgroups(device.features, info);
    this.subgroupSize = subgroups?.size ?? null;
    this.isSubgroupPinned = subgroups?.isPinned ?? false;
    this.#ownsDevice = ownsDevice;
    this.#queue = new NudgedQueue(device.queue);
    void device.lost.then((reason) => (this.#lost = reason));
  }

  /** True until the context is closed or its device is gone. */
  get isOpen(): boolean {
    return !this.#disposed && !this.#lost;
  }

  /** Throws when the context is closed or its device is gone. Call it after every wait. */
  check(): void {
    if (this.#disposed) {
      throw new DescentError('DISPOSED', {
        got: 'a context after dispose()',
        expected: 'a context that is open',
        fix: 'Make a new one with createContext().',
      });
    }
    if (this.#lost) throw deviceLost(this.#lost.message || this.#lost.reason);
  }

  /**
   * Waits for something of the device's. A lost device fails here as `DEVICE_LOST`: most other calls on a lost
   * device seem to succeed.
   */
  async wait<T>(promise: Promise<T>): Promise<T> {
    try {
      const value = await this.#queue.wait(promise);
      this.check();
      return value;
    } catch (error) {
      this.check();
      // A rejected map can arrive before the device says that it is lost.
      throw error instanceof DescentError ? error : deviceLost(String(error));
    }
  }

  /**
   * Runs a step that makes something or submits commands, and turns what the device refuses into an error that names
   * the step. The scopes close before anything is awaited: they are one stack per device, and what other code does
   * with a shared device is its own affair.
   */
  async guard<T>(step: string, body: () => T): Promise<T> {
    const { device } = this;
    device.pushErrorScope('validation');
    device.pushErrorScope('out-of-memory');
    let value: T | undefined;
    let thrown: unknown;
    try {
      value = body();
    } catch (error) {
      thrown = error;
    }
    const [memory, validation] = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
    this.check();
    // A mapped buffer that the host itself has no memory for is a RangeError, not a device error.
    if (memory || thrown instanceof RangeError) {
      throw new DescentError('OUT_OF_MEMORY', {
        got: `not enough memory to ${step}: ${memory ? memory.message : String(thrown)}`,
        expected: 'enough free memory on the adapter',
        fix: 'Use fewer rows or features, or free memory on the device.',
        cause: memory ?? thrown,
      });
    }
    if (thrown !== undefined) throw thrown as Error;
    if (validation) {
      throw new DescentError('GPU_VALIDATION', {
        got: `the device refused to ${step}: ${validation.message}`,
        expected: 'commands that the device accepts',
        fix: 'This is a defect of webgpu-descent: please report it with the name of the adapter.',
        cause: validation,
      });
    }
    return value as T;
  }

  /** Closes the context, and the device when the context opened it. A second call does nothing. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.#ownsDevice) this.device.destroy();
  }
}

/**
 * Opens a device on the fastest adapter, with as large buffers as it allows.
 *
 * Throws `WEBGPU_UNAVAILABLE` with the reason: no WebGPU here, a page without a secure context, or no adapter.
 *
 * Reports have `gpuMs` with `timestamps: true` only: some browsers and GPUs run slower while they keep time.
 *
 *     const context = await createContext();
 *     const model = await fit(data, { context });
 *     context.dispose();
 */
export async function createContext(
  options: ContextOptions & { powerPreference?: GPUPowerPreference; timestamps?: boolean } = {},
): Promise<GpuContext> {
  requireKnown(options, ['powerPreference', 'limits', 'tuning', 'timestamps']);
  const { powerPreference, timestamps, limits, tuning } = options;
  const opened = await openDevice({ powerPreference, timestamps });
  if (!('obstacle' in opened)) return new GpuContext(opened.device, opened.info, { ownsDevice: true, limits, tuning });
  throw new DescentError('WEBGPU_UNAVAILABLE', {
    got: opened.got,
    expected: 'a WebGPU adapter',
    fix: `${remedyFor(opened.obstacle, hostHere())} Or use backend: 'cpu'.`,
    cause: opened.cause,
  });
}

/** A device, and what its adapter says of itself. */
export interface OpenedDevice {
  device: GPUDevice;
  info: GPUAdapterInfo;
  /** True if the device would keep time if it were asked to. */
  hasTimestamps: boolean;
}

/** A device, or what is in the way to one. Answers that take longer than `timeoutMs` are none. */
export async function openDevice({
  powerPreference = 'high-performance',
  timestamps = false,
  timeoutMs,
}: {
  powerPreference?: GPUPowerPreference | undefined;
  /** True to have the device keep time, if it can. */
  timestamps?: boolean | undefined;
  /** Default: as long as it takes. */
  timeoutMs?: number;
}): Promise<OpenedDevice | { obstacle: Obstacle; got: string; cause?: unknown }> {
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu;
  if (!gpu) {
    return isInsecureHere()
      ? { obstacle: 'INSECURE_CONTEXT', got: 'a page without a secure context' }
      : { obstacle: 'NO_WEBGPU', got: 'an environment without WebGPU' };
  }
  let adapter: GPUAdapter | null | 'late';
  try {
    adapter = await inTime(gpu.requestAdapter({ powerPreference }), timeoutMs);
  } catch (cause) {
    // Firefox rejects where it has WebGPU switched off.
    return { obstacle: 'NO_ADAPTER', got: `no adapter (${String(cause)})`, cause };
  }
  if (adapter === 'late') return { obstacle: 'NO_ADAPTER', got: `no adapter within ${timeoutMs} ms` };
  if (!adapter) return { obstacle: 'NO_ADAPTER', got: 'no adapter' };
  const { features, limits, info } = adapter;
  const { maxBufferSize, maxStorageBufferBindingSize } = limits;
  const hasTimestamps = features.has('timestamp-query');
  const wanted = ['subgroups', SIZE_CONTROL, ...(timestamps ? ['timestamp-query'] : [])] as GPUFeatureName[];
  try {
    const opening = adapter.requestDevice({
      label: 'webgpu-descent',
      requiredFeatures: wanted.filter((feature) => features.has(feature)),
      requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
    });
    const device = await inTime(opening, timeoutMs, (late) => late.destroy());
    if (device === 'late')
      return { obstacle: 'NO_DEVICE', got: `an adapter that does not open a device within ${timeoutMs} ms` };
    return { device, info, hasTimestamps };
  } catch (cause) {
    return { obstacle: 'NO_DEVICE', got: `an adapter that does not open a device (${String(cause)})`, cause };
  }
}

/** The result of a promise, or 'late' after the timeout; `tidy` disposes of a result that comes after it. */
async function inTime<T>(
  promise: Promise<T>,
  timeoutMs: number | undefined,
  tidy: (late: T) => void = () => undefined,
): Promise<T | 'late'> {
  if (timeoutMs === undefined) return promise;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), timeoutMs);
  });
  const first = await Promise.race([promise, late]).finally(() => clearTimeout(timer));
  if (first === 'late') promise.then(tidy, () => undefined);
  return first;
}

/**
 * A context on your own device, to share buffers and memory with other code. The device stays yours: it is never
 * destroyed, and its handlers are left alone.
 *
 *     const model = await fit(data, { context: contextFromDevice(device) });
 */
export function contextFromDevice(device: GPUDevice, options: ContextOptions = {}): GpuContext {
  requireKnown(options, ['limits', 'tuning']);
  return new GpuContext(device, device.adapterInfo, { ...options, ownsDevice: false });
}

function lowered({ maxBufferSize, maxStorageBufferBindingSize }: GPUSupportedLimits, lower: LowerLimits): BufferLimits {
  return {
    maxBufferSize: Math.min(maxBufferSize, lower.maxBufferSize ?? Infinity),
    maxStorageBufferBindingSize: Math.min(maxStorageBufferBindingSize, lower.maxStorageBufferBindingSize ?? Infinity),
  };
}

/** The feature by which a kernel asks for one of several sizes of subgroups. Types of WebGPU do not know it yet. */
const SIZE_CONTROL = 'subgroup-size-control';

/** The size that kernels ask for where there are several: every kind of GPU with sizes to choose from has it. */
const PINNED_SIZE = 32;

/** The size of subgroups on a device: its only one, or the one to ask for; null where it is not known. */
function chooseSubgroups(
  features: ReadonlySet<string>,
  { subgroupMinSize: least, subgroupMaxSize: most }: GPUAdapterInfo,
): { size: number; isPinned: boolean } | null {
  if (!features.has('subgroups') || least === undefined || most === undefined) return null;
  if (least === most) return { size: least, isPinned: false };
  const isOffered = features.has(SIZE_CONTROL) && least <= PINNED_SIZE && PINNED_SIZE <= most;
  return isOffered ? { size: PINNED_SIZE, isPinned: true } : null;
}

function deviceLost(reason: string): DescentError {
  return new DescentError('DEVICE_LOST', {
    got: `the device was lost while in use (${reason})`,
    expected: 'a device that stays available',
    fix: 'Fit again with a new context; if it keeps happening, train on less data at a time.',
  });
}
