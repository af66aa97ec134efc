import { requireFiniteLosses } from './require-finite.js';
import type { FitReport } from '../descent/report.js';
import { isUpdateRule } from '../options/names.js';

/** The parts of a report that every way of training has. */
type RequiredPart =
  | 'backend'
  | 'placement'
  | 'adapter'
  | 'strategy'
  | 'kernels'
  | 'settings'
  | 'exampleCount'
  | 'featureCount'
  | 'lossHistory'
  | 'stopReason'
  | 'timings'
  | 'warnings';

/** The parts of a report; those that a way of training does not have are left out. */
export type ReportParts = Pick<FitReport, RequiredPart> & Partial<Omit<FitReport, RequiredPart | 'epochsRun'>>;

/** The report of a fit: null for every part that is left out. Throws `NON_FINITE_VALUE` for losses that f64 does not hold. */
export function assembleReport(parts: ReportParts): FitReport {
  requireFiniteLosses(parts.lossHistory);
  return {
    threads: 1,
    tuning: null,
    validationHistory: null,
    bestEpoch: null,
    path: null,
    learningRateLimit: null,
    state: null,
    converged: parts.stopReason === 'converged',
    relativeGradient: null,
    distanceToOptimum: null,
    reading: null,
    source: null,
    distanceBy: null,
    optimizer: isUpdateRule(parts.settings.optimizer) ? parts.settings.optimizer : 'newton',
    ...parts,
    ...finiteParts(parts),
    epochsRun: parts.lossHistory.length,
  };
}

/** The numbers that say how near the optimum is; null for one that left f64 on the way, and so says nothing. */
function finiteParts(parts: ReportParts): Partial<Pick<FitReport, (typeof MAY_OVERFLOW)[number]>> {
  return Object.fromEntries(
    MAY_OVERFLOW.filter((name) => !Number.isFinite(parts[name] ?? 0)).map((name) => [name, null]),
  );
}

const MAY_OVERFLOW = ['relativeGradient', 'distanceToOptimum', 'learningRateLimit'] as const;

/**
 * The time of an epoch, and the rate at which it reads the examples. `bytes` is the size of X and y in f32, counted once
 * per epoch; null if an epoch reads none.
 */
export function epochSpeed(
  epochs: number,
  trainMs: number,
  bytes: number | null,
): Pick<FitReport['timings'], 'msPerEpoch' | 'gigabytesPerSecond'> {
  if (epochs === 0) return { msPerEpoch: null, gigabytesPerSecond: null };
  const msPerEpoch = trainMs / epochs;
  return { msPerEpoch, gigabytesPerSecond: bytes === null ? null : bytes / msPerEpoch / 1e6 };
}

/** The size of X and y in f32. */
export function streamedBytes({
  exampleCount,
  featureCount,
}: Pick<FitReport, 'exampleCount' | 'featureCount'>): number {
  return 4 * exampleCount * (featureCount + 1);
}
