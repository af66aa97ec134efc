import type { Arm } from './arm.js';
import type { JobResult } from './jobs/job.js';
import type { ReaderResult } from './readers/reader.js';

/** Our engines by their names. */
export const OURS = 'webgpu-descent';
export const OURS_CPU = 'webgpu-descent cpu';

/** The arm that everyone could write. */
export const PLAIN_LOOP = 'plain JS loop';

/** Median and quartiles of repeated measurements. */
export interface Spread {
  median: number;
  q1: number;
  q3: number;
}

/** One arm on one case. */
export interface ArmResult {
  name: string;
  kind: Arm['kind'];
  /** Version, adapter or backend. */
  describe: string;
  /** null when the arm did not run, or was only checked. */
  msPerEpoch: Spread | null;
  /** Bytes of X and y in f32, counted once per epoch. */
  gigabytesPerSecond: number | null;
  /** The same over what the adapter's own copy moves, counted as read plus written; null for what runs on the CPU. */
  shareOfCopyBandwidth: number | null;
  /** Laying out, uploading, 100 epochs, reading back: milliseconds on a warm device. */
  jobMs: Spread | null;
  /** In f64, after the checked epochs. */
  lastLoss: number | null;
  /** Whole jobs alone compare, since its epochs do not read the examples; missing where they do. */
  isJobOnly?: boolean;
  /** The last loss agrees with the f64 reference's; a result that is not correct counts for nothing. */
  correct: boolean;
  /** Why there is no result. */
  reason?: string;
}

export interface CaseResult {
  rows: number;
  features: number;
  /** Epochs from the start to the last loss. */
  epochs: number;
  /** The loss of the f64 reference; null when the problem could not even be made. */
  expectedLoss: number | null;
  results: ArmResult[];
  /** Fastest correct peer on WebGPU over our arm on WebGPU; null when one of the two is missing. */
  speedupOverFastestWebgpuPeer: number | null;
  /** Fastest correct arm of others on the CPU over the faster of our two engines. */
  speedupOverFastestCpuPeer: number | null;
  /**
   * Fastest correct whole job on the CPU over ours with moments, which is named apart: a CPU can do with moments, too.
   * Missing in older results.
   */
  jobSpeedupOverFastestCpuPeer?: number | null;
  jobSpeedupOverPlainLoop?: number | null;
  /** The kernels of our epoch, each by itself; only with --kernels. */
  kernels?: KernelTime[];
}

/** One kernel of our epoch, by the device's own clock. */
export interface KernelTime {
  name: string;
  msPerEpoch: Spread;
  /** Every array that the kernel reads or writes, counted once. */
  gigabytesPerSecond: number;
}

/** Epochs of several models at a time, as fitMany trains them, beside those of one on the same device. */
export interface ManyTime {
  rows: number;
  features: number;
  models: number;
  /** The time of all models together. */
  msPerEpoch: Spread;
  oneMsPerEpoch: Spread;
  /** Median over median. */
  ratioToOne: number;
  /** The losses of all models agree with the f64 reference's. */
  correct: boolean;
}

export interface Environment {
  /** null when nothing of WebGPU ran. */
  adapter: { vendor: string; architecture: string; description: string; isSoftware: boolean } | null;
  runtime: 'browser' | 'node';
  browser: string;
  cpu: string;
  cores: number;
  /** ISO 8601 */
  date: string;
  /** The speed of copying a large buffer on the adapter, read plus written. */
  copyGigabytesPerSecond: number | null;
  /** From before the import of the library to the first finished epoch of 1,000 × 2, in a fresh page or process. */
  coldStartMs: number | null;
}

/** The object that a benchmark run prints with --json and saves under bench/results/. */
export interface BenchResult {
  environment: Environment;
  cases: CaseResult[];
  /** Missing where nothing was timed, and in results from before it was. */
  fitMany?: ManyTime;
  /** Whole jobs to the optimum; missing where none was done. */
  jobs?: JobResult[];
  /** Reading files; missing where it was not timed. */
  readers?: ReaderResult[];
}

/** Fills in what follows from the results of one case. */
export function withSpeedups(measured: Omit<CaseResult, `speedup${string}` | `jobSpeedup${string}`>): CaseResult {
  const correct = measured.results.filter((arm) => arm.correct);
  const fastest = (time: (arm: ArmResult) => Spread | null, isOne: (arm: ArmResult) => boolean) => {
    const times = correct.filter(isOne).flatMap((arm) => time(arm)?.median ?? []);
    return times.length > 0 ? Math.min(...times) : null;
  };
  const epoch = ({ msPerEpoch }: ArmResult) => msPerEpoch;
  const job = ({ jobMs }: ArmResult) => jobMs;
  const isOnCpu = ({ kind }: ArmResult) => kind === 'peer-cpu' || kind === 'cpu';
  const over = (peer: number | null, ours: number | null) => (ours === null || peer === null ? null : peer / ours);
  const moments = fastest(job, ({ kind, isJobOnly }) => kind === 'ours' && isJobOnly === true);
  return {
    ...measured,
    speedupOverFastestWebgpuPeer: over(
      fastest(epoch, ({ kind }) => kind === 'peer-webgpu'),
      fastest(epoch, ({ name }) => name === OURS),
    ),
    speedupOverFastestCpuPeer: over(
      fastest(epoch, isOnCpu),
      fastest(epoch, ({ kind }) => kind === 'ours'),
    ),
    jobSpeedupOverFastestCpuPeer: over(fastest(job, isOnCpu), moments),
    jobSpeedupOverPlainLoop: over(
      fastest(job, ({ name }) => name === PLAIN_LOOP),
      moments,
    ),
  };
}

/** 'jax-js wasm' of 'jax-js wasm: two matmuls': the library that an arm is a form of. */
export function libraryOf({ name }: Pick<ArmResult, 'name'>): string {
  return name.split(': ')[0] as string;
}

/** '2025-01-31T120000-google-swiftshader.json' */
export function resultFileName({ environment: { adapter, date } }: BenchResult, extension: string): string {
  const place = `${adapter?.vendor ?? 'cpu'}-${adapter?.architecture ?? ''}`.replace(/[^\w-]+/g, '-');
  return `${date.slice(0, 19).replaceAll(':', '')}-${place}.${extension}`;
}
