import { consistent } from './contradictions.js';
import { DescentError } from './errors.js';
import type { GpuContext } from './gpu/device.js';
import { requireKnown } from './known-options.js';
import type { Loss } from './loss.js';
import type { LinearModel } from './model.js';
import { checkObjects, OBJECT_OPTIONS } from './object-options.js';
import type { OptimizerName } from './optimizers.js';
import type { FitWarning } from './report.js';
import type { Schedule } from './schedules.js';
import { SETTINGS } from './settings.js';

/** What is told while a fit runs, after each slice of epochs. */
export interface FitProgress {
  /** Epochs finished. */
  epoch: number;
  /** Epochs asked for. */
  epochs: number;
  /** Loss before the last finished epoch's update. */
  loss: number;
  /** The losses of the epochs since the last call: all of them together are the loss history. */
  losses: number[];
  /** The losses of the held-out examples after the same epochs; empty where none are held out. */
  validationLosses: number[];
}

/** The options that are plain values: the same names on the command line, in kebab case. */
export interface FitSettings {
  loss: Loss;
  huberDelta: number;
  fitIntercept: boolean;
  epochs: number;
  batchSize: 'full' | number;
  shuffle: boolean;
  /** In every epoch, or a function of the epoch, counted from 0. */
  learningRate: number | 'auto' | ((epoch: number) => number);
  optimizer: OptimizerName;
  momentum: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  schedule: Schedule;
  decay: number;
  decayEvery: number;
  warmupEpochs: number;
  average: boolean;
  averageFrom: number;
  tolerance: number;
  patience: number;
  validationFraction: number;
  restoreBest: boolean;
  l1: number;
  l2: number;
  standardize: boolean;
  seed: number;
  pathEvery: number;
  strategy: 'auto' | 'streaming' | 'moments';
  kernels: 'auto' | 'textbook';
  storage: 'f32' | 'f16';
  backend: 'auto' | 'webgpu' | 'cpu';
}

/** All options of `fit`. Every one may be left out. */
export interface FitOptions extends Partial<FitSettings> {
  /**
   * The parameters to start from, in training units (see `standardize`), instead of drawing them from `seed`:
   * d weights and the bias.
   */
  initialParameters?: { weights: ArrayLike<number>; bias: number };
  /**
   * A model to start from, in place of initialParameters: its weights and bias, in whatever units and by whichever way it
   * was trained. Its features go by their names, where they have any.
   */
  warmStart?: LinearModel;
  /** A context made by `createContext` or `contextFromDevice`. It stays open. Default: one for this fit alone. */
  context?: GpuContext;
  /** Stops the fit: before training it rejects with the signal's reason, while training it ends with 'aborted'. */
  signal?: AbortSignal;
  /** Called after each slice of epochs. */
  onProgress?: (progress: FitProgress) => void;
  /**
   * Called with each warning before the first epoch, such as that of a rate over the limit, and by `fitSteps` before the first at
   * such a rate. The report has them, too.
   */
  onWarning?: (warning: FitWarning) => void;
}

/** All options of `fitSteps`: those of `fit`, and how far a step goes. */
export interface StepOptions extends FitOptions {
  /** Epochs of a step, a whole number from 1 up. Default 1. */
  epochsPerStep?: number;
}

/** The seed program: descent as it stands in the first lesson, with nothing added. */
export const SEED_PROGRAM = {
  epochs: 100,
  learningRate: 1,
  tolerance: 0,
  standardize: false,
  strategy: 'streaming',
} as const satisfies Partial<FitSettings>;

/** For files, whose best answer is wanted: until the loss, in f32, falls no more. */
export const FILE_PRESET = { tolerance: 1e-8 } as const satisfies Partial<FitSettings>;

/**
 * Checks the options and fills in what was left out.
 *
 * Throws `UNKNOWN_OPTION` for a name that does not exist, with the one that was meant, and `INVALID_OPTION` for a value
 * out of its range or of another type, and for options that contradict each other.
 */
export function resolveSettings(options: FitOptions): FitSettings {
  requireKnown(options, [...SETTINGS.map((spec) => spec.name), ...OBJECT_OPTIONS]);
  checkObjects(options);
  const settings: Record<string, unknown> = {};
  for (const spec of SETTINGS) {
    const value = options[spec.name] ?? spec.default;
    if (!spec.allows(value)) {
      throw new DescentError('INVALID_OPTION', {
        got: `${spec.name} ${typeof value === 'string' ? `'${value}'` : String(value)}`,
        expected: spec.range,
        fix: `Leave it out for the default, ${String(spec.default)}.`,
        where: { option: spec.name },
      });
    }
    settings[spec.name] = value;
  }
  const isComplete = SETTINGS.every(({ name }) => (options[name] ?? undefined) !== undefined);
  return consistent(settings as unknown as FitSettings, isComplete);
}
