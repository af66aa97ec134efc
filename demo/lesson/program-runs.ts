// The runs of section 5 by the library's CPU engine, all of them in one call where they share their batches.

import { type Dataset, fit, type FitReport, fitMany, SEED_PROGRAM } from '../../src/index.js';
import { ON_CPU, type Parameters } from './program-data.js';
import { BATCHES, COMPARED, type Compared, type Method, type RunKind } from './program-names.js';
import { type Fastest, optionsOf } from './program-rates.js';

/** A pass over the data serves as many models of two features. */
const STARTS = 16;

/** Examples to an update. */
export const BATCH_SIZES: Readonly<Partial<Record<Method, number>>> = { batch16: 16, batch1: 1 };

/** A run from its start on; parameters before each epoch, and after the last. */
export interface Run {
  method: Method;
  /** λ in force. */
  rate: number;
  /** The λ over which it diverges; null where there is none. */
  limit: number | null;
  path: readonly Parameters[];
  /** Before each epoch's update. */
  losses: readonly number[];
  hasDiverged: boolean;
}

export interface RunSettings {
  kind: RunKind;
  rate: number;
  seed: number;
  momentum: number;
  /** The fastest λ of each optimizer; null where all have the same. */
  fastest: Readonly<Record<Compared, Fastest>> | null;
}

/** The program's own run first. */
export async function runsOf(data: Dataset, settings: RunSettings): Promise<Run[]> {
  if (settings.kind === 'batches') return batchRunsOf(data, settings);
  const models = modelsOf(settings);
  const fitted = await fitMany(
    data,
    models.map(({ options }) => options),
    { ...SEED_PROGRAM, pathEvery: 1, ...ON_CPU },
  );
  return models.flatMap(({ method }, i) => {
    const report = fitted[i]?.report;
    return report ? [runOf(report, method)] : [];
  });
}

/** λ of all of them is one that the smallest batch bears: an update by one example has the curvature of that example. */
async function batchRunsOf(data: Dataset, { rate, seed }: RunSettings): Promise<Run[]> {
  const runs: Run[] = [];
  for (const method of BATCHES) {
    const batchSize: number | 'full' = BATCH_SIZES[method] ?? 'full';
    const options = { ...SEED_PROGRAM, ...ON_CPU, batchSize, learningRate: rate, seed, pathEvery: 1 };
    const { report } = await fit(data, options);
    runs.push(runOf(report, method));
  }
  return runs;
}

function runOf({ settings, learningRateLimit, path, lossHistory, stopReason }: FitReport, method: Method): Run {
  const [first = 0, last = 0] = [lossHistory[0], lossHistory.at(-1)];
  return {
    method,
    rate: settings.learningRate,
    limit: learningRateLimit,
    path: path ?? [],
    losses: lossHistory,
    // f64 has room for a hundred epochs of a divergence that f32 has not.
    hasDiverged: stopReason === 'diverged' || !(last <= first),
  };
}

function modelsOf({ kind, rate, seed, momentum, fastest }: RunSettings) {
  if (kind === 'optimizers') {
    return COMPARED.map((method) => {
      const options = optionsOf(method, { rate: fastest?.[method].rate ?? rate, seed, momentum });
      // Adam's steps do not shrink with the gradient: where all have the same λ, the library chooses Adam's.
      return {
        method,
        options: method === 'adam' && !fastest ? { ...options, learningRate: 'auto' as const } : options,
      };
    });
  }
  const count = kind === 'starts' ? STARTS : 1;
  return Array.from({ length: count }, (_, i) => ({
    method: 'gradientDescent' as const,
    options: { learningRate: rate, seed: seed + i },
  }));
}
