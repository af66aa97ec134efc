import type { BatchSums, BatchSumsPlan } from './batch-sums.js';
import type { BatchSettings } from './batches.js';
import type { Dataset, FloatArray } from '../data/dataset.js';
import type { Evaluator } from './evaluation.js';
import type { OptimizerChoice, OptimizerName } from '../options/names.js';
import type { Objective } from '../options/objective.js';
import type { Moments } from '../moments/moments.js';
import type { AdapterReport, FitReport, FitWarning, StopReason, Timings } from './report.js';
import type { ExampleSource } from '../data/source.js';
import type { ClassLabel } from '../data/table/encoding.js';
import type { SyntheticData } from '../data/synthetic.js';
import type { Standardization } from './standardization.js';

/**
 * The place where training happens. Three backends implement this contract: src/gpu (WebGPU, f32), src/cpu (WebAssembly,
 * f32 with sums in f64, or f64 for little data) and src/reference (plain loops in f64), which is the check of the others and
 * shares no kernels with them. Training on moments runs on the host for all.
 */
export interface Backend {
  readonly name: FitReport['backend'];
  /** null on the CPU. */
  readonly adapter: AdapterReport | null;
  /** Lays examples out for training, or makes them where they are to be. Only a GPU takes those in buffers. */
  upload(examples: Dataset | SyntheticData | DeviceExamples, options: UploadOptions): Promise<Trainer>;
  /** The moments of all examples in one pass; of a source no more than a batch is in work at a time. */
  moments(data: Dataset | ExampleSource, signal?: AbortSignal): Promise<Moments>;
  /** Opens sums over examples that come batch by batch. Left out where each batch is laid out by `upload` for that. */
  openBatchSums?(plan: BatchSumsPlan): Promise<BatchSums>;
  /** Lays examples out for several models that share each read of them. */
  uploadMany(data: ManyData, options: UploadOptions): Promise<ManyTrainer>;
  /** Frees what the backend made. A context or device that it was given stays as it is. */
  dispose(): void;
}

/** Examples that lie on a device already: only the backend of that device knows how. */
export interface DeviceExamples {
  /** m */
  readonly exampleCount: number;
  /** d */
  readonly featureCount: number;
  /** Throws `INVALID_OPTION`: buffers of a device stay there. */
  readonly dataset: Dataset;
}

/**
 * Options of an upload. Parts of the objective that are left out default to least squares with a bias, parts of the
 * batches to the full batch.
 */
export interface UploadOptions extends Partial<Objective>, Partial<BatchSettings> {
  /** Train as if every feature had mean 0 and spread 1; without a bias, as if its mean square were 1. */
  standardize: boolean;
  /**
   * Units that are known already, in place of those that `standardize` would find in the examples: only for backends that add up
   * batches by `upload`.
   */
  standardization?: Standardization | undefined;
  /** The kernels that run an epoch on the GPU. */
  kernels: 'auto' | 'textbook';
  /** The number format of X on the GPU; the CPU chooses its own. */
  storage: 'f32' | 'f16';
  /** The most epochs that are to come, which decides whether starting threads pays. Default 1. */
  epochs?: number;
  /** Conjugate gradient has a kernel of its own for its steps. Default: another optimizer. */
  optimizer?: OptimizerName;
  /** The optimizer, or solver, and the penalty that the targets of GPU buffers must suit in f32. Left out: they are not looked at. */
  asked?: { optimizer: OptimizerChoice; l1: number };
  /**
   * Validation examples, of the same kind. When given, `tolerance` and `patience` apply to their loss. Not available for GPU
   * buffers.
   */
  validation?: Dataset | SyntheticData | undefined;
  signal?: AbortSignal | undefined;
}

/** Examples that several models learn from at a time. */
export interface ManyData {
  dataset: Dataset;
  /** [t] */
  targets: readonly TargetColumn[];
  /** The rows of each fold, in rising order; none where every model sees all examples. */
  folds: readonly Uint32Array[];
  /** [models] as far as they are known. */
  roles: readonly Role[];
}

export interface TargetColumn {
  name: string;
  /** [m] */
  values: FloatArray;
  /** The labels that the values are codes of; absent for numbers. */
  labels?: readonly ClassLabel[] | null;
}

/** The role of one of several models: the targets that it learns, and its training examples. */
export interface Role {
  /** Its column of targets. */
  target: number;
  /** The fold that it does not see; null where it sees all examples. */
  validationFold: number | null;
}

/** A dataset ready for training. Parameters go in and out in training units: [d + 1], the weights, then the bias. */
export interface Trainer extends Evaluator {
  /** The kernels that run an epoch. */
  readonly kernels: FitReport['kernels'];
  /** Number of threads that hold the examples. Left out: one. */
  readonly threads?: number;
  /** Same as in the report. Left out: null. */
  readonly tuning?: FitReport['tuning'];
  /** Warnings for the caller about the choice of the kernels. */
  readonly warnings: readonly FitWarning[];
  /**
   * The largest ‖[x 1]‖² of an example in training units, without the 1 where there is no bias, and times how often it counts
   * against the average: no batch curves more. null for the full batch.
   */
  readonly largestSquare: number | null;
  /** Constant features, when standardizing: their weight is 0. */
  readonly constantFeatures: readonly number[];
  /**
   * H·v for the curvature H = 1/m·[X 1]ᵀ[X 1] of the squared loss, whatever the trainer's own: [d + 1] in and out. Without a
   * bias, and for features that are left out, what comes out is 0 there.
   */
  curvature(direction: Float64Array): Promise<Float64Array>;
  /** Gradient descent from the given parameters, from its first epoch to its end. */
  run(initial: Float64Array, settings: RunSettings): Promise<RunResult>;
  /** The same as a run that waits to be told how far to go. */
  begin(from: RunState, settings: ModelSettings): Promise<Run>;
  /** Parameters in the units of the caller's data, and back. */
  toCallerUnits(parameters: Float64Array): Parameters;
  toTrainingUnits(parameters: { weights: ArrayLike<number>; bias: number }): Float64Array;
  dispose(): void;
}

/** A dataset ready for several models at a time. Its `run` trains a model of role 0 that sees all examples. */
export interface ManyTrainer extends Trainer {
  /** H·v over the examples outside the validation fold; over all examples where it is null. */
  curvature(direction: Float64Array, validationFold?: number | null): Promise<Float64Array>;
  /** Full-batch gradient descent of all models, each by its own settings and until its own end. */
  runAll(starts: readonly Start[], run: ManyRun): Promise<RunResult[]>;
  /**
   * The loss without penalties at each point [d + 1] in training units, for one column of targets, over the examples of one
   * fold or, where `fold` is null, over all. Infinity where it leaves the numbers of the backend.
   */
  losses(
    points: readonly Float64Array[],
    examples: { target: number; fold: number | null },
    run: PointsRun,
  ): Promise<Float64Array>;
  toCallerUnits(parameters: Float64Array, target?: number): Parameters;
  toTrainingUnits(parameters: { weights: ArrayLike<number>; bias: number }, target?: number): Float64Array;
}

/** Weights [d] and bias in the units of the caller's data. */
export interface Parameters {
  weights: Float64Array;
  bias: number;
}

/** One of several models as it begins. */
export interface Start {
  role: Role;
  /** [d + 1] in training units. */
  initial: Float64Array;
  settings: ModelSettings;
}

/** The progress of one of several models. */
export interface ModelProgress {
  /** Epochs finished. */
  epoch: number;
  /** The loss before the update of the last finished epoch; NaN before there is one. */
  loss: number;
  /** True until the model has met its rule to stop. */
  isRunning: boolean;
}

export interface ManyRun {
  signal: AbortSignal | undefined;
  /** Called with the progress of all models. */
  onProgress: ((models: readonly ModelProgress[]) => void) | undefined;
}

export interface PointsRun {
  signal: AbortSignal | undefined;
  /** Called with the number of points that are done. */
  onProgress: ((done: number) => void) | undefined;
}

/** The settings of the training of one model. */
export interface ModelSettings {
  epochs: number;
  learningRate: number;
  tolerance: number;
  patience: number;
  /** The penalties l1·Σ|w| + l2/2·Σ w² of the weights in training units; the bias has none. */
  l1: number;
  l2: number;
  /** Left out: gradient descent at one rate, without average. */
  rule?: UpdateRule;
  /** Epochs from one point of the path to the next. Left out or 0: no path. */
  pathEvery?: number;
}

/** The rule that turns a gradient into a step. */
export interface UpdateRule {
  optimizer: OptimizerName;
  /** μ; 0 where the optimizer has none. */
  momentum: number;
  /** Adam's β₁, β₂ and ε; other optimizers ignore them. */
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Factors on λ of the first epochs; the last one holds for all later epochs, and none at all is 1 for all. */
  factors: Float64Array<ArrayBuffer>;
  /** The first epoch whose updates the average takes in, and the model is the average; Infinity for none. */
  averageFrom: number;
}

export interface RunWatch {
  signal: AbortSignal | undefined;
  /** Called from time to time, with the training and validation losses of the epochs since the last call. */
  onProgress: ((epoch: number, loss: number, losses: Float64Array, validationLosses: Float64Array) => void) | undefined;
}

export interface RunSettings extends ModelSettings, RunWatch {}

/** The training state of a model: everything that its next epoch depends on. */
export interface RunState {
  /** Epochs finished. */
  epoch: number;
  /** [d + 1] in training units; after a divergence, the last whose loss was finite. */
  parameters: Float64Array;
  /** [d + 1] before the last update. */
  previous: Float64Array;
  /** Number of consecutive epochs without improvement, up to now. */
  quietEpochs: number;
  /** The loss before the update of the last finished epoch; NaN before there is one. */
  loss: number;
  /**
   * The optimizer state: three arrays of [d + 1] in training units; left out or empty if there is none. They are the velocity
   * of momentum and nesterov or the mean gradient of Adam, Adam's mean squared gradient, and the average of the parameters.
   * For conjugate gradient: the slope at the parameters, a step along its direction, and the parameters plus that step.
   */
  optimizerState?: readonly Float64Array[];
  /** The epoch with the lowest validation loss so far; left out if there is none. */
  best?: BestState | undefined;
  /** The reason for which the run of this state had ended before its last epoch; left out or null while it may go on. */
  ended?: EarlyEnd | null;
}

/** A reason to end before the last epoch, with a state that is as good as any that would follow. */
export type EarlyEnd = 'plateau' | 'earlyStopping';

/** The epoch after which the validation loss was lowest, the first of them if there are several. */
export interface BestState {
  /** Epochs finished. */
  epoch: number;
  /** The validation loss, without penalties. */
  loss: number;
  /** [d + 1] of the model then, in training units. */
  parameters: Float64Array;
}

/** The parameters of a model after a number of epochs. */
export interface PathState {
  epoch: number;
  /** [d + 1] in training units. */
  parameters: Float64Array;
}

/** The result of a run so far: its state, with the losses and the path since it was last read. */
export interface RunResult extends RunState {
  /** The loss before the update of each epoch since the run was last read, or began. */
  losses: Float64Array;
  /** The validation loss after each of these epochs; empty without validation examples. */
  validationLosses: Float64Array;
  /** The points of the path in these epochs; the end is one only if its epoch is. */
  path: PathState[];
  /** null while there are epochs left, as after an abort. */
  stopReason: Exclude<StopReason, 'aborted'> | null;
  /** The timings so far, of all models that train together. */
  timings: Pick<Timings, 'trainMs' | 'readbackMs' | 'gpuMs'>;
}

/** The training of one model, epoch by epoch on demand. Its results stay on the device until they are read. */
export interface Run {
  /**
   * Trains for up to `epochs` more epochs, until training ends or the signal aborts. An abort within an epoch of mini-batches takes
   * back its updates, so that the state is that after the epoch before.
   */
  runEpochs(epochs: number, watch: RunWatch): Promise<void>;
  /** Sets the learning rate and tolerance from the next `runEpochs` on. */
  setRate(rate: Pick<ModelSettings, 'learningRate' | 'tolerance'>): void;
  read(): Promise<RunResult>;
  dispose(): void;
}
