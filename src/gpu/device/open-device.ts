import { gpuHere } from './host-gpu.js';
import { isInsecureHere, type Obstacle } from '../../base/webgpu-hints.js';

/** The feature by which a kernel asks for one of several sizes of subgroups. Types of WebGPU do not know it yet. */
export const SIZE_CONTROL = 'subgroup-size-control';

/** The GPU to prefer on a machine with two: `GPUPowerPreference`. */
export type PowerPreference = 'low-power' | 'high-performance';

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
  powerPreference?: PowerPreference | undefined;
  /** True to have the device keep time, if it can. */
  timestamps?: boolean | undefined;
  /** Default: as long as it takes. */
  timeoutMs?: number;
}): Promise<OpenedDevice | { obstacle: Obstacle; got: string; cause?: unknown }> {
  const gpu = await gpuHere();
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
