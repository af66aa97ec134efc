import type { FitReport } from '../descent/report.js';
import type { ChosenBackend } from './open-backend.js';

/** The reason why the host solves little data. */
export const LITTLE_PLACEMENT = 'Little data are solved on the CPU at once, in f64.';

/** The reason why moments are trained on by the host. */
export const MOMENTS_PLACEMENT = 'Training on moments needs no GPU.';

/** The place for a report: that of a backend, or the host where training needs none. */
export function placeOf(
  opened: ChosenBackend | null,
  placement: string,
): Pick<FitReport, 'backend' | 'placement' | 'adapter'> {
  return { backend: opened?.backend.name ?? 'cpu', placement, adapter: opened?.backend.adapter ?? null };
}
