import { anyText } from '../../base/quote.js';
import { DescentError } from '../../base/errors.js';
import { requireKnown } from '../../base/check-names.js';
import { remedyFor } from '../../base/webgpu-hints.js';
import { hostHere } from '../../base/host-kind.js';
import type { AdapterReport } from '../../descent/report.js';
import { describeAdapter } from './adapters.js';
import type { BufferLimits } from '../kernels/layout.js';
import { deviceLost, notRead, outOfDeviceMemory, refusedCommand } from './device-errors.js';
import { DeviceLoss } from './device-loss.js';
import { countAsked } from './held-bytes.js';
import { DISPOSE } from '../../base/dispose.js';
import { NudgedQueue } from './nudge.js';
import { openDevice, type PowerPreference, SIZE_CONTROL } from './open-device.js';
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
  readonly #loss: DeviceLoss;
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
    this.limits = lowered(device.limits, requireLimits(limits));
    const subgroups = chooseSubgroups(device.features, info);
    this.subgroupSize = subgroups?.size ?? null;
    this.isSubgroupPinned = subgroups?.isPinned ?? false;
    this.#ownsDevice = ownsDevice;
    this.#queue = new NudgedQueue(device.queue);
    this.#loss = new DeviceLoss(device);
  }

  /** True until the context is closed or its device is gone. */
  get isOpen(): boolean {
    return !this.#disposed && this.#loss.reason === undefined;
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
    if (this.#loss.reason !== undefined) throw deviceLost(this.#loss.reason);
  }

  /**
   * Waits for something of the device's. A lost device fails here as `DEVICE_LOST`: most other calls on a lost
   * device seem to succeed.
   */
  async wait<T>(promise: Promise<T>): Promise<T> {
    const outcome = await this.outcome(this.#queue.wait(promise));
    if ('value' in outcome) return outcome.value;
    throw outcome.refused instanceof DescentError ? outcome.refused : notRead(outcome.refused);
  }

  /**
   * The value of a promise of the device's, or the reason for which it was refused. Throws `DEVICE_LOST` for a refusal that is
   * a loss, and as soon as the device is lost: what it has promised may then stay open for ever.
   */
  async outcome<T>(promise: Promise<T>): Promise<{ value: T } | { refused: unknown }> {
    let outcome: { value: T } | { refused: unknown };
    try {
      outcome = { value: await this.#loss.before(promise) };
    } catch (refused) {
      if (!(refused instanceof DescentError)) await this.#loss.news(); // refusals come before the news of their reason
      outcome = { refused };
    }
    this.check();
    return outcome;
  }

  /** The value of a promise of the device's, also where this context has been closed. Throws `DEVICE_LOST` as soon as that is known. */
  unlessLost<T>(promise: Promise<T>): Promise<T> {
    return this.#loss.before(promise);
  }

  /**
   * Runs a step that makes something or submits commands, and turns what the device refuses into an error that names
   * the step. The scopes close before anything is awaited: they are one stack per device, and what other code does
   * with a shared device is its own affair.
   */
  async guard<T>(step: string, body: () => T): Promise<T> {
    const { device } = this;
    const askedBytes = countAsked(device);
    let value: T | undefined;
    let thrown: unknown;
    try {
      device.pushErrorScope('validation');
      device.pushErrorScope('out-of-memory');
      value = body();
    } catch (error) {
      thrown = error;
    }
    const asked = askedBytes();
    const scopes = await this.outcome(popScopes(device));
    if ('refused' in scopes) throw this.#loss.take(String(scopes.refused)); // a device that is there closes its scopes
    const [memory, validation] = scopes.value;
    // A mapped buffer that the host itself has no memory for is a RangeError, not a device error.
    if (memory || thrown instanceof RangeError) throw outOfDeviceMemory(step, asked, memory ?? thrown);
    if (thrown !== undefined) {
      if (!(thrown instanceof DescentError)) await this.#loss.news();
      this.check();
      throw thrown as Error;
    }
    if (validation) throw refusedCommand(step, validation);
    return value as T;
  }

  /** Closes the context, and the device when the context opened it. A second call does nothing. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.#ownsDevice) this.device.destroy();
  }

  /** For `using context = await createContext()`. */
  [DISPOSE](): void {
    this.dispose();
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
  options: ContextOptions & { powerPreference?: PowerPreference; timestamps?: boolean } = {},
): Promise<GpuContext> {
  const names = ['powerPreference', 'limits', 'tuning', 'timestamps'];
  const { powerPreference, timestamps, limits, tuning } = requireKnown(options, names);
  const opened = await openDevice({ powerPreference, timestamps });
  if (!('obstacle' in opened)) return new GpuContext(opened.device, opened.info, { ownsDevice: true, limits, tuning });
  throw new DescentError('WEBGPU_UNAVAILABLE', {
    got: opened.got,
    expected: 'a WebGPU adapter',
    fix: `${remedyFor(opened.obstacle, hostHere())} Or use backend: 'cpu'.`,
    cause: opened.cause,
  });
}

/**
 * A context on your own device, to share buffers and memory with other code. The device stays yours: it is never
 * destroyed, and its handlers are left alone. Throws `INVALID_OPTION` for what is no device, and for limits out of range.
 *
 *     const model = await fit(data, { context: contextFromDevice(device) });
 */
export function contextFromDevice(device: GPUDevice, options: ContextOptions = {}): GpuContext {
  const known = requireKnown(options, ['limits', 'tuning']);
  // Callers without types hand in anything.
  const isDevice = typeof device === 'object' && (device as GPUDevice | null)?.adapterInfo !== undefined;
  if (!isDevice) throw invalidContext('no device', 'a GPUDevice, such as adapter.requestDevice() gives', 'device');
  return new GpuContext(device, device.adapterInfo, { ...known, ownsDevice: false });
}

/** Throws `INVALID_OPTION` for limits that are no numbers of bytes, and `UNKNOWN_OPTION` for others. */
function requireLimits(limits: LowerLimits): LowerLimits {
  const known = requireKnown(limits, ['maxBufferSize', 'maxStorageBufferBindingSize']);
  for (const [name, bytes] of Object.entries(known)) {
    if (Number.isSafeInteger(bytes) && bytes >= MOST_ALIGNMENT) continue;
    throw invalidContext(
      `limits.${name} ${anyText(bytes)}`,
      `a whole number of bytes, ${MOST_ALIGNMENT} or more`,
      'limits',
    );
  }
  return known;
}

/** Bytes of the smallest part of a buffer that any device can bind. */
const MOST_ALIGNMENT = 256;

function invalidContext(got: string, expected: string, option: string): DescentError {
  return new DescentError('INVALID_OPTION', {
    got,
    expected,
    fix: 'Leave it out, or pass another.',
    where: { option },
  });
}

function lowered({ maxBufferSize, maxStorageBufferBindingSize }: GPUSupportedLimits, lower: LowerLimits): BufferLimits {
  return {
    maxBufferSize: Math.min(maxBufferSize, lower.maxBufferSize ?? Infinity),
    maxStorageBufferBindingSize: Math.min(maxStorageBufferBindingSize, lower.maxStorageBufferBindingSize ?? Infinity),
  };
}

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

/** Closes the two scopes of a step, the inner one first. A device that is lost may refuse at once. */
async function popScopes(device: GPUDevice): Promise<[GPUError | null, GPUError | null]> {
  return Promise.all([device.popErrorScope(), device.popErrorScope()]);
}
