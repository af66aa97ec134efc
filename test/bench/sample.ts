import type { ArmResult, BenchResult, CaseResult } from '../../bench/result.js';
import { withSpeedups } from '../../bench/result.js';

/** An arm that ran, with quartiles 10 % off its median. */
export function arm(name: string, kind: ArmResult['kind'], ms: number): ArmResult {
  return {
    name,
    kind,
    describe: '1.0, "quoted"',
    msPerEpoch: { median: ms, q1: 0.9 * ms, q3: 1.1 * ms },
    gigabytesPerSecond: 1 / ms,
    shareOfCopyBandwidth: null,
    jobMs: null,
    lastLoss: 0.5,
    correct: true,
  };
}

/** An arm of which whole jobs alone are timed. */
export function jobOnly(name: string, ms: number): ArmResult {
  const jobMs = { median: ms, q1: 0.9 * ms, q3: 1.1 * ms };
  return { ...arm(name, 'ours', 1), msPerEpoch: null, gigabytesPerSecond: null, jobMs, isJobOnly: true };
}

/** An arm that did not. */
export function missing(name: string, kind: ArmResult['kind'], reason: string): ArmResult {
  const nothing = { msPerEpoch: null, gigabytesPerSecond: null, lastLoss: null };
  return { ...arm(name, kind, 1), ...nothing, correct: false, reason };
}

export function sized(rows: number, features: number, ...results: ArmResult[]): CaseResult {
  return withSpeedups({ rows, features, epochs: 10, expectedLoss: 0.5, results });
}

export function benchResult(...cases: CaseResult[]): BenchResult {
  return {
    environment: {
      adapter: { vendor: 'acme', architecture: 'one', description: '', isSoftware: false },
      runtime: 'browser',
      browser: 'Chrome/147.0',
      cpu: 'unknown',
      cores: 8,
      date: '2025-01-31T12:00:00.000Z',
      copyGigabytesPerSecond: 100,
      coldStartMs: null,
    },
    cases,
  };
}
