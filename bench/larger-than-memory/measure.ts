import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  computeMoments,
  Dataset,
  type ExampleSource,
  fit,
  type FitOptions,
  type LinearModel,
  type Moments,
} from '../../src/index.js';
import { drawPool, poolSource, type PoolSize } from './pool-source.js';

/** One kind of pass or fit over the source. */
export interface StreamTime {
  name: string;
  /** By the clock on the wall, and of all threads of the process by the clock of the CPU, which other work on the machine does not slow. */
  seconds: number;
  cpuSeconds: number;
  /** Passes over the source; null where the library does not count them. */
  passes: number | null;
  /** The CPU time of a pass over that of copying the same batches. */
  passOverCopy: number;
  /** The largest resident set of the process while it ran, less the one before, in MB. */
  memoryGrowth: number;
  /** The largest difference of an effect, w·sd(x), from the fit of the different batches in memory; null for the copy. */
  difference: number | null;
  correct: boolean;
}

export interface StreamSize extends PoolSize {
  memoryBudget: number;
}

/**
 * More than this of an effect is no rounding: solvers end in f64, and so does descent on a source, but in memory descent has the examples
 * in f32, each rounded by 2^-24 of it.
 */
export const MOST_DIFFERENCE = { solver: 1e-8, descent: 1e-6 };

/** Descent that is measured: a few epochs, to show the time of one. */
const EPOCHS = 5;

const FITS: readonly { name: string; options: FitOptions }[] = [
  { name: 'fit, squared loss', options: {} },
  { name: 'fit, logistic loss', options: { loss: 'logistic' } },
  {
    name: `fit, logistic loss, ${EPOCHS} epochs of gradient descent`,
    options: { loss: 'logistic', optimizer: 'gradientDescent', epochs: EPOCHS, tolerance: 0 },
  },
];

/** Times the copy of all batches, their moments and fits, one after another; `onTime` hears of each. */
export async function measureStream(size: StreamSize, onTime: (time: StreamTime) => void): Promise<StreamTime[]> {
  const pool = drawPool(size);
  const source = poolSource(pool, size);
  const times: StreamTime[] = [];
  const add = (time: StreamTime) => {
    times.push(time);
    onTime(time);
  };
  const copy = await timed(() => copied(source));
  add({ name: 'copy of the batches', ...copy, passes: 1, passOverCopy: 1, difference: null, correct: true });
  const over = ({ cpuSeconds }: Pick<StreamTime, 'cpuSeconds'>, passes: number) =>
    cpuSeconds / passes / copy.cpuSeconds;
  let sums: Moments | undefined;
  const moments = await timed(async () => (sums = await computeMoments(source, { backend: 'cpu' })));
  const inMemory = await joined(poolSource(pool, { ...size, rows: size.batchRows * size.batches }));
  const difference = differenceOf(await fit(sums as Moments), await fit(inMemory, { backend: 'cpu' }));
  const correct = difference <= MOST_DIFFERENCE.solver;
  add({ name: 'computeMoments', ...moments, passes: 1, passOverCopy: over(moments, 1), difference, correct });
  for (const { name, options } of FITS) {
    const asked = { backend: 'cpu', ...options } as const;
    const right = await fit(inMemory, asked);
    let model: LinearModel | undefined;
    const time = await timed(async () => (model = await fit(source, { ...asked, memoryBudget: size.memoryBudget })));
    const passes = model?.report?.source?.passes ?? 1;
    const difference = differenceOf(model as LinearModel, right);
    const most = MOST_DIFFERENCE[options.optimizer ? 'descent' : 'solver'];
    add({ name, ...time, passes, passOverCopy: over(time, passes), difference, correct: difference <= most });
  }
  return times;
}

/** The time of some work, and the growth of memory meanwhile. */
async function timed(
  work: () => Promise<unknown>,
): Promise<Pick<StreamTime, 'seconds' | 'cpuSeconds' | 'memoryGrowth'>> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const sampling = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  try {
    await work();
    const { user, system } = process.cpuUsage(startCpu);
    const seconds = (performance.now() - startMs) / 1000;
    return { seconds, cpuSeconds: (user + system) / 1e6, memoryGrowth: (most - before) / 1e6 };
  } finally {
    clearInterval(sampling);
  }
}

/** Reads all batches, with turns for the sampling of memory. */
async function copied(source: ExampleSource): Promise<void> {
  for await (const batch of source.batches()) if (batch.targets.length > 0) await nextTurn();
}

async function joined(source: ExampleSource): Promise<Dataset> {
  const { collectDataset } = await import('../../src/index.js');
  return collectDataset(source);
}

/** The standard deviation of a uniform number in [-1, 1) is √⅓. */
function differenceOf(a: LinearModel, b: LinearModel): number {
  return Math.max(...a.weights.map((weight, j) => Math.abs(weight - (b.weights[j] as number)) * Math.sqrt(1 / 3)));
}
