import { DescentError } from '../../base/errors.js';
import type { AskedBytes } from './held-bytes.js';

export function deviceLost(reason: string): DescentError {
  return new DescentError('DEVICE_LOST', {
    got: `the device was lost while in use (${reason})`,
    expected: 'a device that stays available',
    fix: 'Fit again with a new context, or with recover: true; if it keeps happening, train on less data at a time.',
  });
}

/** A wait that the device ended without an answer, although it is there. */
export function notRead(cause: unknown): DescentError {
  return new DescentError('READBACK_FAILED', {
    got: `a device that is there and does not hand out its results (${String(cause)})`,
    expected: 'buffers that the host can map',
    fix: 'Fit again, after closing what else uses the device; if it keeps happening, use backend: "cpu".',
    cause,
  });
}

/** `cause`: the words of the device, or of the host. */
export function outOfDeviceMemory(step: string, { asked, held }: AskedBytes, cause: unknown): DescentError {
  const words = cause instanceof Error ? String(cause) : (cause as GPUError).message;
  return new DescentError('OUT_OF_MEMORY', {
    got: `not enough memory to ${step}: ${asked} bytes asked for beside ${held} in use (${words})`,
    expected: `less than ${asked + held} bytes in all on this adapter; ${held} did fit`,
    fix: 'Use fewer rows or features, or free memory on the device.',
    cause,
  });
}

export function refusedCommand(step: string, cause: GPUError): DescentError {
  return new DescentError('GPU_VALIDATION', {
    got: `the device refused to ${step}: ${cause.message}`,
    expected: 'commands that the device accepts',
    fix: 'This is a defect of webgpu-descent: please report it with the name of the adapter.',
    cause,
  });
}
