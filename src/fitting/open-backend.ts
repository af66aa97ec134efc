import type { Backend } from '../descent/backend.js';
import { DescentError } from '../base/errors.js';
import { openGpuBackend } from '../gpu/backend.js';
import type { GpuContext } from '../gpu/device/device.js';
import type { FitSettings } from '../options/specs.js';
import { openReferenceBackend } from '../reference/backend.js';
import type { FitWarning } from '../descent/report.js';

/** Opens the requested backend. With 'auto' a missing GPU means the CPU, and a warning says so. */
export async function openBackend(
  name: FitSettings['backend'],
  context: GpuContext | undefined,
): Promise<{ backend: Backend; warnings: FitWarning[] }> {
  if (name === 'cpu') return { backend: openCpuBackend(), warnings: [] };
  try {
    return { backend: await openGpuBackend(context), warnings: [] };
  } catch (error) {
    const isMissing = error instanceof DescentError && error.code === 'WEBGPU_UNAVAILABLE';
    if (name === 'webgpu' || !isMissing) throw error;
    const warning: FitWarning = { code: 'BACKEND_FALLBACK', message: `Trained on the CPU: ${error.message}` };
    return { backend: openCpuBackend(), warnings: [warning] };
  }
}

/** The backend without a GPU: for now the loops of the reference, which train in f64. */
export function openCpuBackend(): Backend {
  return openReferenceBackend();
}
