import { Dataset } from '../data/checked-dataset.js';
import type { StreamedSource } from '../data/streamed-source.js';
import type { FitWarning } from '../descent/report.js';
import type { GpuContext } from '../gpu/device/device.js';
import type { FitSettings } from '../options/specs.js';
import type { Problem } from '../solve/design.js';
import type { LeastSquaresSolution } from '../solve/least-squares.js';
import { solveExamples } from '../solve/least-squares-by-moments.js';
import { loadCpuBackend } from './load-engines.js';
import { openBackend } from './open-backend.js';
import { momentsWork } from './placement.js';

/** The options of a solution by moments that a backend adds up. */
interface OnBackend {
  settings: FitSettings;
  context: GpuContext | undefined;
  mayTakeQr: boolean;
  signal: AbortSignal | undefined;
}

/** The least-squares solution of examples by moments, on the backend that the options choose. */
export async function solveOnBackend(
  examples: Dataset | StreamedSource,
  problem: Problem,
  { settings, context, mayTakeQr, signal }: OnBackend,
  warnings: FitWarning[],
): Promise<{ solved: LeastSquaresSolution; placement: string; deviceMs: number }> {
  const openMs = performance.now();
  const work = examples instanceof Dataset ? momentsWork(examples) : null;
  const { backend, placement, warnings: ofBackend } = await openBackend(settings, context, work, signal);
  warnings.push(...ofBackend);
  const deviceMs = performance.now() - openMs;
  try {
    const solved = await solveExamples(examples, backend, problem, { mayTakeQr, loadCpuBackend, signal }, warnings);
    return { solved, placement, deviceMs };
  } finally {
    backend.dispose();
  }
}
