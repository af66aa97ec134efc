import type { Omittable } from '../base/require-object.js';
import { requireKnown } from '../base/check-names.js';
import { DATA_IN_OPTIONS } from '../data/data-form.js';
import type { ReadProgress } from '../data/read-watch.js';
import type { FitWarning } from '../descent/report.js';
import type { InitialParameters } from '../descent/start.js';
import type { GpuContext } from '../gpu/device/device.js';
import type { LinearModel } from '../model/linear-model.js';
import { resolveSettings } from '../options/resolve.js';
import { type FitSettings, RANGES } from '../options/specs.js';
import { checkObjects, OBJECT_OPTIONS } from './check-objects.js';

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

/** All options of `fit`. All are optional. */
export interface FitOptions extends Omittable<FitSettings> {
  /**
   * Initial parameters, d weights and the bias, in training units (see `standardize`). Default: random, drawn from `seed`.
   */
  initialParameters?: InitialParameters | undefined;
  /**
   * A model to start from (warm start), instead of initialParameters. Its weights and bias are converted to the training units
   * of this fit. If it has feature names, features are matched by name.
   */
  warmStart?: LinearModel | undefined;
  /** A context from `createContext` or `contextFromDevice`; it stays open after the fit. Default: a new context, closed at the end. */
  context?: GpuContext | undefined;
  /** Aborts the fit. Before training, the fit rejects with the reason of the signal; during training, it ends as 'aborted'. */
  signal?: AbortSignal | undefined;
  /** Called with the progress of reading, after each batch of a source: the rows of the pass so far. Arrays are not read in passes. */
  onRead?: ((progress: ReadProgress) => void) | undefined;
  /** Called with the progress after each slice of epochs. */
  onProgress?: ((progress: FitProgress) => void) | undefined;
  /**
   * Called with each warning: before the first epoch, for example if the learning rate is above the stability limit, and at the
   * end, if the fit has not converged; `fitSteps`
   * also calls it when a new rate is above the limit. The report lists the warnings, too.
   */
  onWarning?: ((warning: FitWarning) => void) | undefined;
}

/** All options of `fitSteps`: those of `fit`, and the length of a step. */
export interface StepOptions extends FitOptions {
  /** Number of epochs per step, a whole number from 1 up. Default 1. */
  epochsPerStep?: number | undefined;
}

/** The names of all options of `fit`. */
const NAMES: readonly string[] = [...RANGES.map(({ name }) => name), ...OBJECT_OPTIONS];

/**
 * Checks all options of a fit, and returns the plain ones with the defaults filled in.
 *
 * Throws `UNKNOWN_OPTION`, with a suggestion, for a name that does not exist, and `INVALID_OPTION` for a value out of its
 * range or of another type, and for options that contradict each other.
 */
export function resolveOptions(options: FitOptions): FitSettings {
  const present = requireKnown(options, NAMES, { fixes: DATA_IN_OPTIONS });
  checkObjects(present);
  return resolveSettings(present);
}
