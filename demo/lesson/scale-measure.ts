// What the ways to the same line take: streaming and moments on the GPU, and the CPU, which a worker tries.

import { type AdapterReport, fit, type LinearModel, SEED_PROGRAM } from '../../src/index.js';
import { scaleData, type ScaleSettings } from './scale-data.js';

export const WAYS = ['streaming', 'moments', 'cpu'] as const;
export type Way = (typeof WAYS)[number];

/** What one way took. */
export interface Measured {
  way: Way;
  /** null on the CPU. */
  adapter: AdapterReport | null;
  /** Before the first epoch: streaming looks at the data and lays them out, moments are added up in one pass. */
  prepareMs: number;
  epochs: number;
  epochMs: number;
  /** null where an epoch reads no examples. */
  gigabytesPerSecond: number | null;
  /** After one epoch, and after the last. */
  firstLoss: number;
  lastLoss: number;
}

/** What a worker is asked for. */
export interface Job extends ScaleSettings {
  way: Exclude<Way, 'streaming'>;
}

/** What it answers; or the error's message. */
export type Answer = { measured: Measured } | { message: string };

/** Examples that the CPU may pass over in all, for some seconds at most. */
const CPU_WORK = 2e7;

export function measuredBy(way: Way, { report }: LinearModel): Measured {
  if (!report || report.timings.msPerEpoch === null) throw new TypeError('a fit of some epochs has a report of them');
  const { timings, lossHistory, epochsRun, adapter } = report;
  return {
    way,
    adapter,
    prepareMs: timings.uploadMs,
    epochs: epochsRun,
    epochMs: report.timings.msPerEpoch,
    gigabytesPerSecond: timings.gigabytesPerSecond,
    firstLoss: lossHistory[1] ?? Number.NaN,
    lastLoss: lossHistory.at(-1) ?? Number.NaN,
  };
}

/** In a worker: makes the examples in its memory, and trains on them. */
export async function work({ way, rate, ...settings }: Job): Promise<Measured> {
  const { rows, seed } = settings;
  const { dataset } = scaleData(settings);
  const options = { ...SEED_PROGRAM, learningRate: rate, seed };
  if (way === 'moments') return measuredBy(way, await fit(dataset, { ...options, strategy: 'moments' }));
  const epochs = Math.max(2, Math.min(SEED_PROGRAM.epochs, Math.floor(CPU_WORK / rows)));
  return measuredBy(way, await fit(dataset, { ...options, epochs, backend: 'cpu' }));
}
