import type { Backend } from '../descent/backend.js';
import type { GpuContext } from '../gpu/device/device.js';

// Each engine is a part of its own in a bundle, which loads when it is used.

/** Loads the engine on the CPU, and opens it. */
export async function loadCpuBackend(): Promise<Backend> {
  return (await import('../cpu/backend.js')).openCpuBackend();
}

/** Loads the engine on WebGPU, and opens it on the context or on the device that is kept. */
export async function loadGpuBackend(context: GpuContext | undefined): Promise<Backend> {
  return (await import('../gpu/backend.js')).openGpuBackend(context);
}

/** Loads the reference, the check of the engines, and opens it. */
export async function loadReferenceBackend(): Promise<Backend> {
  return (await import('../reference/backend.js')).openReferenceBackend();
}
