import { DescentError } from '../base/errors.js';
import { beforeAbort } from '../base/turns.js';
import type { Backend } from '../descent/backend.js';
import type { FitReport, FitWarning } from '../descent/report.js';
import { findAdapter } from '../gpu/device/adapters.js';
import type { GpuContext } from '../gpu/device/device.js';
import { isDeviceKept } from '../gpu/device/kept-device.js';
import type { FitSettings } from '../options/specs.js';
import { loadCpuBackend, loadGpuBackend, loadReferenceBackend } from './load-engines.js';
import { OPENING_MS, predictedCpuMs, predictedGpuMs, type Work } from './placement.js';

/** A backend, the reason for its choice, and warnings for the caller. */
export interface ChosenBackend extends Pick<FitReport, 'placement'> {
  backend: Backend;
  warnings: FitWarning[];
}

/** The options that choose a backend. */
export type BackendOptions = Pick<FitSettings, 'backend' | 'kernels' | 'storage'>;

/** The knowledge of this process about its GPU. */
interface KnownGpu {
  /** The name of its adapter, once it is known to run shaders on the CPU: no fit asks for it again. */
  softwareAdapter: string | undefined;
  /** Milliseconds in which a device opens. */
  openingMs: number;
}

const UNKNOWN_GPU: KnownGpu = { softwareAdapter: undefined, openingMs: OPENING_MS };
let known = UNKNOWN_GPU;

/** Forgets what this process knows of its GPU. */
export function forgetGpu(): void {
  known = UNKNOWN_GPU;
}

/**
 * Opens the requested backend. 'auto' opens the one that is predicted to finish the work first, so that a small fit never
 * asks for an adapter; `work` is null for a source, which is read more slowly than the CPU adds it up. Adapters that run shaders
 * on the CPU are slower than its own kernels. A context, kernels and a storage ask for WebGPU. Where it is missing then, the
 * CPU trains, and a warning says so. Rejects with the reason of the signal.
 */
export async function openBackend(
  options: BackendOptions,
  context: GpuContext | undefined,
  work: Work | null,
  signal?: AbortSignal,
): Promise<ChosenBackend> {
  const opening = chooseBackend(options, context, work);
  try {
    return await beforeAbort(opening, signal);
  } catch (error) {
    // A device that comes after an abort is left to the next fit.
    opening.then(
      ({ backend }) => backend.dispose(),
      () => undefined,
    );
    throw error;
  }
}

async function chooseBackend(
  { backend: name, kernels, storage }: BackendOptions,
  context: GpuContext | undefined,
  work: Work | null,
): Promise<ChosenBackend> {
  if (name === 'cpu') return onCpu("Backend 'cpu' was requested.");
  if (name === 'reference') return onReference();
  if (name === 'webgpu') return onGpu(context, "Backend 'webgpu' was requested.");
  if (context) return onGpuOrCpu(context, 'A context was passed, which asks for WebGPU.');
  if (kernels !== 'auto') return onGpuOrCpu(undefined, `Kernels '${kernels}' were requested, which are WebGPU's.`);
  if (storage !== 'f32') return onGpuOrCpu(undefined, `Storage '${storage}' was requested, which is WebGPU's.`);
  return work ? soonest(work) : onCpu('A source is read more slowly than the CPU adds it up.');
}

/** The place that is predicted to finish first. */
async function soonest(work: Work): Promise<ChosenBackend> {
  const cpuMs = predictedCpuMs(work);
  const gpuMs = predictedGpuMs(work);
  const openingMs = isDeviceKept() ? 0 : known.openingMs;
  const onGpuText = `${inWords(gpuMs)} on a GPU${openingMs > 0 ? ` and ${inWords(openingMs)} to open it` : ''}`;
  const reason = `Predicted to take ${inWords(cpuMs)} on the CPU, ${onGpuText}.`;
  if (cpuMs <= openingMs + gpuMs) return onCpu(reason);
  known = { ...known, softwareAdapter: known.softwareAdapter ?? (await softwareAdapterHere()) };
  if (known.softwareAdapter === undefined) return onGpuOrCpu(undefined, reason);
  return onCpu(`The adapter (${known.softwareAdapter}) would run its shaders on the CPU, which has faster kernels.`);
}

async function softwareAdapterHere(): Promise<string | undefined> {
  const adapter = await findAdapter();
  if (!adapter?.isSoftware) return undefined;
  return adapter.description || adapter.architecture || adapter.vendor || 'unnamed';
}

async function onGpuOrCpu(context: GpuContext | undefined, placement: string): Promise<ChosenBackend> {
  try {
    return await onGpu(context, placement);
  } catch (error) {
    if (!(error instanceof DescentError) || error.code !== 'WEBGPU_UNAVAILABLE') throw error;
    const warning: FitWarning = { code: 'BACKEND_FALLBACK', message: `Trained on the CPU: ${error.message}` };
    return { ...(await onCpu('WebGPU is unavailable.')), warnings: [warning] };
  }
}

async function onGpu(context: GpuContext | undefined, placement: string): Promise<ChosenBackend> {
  const isNew = !context && !isDeviceKept();
  const startMs = performance.now();
  const backend = await loadGpuBackend(context);
  if (isNew) known = { ...known, openingMs: performance.now() - startMs };
  return { backend, placement, warnings: [] };
}

async function onCpu(placement: string): Promise<ChosenBackend> {
  return { backend: await loadCpuBackend(), placement, warnings: [] };
}

async function onReference(): Promise<ChosenBackend> {
  return { backend: await loadReferenceBackend(), placement: "Backend 'reference' was requested.", warnings: [] };
}

/** A predicted time, to one digit: it is known no better. */
export function inWords(milliseconds: number): string {
  if (milliseconds < 1) return 'less than 1 ms';
  if (milliseconds < 1000) return `${Number(milliseconds.toPrecision(1))} ms`;
  return `${Number((milliseconds / 1000).toPrecision(1))} s`;
}
