import { consistent } from '../options/check-combinations.js';
import { DescentError } from '../base/errors.js';
import type { GpuContext } from '../gpu/device/device.js';
import { requireKnown } from '../base/check-names.js';
import type { Loss } from '../descent/loss.js';
import type { LinearModel } from '../model/linear-model.js';
import { checkObjects, OBJECT_OPTIONS } from './check-objects.js';
import type { OptimizerName } from '../descent/optimizers.js';
import type { FitWarning } from '../descent/report.js';
import type { Schedule } from '../descent/schedules.js';
import { SETTINGS } from '../options/specs.js';

/** The progress of a fit, reported after each slice of epochs. */
export interface FitProgress {
  /** Epochs finished. */
  epoch: number;
  /** Maximum number of epochs, from the options. */
  epochs: number;
  /** Training loss before the update of the last finished epoch. */
  loss: number;
  /** Training losses of the epochs since the last call; those of all calls together are the loss history. */
  losses: number[];
  /** Validation losses after the same epochs; empty without validation examples. */
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
  /** A constant, 'auto', or a function of the epoch, counted from 0. */
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

/** All options of `fit`. All are optional. */
export interface FitOptions extends Partial<FitSettings> {
  /**
   * Initial parameters, d weights and the bias, in training units (see `standardize`). Default: random, drawn from `seed`.
   */
  initialParameters?: { weights: ArrayLike<number>; bias: number };
  /**
   * A model to start from (warm start), instead of initialParameters. Its weights and bias are converted to the training units
   * of this fit. If it has feature names, features are matched by name.
   */
  warmStart?: LinearModel;
  /** A context from `createContext` or `contextFromDevice`; it stays open after the fit. Default: a new context, closed at the end. */
  context?: GpuContext;
  /** Aborts the fit. Before training, the fit rejects with the reason of the signal; during training, it ends as 'aborted'. */
  signal?: AbortSignal;
  /** Called with the progress after each slice of epochs. */
  onProgress?: (progress: FitProgress) => void;
  /**
   * Called with each warning before the first epoch, for example if the learning rate is above the stability limit; `fitSteps`
   * also calls it when a new rate is above the limit. The report lists the warnings, too.
   */
  onWarning?: (warning: FitWarning) => void;
}

/** All options of `fitSteps`: those of `fit`, and the length of a step. */
export interface StepOptions extends FitOptions {
  /** Number of epochs per step, a whole number from 1 up. Default 1. */
  epochsPerStep?: number;
}

/** The seed program: plain gradient descent, as in the first lesson. */
export const SEED_PROGRAM = {
  epochs: 100,
  learningRate: 1,
  tolerance: 0,
  standardize: false,
  strategy: 'streaming',
} as const satisfies Partial<FitSettings>;

/** Options for files, which should be fitted well: trains until the loss, in f32, no longer improves. */
export const FILE_PRESET = { tolerance: 1e-8 } as const satisfies Partial<FitSettings>;

/**
 * Checks the options and fills in what was left out.
 *
 * Throws `UNKNOWN_OPTION`, with a suggestion, for a name that does not exist, and `INVALID_OPTION` for a value out of its
 * range or of another type, and for options that contradict each other.
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
