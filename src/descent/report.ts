import type { RunState } from './backend.js';
import type { ReadingReport } from '../data/table/reading-report.js';
import type { FitSettings } from '../options/specs.js';

/**
 * Why a fit ended. 'earlyStopping': the loss of the held-out examples fell no more. 'diverged': a loss left the finite
 * numbers; descent ended at the last parameters whose loss was finite.
 */
export type StopReason = 'epochs' | 'converged' | 'earlyStopping' | 'diverged' | 'aborted';

/** The adapter that ran a fit, as far as it names itself. */
export interface AdapterReport {
  vendor: string;
  architecture: string;
  description: string;
  /** True when the shaders run on the CPU. */
  isSoftware: boolean;
}

/** Milliseconds by the wall clock, unless said otherwise. */
export interface Timings {
  /** Finding the adapter and opening the device. */
  deviceMs: number;
  /** Laying the data out and handing it to the device, while the kernels compile; with moments, adding them up. */
  uploadMs: number;
  /** All epochs, the waits between submits included. */
  trainMs: number;
  /** Fetching parameters and history. */
  readbackMs: number;
  totalMs: number;
  /** trainMs over the epochs run; null when none ran. */
  msPerEpoch: number | null;
  /** Bytes of X and y, counted once per epoch, over the time of an epoch; null when no epoch read them. */
  gigabytesPerSecond: number | null;
  /** Time of the compute passes by the device's own clock; null where it has none to show. */
  gpuMs: number | null;
}

/** Something the caller should know that is no error. */
export interface FitWarning {
  code:
    | 'LEARNING_RATE_ABOVE_LIMIT'
    | 'CONSTANT_FEATURE'
    | 'UNDERDETERMINED'
    | 'BACKEND_FALLBACK'
    | 'KERNELS_FALLBACK'
    | 'LIMIT_UNKNOWN'
    | 'ILL_CONDITIONED'
    | 'RANK_DEFICIENT';
  message: string;
}

/** A point of the path that descent took. */
export interface PathPoint {
  /** Epochs finished. */
  epoch: number;
  /** [d] in the units of the caller's features. */
  weights: number[];
  bias: number;
}

/** The training state, from which a checkpoint continues. */
export interface StateReport {
  /** [d + 1] weights and bias in training units, at the beginning of the first epoch. */
  initial: number[];
  /** [d + 1] now. */
  parameters: number[];
  /** [d + 1] before the last epoch's update. */
  previous: number[];
  /** Quiet epochs in a row, up to now. */
  quietEpochs: number;
  /** Three of [d + 1] that the optimizer or the average goes on from; empty where there is nothing of the kind. */
  memory: number[][];
  /** The best epoch by the held-out examples, its loss, and [d + 1] its model in training units; null where there is none. */
  best: { epoch: number; loss: number; parameters: number[] } | null;
  /** The tolerance as requested by the caller. */
  tolerance: number;
}

/** The part of a report that only `solveExact` has. */
export interface SolverReport {
  /** Number of weights that the data determine; those of constant or linearly dependent features are not determined. */
  rank: number;
  /**
   * Condition number of the standardized features, with l2 that of the penalized problem; null if some features are
   * linearly dependent.
   */
  conditionNumber: number | null;
  /** The number format of the sums or the factor; corrections are in f64 or better. */
  precision: 'f32' | 'f64';
}

/** The report of a fit. Plain data. */
export interface FitReport {
  backend: 'webgpu' | 'cpu';
  /** null on the CPU. */
  adapter: AdapterReport | null;
  /**
   * The way the data were read: every example in every epoch, once for their moments, or by `solveExact`, without
   * epochs.
   */
  strategy: 'streaming' | 'moments' | 'exact';
  /**
   * The kernels that ran an epoch: the three textbook kernels, a single one for little data or for small batches, a
   * fused one for few features or for many, two passes for many, those of several models for few features or for any
   * number, the moments on the host, the loops of the CPU reference, or QR on the host.
   */
  kernels:
    | 'textbook'
    | 'short'
    | 'short-batches'
    | 'fused-narrow'
    | 'fused-wide'
    | 'wide'
    | 'many-narrow'
    | 'many-wide'
    | 'moments'
    | 'reference'
    | 'qr';
  /** The options in force, with 'auto' resolved for the learning rate, and tolerance 0 where that is over the limit. */
  settings: FitSettings & { learningRate: number };
  exampleCount: number;
  featureCount: number;
  /**
   * The loss before each finished epoch's update: [epochsRun]. The squared loss is the halved mean square. With mini-batches
   * the mean over the examples of what their losses were before the update that took their batch.
   */
  lossHistory: number[];
  epochsRun: number;
  /** The loss of the held-out examples after each epoch, without penalties; null where none are held out. */
  validationHistory: number[] | null;
  /** After how many epochs that was smallest: those of the model, with `restoreBest`. null where none are held out. */
  bestEpoch: number | null;
  /** From the first parameters, every `pathEvery` epochs, to the model's; null where pathEvery is 0. */
  path: PathPoint[] | null;
  stopReason: StopReason;
  /**
   * 2/L by the largest curvature L of the loss. Descent on the squared loss converges under it and diverges over it;
   * for other losses L is a bound, and over the limit the loss may rise. null when it overflows f32, with Adam, whose steps
   * no curvature bounds, and where nothing descends. With mini-batches this is still the limit
   * for the full batch; a single batch can have a lower one.
   */
  learningRateLimit: number | null;
  /** null where nothing descends, and where the rates were a function, which no file holds. */
  state: StateReport | null;
  /**
   * (L − L*)/(L₀ − L*), L the objective at the end, L₀ at the start and L* at the optimum: which share of the way down is
   * left. null where the optimum is not found by the way: of another loss than the squared one, with l1, of several models,
   * and where it takes more than some milliseconds.
   */
  distanceToOptimum: number | null;
  /** Details of `solveExact`; absent for other fits. */
  solver?: SolverReport;
  /** The report of how the file or table of the examples was read; null for arrays. */
  reading: ReadingReport | null;
  timings: Timings;
  warnings: FitWarning[];
}

export function stateReport(
  { parameters, previous, quietEpochs, memory = [], best }: Omit<RunState, 'epoch' | 'loss'>,
  initial: Float64Array,
  { tolerance, learningRate }: Pick<FitSettings, 'tolerance' | 'learningRate'>,
): StateReport | null {
  if (typeof learningRate === 'function') return null;
  return {
    initial: Array.from(initial),
    parameters: Array.from(parameters),
    previous: Array.from(previous),
    quietEpochs,
    memory: memory.map((values) => Array.from(values)),
    best: best ? { ...best, parameters: Array.from(best.parameters) } : null,
    tolerance,
  };
}
