import type { GpuContext } from './device.js';

/** Milliseconds without a fit after which the device is closed. */
export const MOST_IDLE_MS = 10_000;

/** The device of fits that were given none: the next of them finds it open, with its kernels compiled. */
interface KeptDevice {
  context: GpuContext;
  users: number;
  closing: ReturnType<typeof setTimeout> | undefined;
}

let kept: KeptDevice | undefined;
let opening: Promise<KeptDevice> | undefined;

/** A device that is shared with other fits, until `release`. */
export interface BorrowedDevice {
  context: GpuContext;
  release: () => void;
}

/** True if a device is open. */
export function isDeviceKept(): boolean {
  return kept?.context.isOpen ?? false;
}

/** Borrows the device, which is opened if there is none. Throws `WEBGPU_UNAVAILABLE`. */
export async function borrowDevice(): Promise<BorrowedDevice> {
  if (!isDeviceKept()) {
    opening ??= open();
    await opening.finally(() => (opening = undefined));
  }
  const device = kept as KeptDevice;
  device.users++;
  clearTimeout(device.closing);
  let isReleased = false;
  return {
    context: device.context,
    release() {
      if (isReleased) return;
      isReleased = true;
      device.users--;
      if (device.users > 0) return;
      device.closing = setTimeout(() => close(device), MOST_IDLE_MS);
      unref(device.closing);
    },
  };
}

/** The code of devices is loaded where one is opened. */
async function open(): Promise<KeptDevice> {
  const { createContext } = await import('./device.js');
  return (kept = { context: await createContext(), users: 0, closing: undefined });
}

/** Closes the device now if no fit uses it. */
export function closeIdleDevice(): void {
  if (kept?.users === 0) close(kept);
}

function close(device: KeptDevice): void {
  clearTimeout(device.closing);
  device.context.dispose();
  if (kept === device) kept = undefined;
}

/** Lets a process of Node or Deno end before the timer does. */
function unref(timer: ReturnType<typeof setTimeout>): void {
  const { Deno } = globalThis as { Deno?: { unrefTimer(id: unknown): void } };
  if (Deno) Deno.unrefTimer(timer);
  else if (typeof timer === 'object') timer.unref();
}
