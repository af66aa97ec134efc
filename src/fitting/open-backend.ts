import type { Backend } from '../descent/backend.js';
import { DescentError } from '../base/errors.js';
import { openCpuBackend } from '../cpu/backend.js';
import { openGpuBackend } from '../gpu/backend.js';
import type { GpuContext } from '../gpu/device/device.js';
import type { FitSettings } from '../options/specs.js';
import type { FitWarning } from '../descent/report.js';

/** The backend asked for. With 'auto' a missing GPU means the CPU, and a warning says so. */
export async function openBackend(
  asked: FitSettings['backend'],
  context: GpuContext | undefined,
  warnings: FitWarning[],
): Promise<Backend> {
  if (asked === 'cpu') return openCpuBackend();
  try {
    return await openGpuBackend(context);
  } catch (error) {
    const isMissing = error instanceof DescentError && error.code === 'WEBGPU_UNAVAILABLE';
    if (asked === 'webgpu' || !isMissing) throw error;
    warnings.push({ code: 'BACKEND_FALLBACK', message: `Trained on the CPU: ${error.message}` });
    return openCpuBackend();
  }
}
