import type { Dataset } from './dataset.js';
import type { Moments } from './moments/moments.js';
import type { AdapterReport, FitReport, FitWarning, StopReason, Timings } from './report.js';
import type { ExampleSource } from './sources/source.js';

/**
 * Where training happens. Two backends answer this contract: src/gpu (WebGPU, f32) and src/reference (CPU, f64).
 * They share no code below it, which is what makes one a check of the other; descent on moments is the host's for both.
 */
export interface Backend {
  readonly name: 'webgpu' | 'cpu';
  /** null on the CPU. */
  readonly adapter: AdapterReport | null;
  /** Lays a dataset out for training. */
  upload(dataset: Dataset, options: UploadOptions): Promise<Trainer>;
  /** The moments of all examples in one pass; of a source no more than a batch is held at a time. */
  moments(data: Dataset | ExampleSource, signal?: AbortSignal): Promise<Moments>;
  /** Frees what the backend made. A context or device that it was given stays as it is. */
  dispose(): void;
}

export interface UploadOptions {
  /** Train as if every feature had mean 0 and spread 1. */
  standardize: boolean;
  /** Which kernels run an epoch; the CPU has only one way. */
  kernels: 'auto' | 'textbook';
  /** How the GPU stores X; the CPU keeps f64. */
  storage: 'f32' | 'f16';
  signal?: AbortSignal | undefined;
}

/** A dataset ready for training. Parameters go in and out in training units: [d + 1], the weights, then the bias. */
export interface Trainer {
  /** The kernels that run an epoch. */
  readonly kernels: FitReport['kernels'];
  /** What the caller should know of how they were chosen. */
  readonly warnings: readonly FitWarning[];
  /** Features that hold one value only, when standardising: their weight is 0. */
  readonly constantFeatures: readonly number[];
  /** H·v for the curvature H = 1/m·[X 1]ᵀ[X 1] of the loss: [d + 1] in and out. */
  curvature(direction: Float64Array): Promise<Float64Array>;
  /** Full-batch gradient descent from the given parameters. */
  descend(initial: Float64Array, settings: DescendSettings): Promise<Descent>;
  /** Parameters in the units of the caller's data. */
  toCallerUnits(parameters: Float64Array): { weights: Float64Array; bias: number };
  dispose(): void;
}

export interface DescendSettings {
  epochs: number;
  learningRate: number;
  tolerance: number;
  patience: number;
  /** The penalties l1·Σ|w| + l2/2·Σ w² of the weights in training units; the bias has none. */
  l1: number;
  l2: number;
  signal: AbortSignal | undefined;
  onProgress: ((epoch: number, loss: number) => void) | undefined;
}

/** What descent leads to. */
export interface Descent {
  /** [d + 1] in training units; after a divergence, the last whose loss was finite. */
  parameters: Float64Array;
  /** [epochsRun] the loss before each finished epoch's update. */
  lossHistory: Float64Array;
  stopReason: StopReason;
  timings: Pick<Timings, 'trainMs' | 'readbackMs' | 'gpuMs'>;
}
