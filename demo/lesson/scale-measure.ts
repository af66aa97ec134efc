// What the ways to the same line take: streaming and moments on the GPU, and the CPU engine, which a worker tries.

import { type AdapterReport, computeMoments, fit, type LinearModel, SEED_PROGRAM } from '../../src/index.js';
import { scaleData, type ScaleSettings } from './scale-data.js';

export const WAYS = ['streaming', 'moments', 'cpu'] as const;
export type Way = (typeof WAYS)[number];

/** The times of one way. */
export interface Measured {
  way: Way;
  /** null on the CPU. */
  adapter: AdapterReport | null;
  /** Workers that held the examples. */
  threads: number;
  /** Before the first epoch: streaming looks at the data and lays them out, moments are added up in one pass. */
  prepareMs: number;
  /** Epochs timed. */
  epochs: number;
  epochMs: number;
  /** null where an epoch reads no examples. */
  gigabytesPerSecond: number | null;
  /** After one epoch of the program, and after its last; NaN for a last one that was not reached. */
  firstLoss: number;
  lastLoss: number;
}

/** A request to a worker. */
export interface Job extends ScaleSettings {
  way: Exclude<Way, 'streaming'>;
}

/** The answer of a worker, or the error's message. */
export type Answer = { measured: Measured } | { message: string };

/** The least time from which a clock of a tenth of a millisecond gives two digits that count. */
const LEAST_MS = 20;

/** Epochs that are tried at once; more of them would be one step too long where an epoch was faster than the clock. */
const MOST_EPOCHS = 1_000_000;

/** The CPU is given about this long. */
const CPU_MS = 4000;

/** Trains for so many epochs. */
type Train = (epochs: number) => Promise<LinearModel>;

/**
 * The program's epochs, and where they were over sooner than a clock can tell, as many more as it takes: the time of an epoch is
 * that of the longer run, the losses are the program's. `mostMs` bounds the program itself.
 */
export async function timed(way: Way, train: Train, mostMs = Infinity): Promise<Measured> {
  let epochs: number = SEED_PROGRAM.epochs;
  if (mostMs < Infinity) {
    const probed = timesOf(await train(2));
    epochs = Math.max(2, Math.min(epochs, Math.floor(mostMs / Math.max(probed.trainMs / 2, 1e-3))));
  }
  const program = await train(epochs);
  const { lossHistory, adapter, threads, timings } = reportOf(program);
  let longest = { epochs: reportOf(program).epochsRun, ...timesOf(program) };
  while (longest.trainMs < LEAST_MS && longest.epochs === epochs && epochs < MOST_EPOCHS) {
    epochs = Math.min(MOST_EPOCHS, Math.ceil(epochs * Math.max(2, (1.5 * LEAST_MS) / Math.max(longest.trainMs, 0.1))));
    const longer = await train(epochs);
    longest = { epochs: reportOf(longer).epochsRun, ...timesOf(longer) };
  }
  return {
    way,
    adapter,
    threads,
    prepareMs: timings.uploadMs,
    epochs: longest.epochs,
    epochMs: longest.trainMs / longest.epochs,
    gigabytesPerSecond: longest.gigabytesPerSecond,
    firstLoss: lossHistory[1] ?? Number.NaN,
    lastLoss: lossHistory[SEED_PROGRAM.epochs - 1] ?? Number.NaN,
  };
}

/** In a worker: makes the examples in its memory, and trains on them. */
export async function work({ way, rate, ...settings }: Job): Promise<Measured> {
  const { seed } = settings;
  const { dataset } = scaleData(settings);
  const options = { ...SEED_PROGRAM, learningRate: rate, seed, backend: 'cpu' } as const;
  if (way === 'cpu') return timed(way, (epochs) => fit(dataset, { ...options, epochs }), CPU_MS);
  const startMs = performance.now();
  const moments = await computeMoments(dataset, { backend: 'cpu' });
  const prepareMs = performance.now() - startMs;
  const onMoments = { ...options, strategy: 'moments' } as const;
  return { ...(await timed(way, (epochs) => fit(moments, { ...onMoments, epochs }))), prepareMs };
}

function reportOf({ report }: LinearModel) {
  if (!report) throw new TypeError('a fit has a report');
  return report;
}

function timesOf(model: LinearModel) {
  const { trainMs, gigabytesPerSecond } = reportOf(model).timings;
  return { trainMs, gigabytesPerSecond };
}
