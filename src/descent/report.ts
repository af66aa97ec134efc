import type { EarlyEnd, RunResult } from './backend.js';
import type { ReadingReport } from '../data/table/reading-report.js';
import type { OptimizerName, SolverName } from '../options/names.js';
import type { FitSettings } from '../options/specs.js';

/**
 * Why a fit ended. 'converged': the gradient fell to `tolerance` of that of the best constant model. 'plateau': the objective
 * no longer fell, which is not convergence. 'earlyStopping': the validation loss no longer improved. 'separable': the
 * classes of a logistic loss without regularization have a boundary with no example on its wrong side, so that no finite
 * optimum exists.
 * 'diverged': a loss left the finite numbers; the parameters are the last whose loss was finite.
 */
export type StopReason = 'epochs' | 'converged' | 'plateau' | 'earlyStopping' | 'separable' | 'diverged' | 'aborted';

/** The adapter that ran a fit, as far as it names itself. */
export interface AdapterReport {
  /** The maker, in lower case; empty where it is not told. */
  vendor: string;
  /** The family of the GPU; empty where it is not told. */
  architecture: string;
  /** A name for people; empty where it is not told. */
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
  /** The whole call. */
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
  /** The kind, for programs. */
  code:
    | 'LEARNING_RATE_ABOVE_LIMIT'
    | 'CONSTANT_FEATURE'
    | 'UNDERDETERMINED'
    | 'BACKEND_FALLBACK'
    | 'KERNELS_FALLBACK'
    | 'LIMIT_UNKNOWN'
    | 'ILL_CONDITIONED'
    | 'RANK_DEFICIENT'
    | 'NOT_CONVERGED'
    | 'DIVERGED'
    | 'SEPARABLE_CLASSES'
    | 'HUBER_DELTA'
    | 'DEVICE_RECOVERED';
  /** The kind with its numbers and advice, for people. */
  message: string;
}

/** A point of the path that descent took. */
export interface PathPoint {
  /** Epochs finished. */
  epoch: number;
  /** [d] in the units of the caller's features. */
  weights: number[];
  /** The bias, in the units of the caller. */
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
  optimizerState: number[][];
  /** The epoch with the lowest validation loss, that loss, and [d + 1] its model in training units; null where there is none. */
  best: { epoch: number; loss: number; parameters: number[] } | null;
  /** The tolerance as requested by the caller. */
  tolerance: number;
  /** The reason for which training ended before its last epoch; null while it may go on. */
  ended: EarlyEnd | null;
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
  /**
   * The place where the fit ran. 'reference' runs the plain loops in f64 that the other two are checked against, 'sql' statements
   * on the engine of the data.
   */
  backend: 'webgpu' | 'cpu' | 'reference' | 'sql';
  /** The reason why it ran there: a sentence. */
  placement: string;
  /** null on the CPU. */
  adapter: AdapterReport | null;
  /** Number of threads of the CPU that held the examples; sums of as many threads have the same bits. 1 on a GPU. */
  threads: number;
  /**
   * The tuning of the context, if it is not that for this kind of adapter: the same adapter and tuning give the same bits.
   * Null for the usual one, and without WebGPU.
   */
  tuning: Readonly<Record<string, number | string>> | null;
  /**
   * The way the data were read: every example in every epoch, once for their moments, or by `solveExact`, without
   * epochs.
   */
  strategy: 'streaming' | 'moments' | 'exact';
  /**
   * The kernels that ran an epoch: the three textbook kernels, a single one for little data or for small batches, a
   * fused one for few features or for many, two passes for many, those of several models for few features or for any
   * number, the moments on the host, those of the CPU engine in WebAssembly or, where that is forbidden, its loops, those of
   * the reference, loops over the examples on the host, QR on the host, or statements of SQL.
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
    | 'wasm'
    | 'loops'
    | 'reference'
    | 'host'
    | 'qr'
    | 'sql';
  /** The options in force, with 'auto' resolved for the learning rate, and tolerance 0 where that is over the limit. */
  settings: FitSettings & { learningRate: number };
  /** m, those of weight 0 and held-out ones included; of moments that were passed to `fit` the sum of the weights. */
  exampleCount: number;
  /** d, those of encoded columns included. */
  featureCount: number;
  /**
   * The loss before each finished epoch's update: [epochsRun]. The squared loss is the halved mean square. With mini-batches
   * the mean over the examples of what their losses were before the update that took their batch.
   */
  lossHistory: number[];
  /** Epochs of gradient descent, or steps of a solver, that were finished. */
  epochsRun: number;
  /** The validation loss after each epoch, without penalties; null without validation. */
  validationHistory: number[] | null;
  /** The epoch after which it was lowest: that of the model, with `restoreBest`. null without validation. */
  bestEpoch: number | null;
  /** From the first parameters, every `pathEvery` epochs, to the model's; null where pathEvery is 0. */
  path: PathPoint[] | null;
  /** The reason for which training ended. */
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
  /** True if the model is the minimum of the objective, to the tolerance: see `relativeGradient`. */
  converged: boolean;
  /**
   * The largest slope of the objective at the model, for standardized features, as a share of that of the best constant
   * model: at most `tolerance` for a fit that has converged. With l1, of the subgradient of least norm. null if it was not
   * evaluated, as for a fit that diverged.
   */
  relativeGradient: number | null;
  /**
   * (L − L*)/(L₀ − L*) for the objective L of the model, L₀ of the initial parameters and the optimum L*: the share of the
   * excess loss that is left. null where an estimate would take long.
   */
  distanceToOptimum: number | null;
  /** The origin of `distanceToOptimum`: the optimum itself, or an estimate by one Newton step; null with it. */
  distanceBy: 'optimum' | 'newtonStep' | null;
  /** The algorithm that ran: the update rule or the solver that 'auto' stood for. */
  optimizer: OptimizerName | SolverName;
  /** Details of `solveExact`; absent for other fits. */
  solver?: SolverReport;
  /** The report of how the file or table of the examples was read; null for arrays. */
  reading: ReadingReport | null;
  /** The way in which a source was read; null for examples that are no source. */
  source: SourceReport | null;
  /** Times of the parts of the fit, in milliseconds. */
  timings: Timings;
  /** Everything that the caller should know, in the order in which it was found. */
  warnings: FitWarning[];
}

/** The way in which a source was read. */
export interface SourceReport {
  /** 'gathered': its examples fit the `memoryBudget`, and were held in memory. 'streamed': it was read anew in each pass. */
  read: 'gathered' | 'streamed';
  /** Passes over the source that have begun; those in which a table learns its columns are not counted. */
  passes: number;
}

export function stateReport(
  { parameters, previous, quietEpochs, optimizerState = [], best, stopReason }: RunResult,
  initial: Float64Array,
  { tolerance, learningRate }: Pick<FitSettings, 'tolerance' | 'learningRate'>,
): StateReport | null {
  if (typeof learningRate === 'function') return null;
  return {
    initial: Array.from(initial),
    parameters: Array.from(parameters),
    previous: Array.from(previous),
    quietEpochs,
    optimizerState: optimizerState.map((values) => Array.from(values)),
    best: best ? { ...best, parameters: Array.from(best.parameters) } : null,
    tolerance,
    ended: stopReason === 'plateau' || stopReason === 'earlyStopping' ? stopReason : null,
  };
}
