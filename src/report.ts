import type { DescentState } from './backend.js';
import type { FitSettings } from './options.js';

/** Why a fit ended. 'diverged': the loss left the finite numbers; the model holds the last parameters whose loss was finite. */
export type StopReason = 'epochs' | 'converged' | 'diverged' | 'aborted';

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
    | 'ILL_CONDITIONED';
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

/** Where descent stands: what a checkpoint goes on from. */
export interface StateReport {
  /** [d + 1] weights and bias in training units. */
  parameters: number[];
  /** [d + 1] before the last epoch's update. */
  previous: number[];
  /** Quiet epochs in a row, up to now. */
  quietEpochs: number;
  /** As it was asked for. */
  tolerance: number;
}

/** What a fit did. Plain data. */
export interface FitReport {
  backend: 'webgpu' | 'cpu';
  /** null on the CPU. */
  adapter: AdapterReport | null;
  /** What ran: every example in every epoch, or epochs on the moments of a single pass. */
  strategy: 'streaming' | 'moments';
  /**
   * What ran an epoch: the three textbook kernels, all in one for little data, a fused one of few features or of many,
   * two passes for many, those of several models for few features or for any number, the moments on the host, or the
   * loops of the CPU reference.
   */
  kernels:
    | 'textbook'
    | 'short'
    | 'fused-narrow'
    | 'fused-wide'
    | 'wide'
    | 'many-narrow'
    | 'many-wide'
    | 'moments'
    | 'reference';
  /** The options in force, with 'auto' resolved for the learning rate, and tolerance 0 where that is over the limit. */
  settings: FitSettings & { learningRate: number };
  exampleCount: number;
  featureCount: number;
  /** The loss before each finished epoch's update: [epochsRun], halved mean square. */
  lossHistory: number[];
  epochsRun: number;
  /** From the first parameters, every `pathEvery` epochs, to the model's; null where pathEvery is 0. */
  path: PathPoint[] | null;
  stopReason: StopReason;
  /** 2/λmax: descent on the squared loss converges under it and diverges over it. null when it overflows f32. */
  learningRateLimit: number | null;
  state: StateReport;
  timings: Timings;
  warnings: FitWarning[];
}

export function stateReport(
  { parameters, previous, quietEpochs }: Pick<DescentState, 'parameters' | 'previous' | 'quietEpochs'>,
  { tolerance }: Pick<FitSettings, 'tolerance'>,
): StateReport {
  return { parameters: Array.from(parameters), previous: Array.from(previous), quietEpochs, tolerance };
}
