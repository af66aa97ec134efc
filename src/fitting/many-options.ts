import { anyText, namesIn } from '../base/quote.js';
import { checkDataKind } from '../options/check-data-kind.js';
import type { ModelProgress, TargetColumn } from '../descent/backend.js';
import { Dataset } from '../data/dataset.js';
import { type Numbers, toTargets } from '../data/numbers.js';
import { DescentError } from '../base/errors.js';
import type { GpuContext } from '../gpu/device/device.js';
import { requireOptions } from '../base/check-names.js';
import { type Omittable, withoutLeftOut } from '../base/require-object.js';
import type { LinearModel } from '../model/linear-model.js';
import { didYouMean } from '../base/nearest-word.js';
import { type FitOptions } from './fit-options.js';
import { resolveOptions } from './fit-options.js';
import { type FitSettings } from '../options/specs.js';
import type { FitWarning } from '../descent/report.js';

/** The options of one of several models: those of `fit`, and the targets that it learns. */
export interface ModelOptions extends Omittable<FitSettings> {
  /** Same as `initialParameters` of `fit`, in training units. */
  initialParameters?: NonNullable<FitOptions['initialParameters']> | undefined;
  /** Same as `warmStart` of `fit`. */
  warmStart?: LinearModel | undefined;
  /** Name of the targets to learn: those of the data, or a column of `targets`. Default: those of the data. */
  target?: string | undefined;
}

/**
 * Options of all models together: defaults for the options that a model leaves out, and the options that exist only
 * once.
 */
export interface ManyOptions extends ModelOptions {
  /** Further columns of targets, by name, each [m]; all models share the features. */
  targets?: Readonly<Record<string, Numbers | readonly string[]>> | undefined;
  /** A context from `createContext` or `contextFromDevice`; it stays open. Default: a new context, closed at the end. */
  context?: GpuContext | undefined;
  /** Aborts all models. Before training, `fitMany` rejects with the reason of the signal; during training, each model ends as 'aborted'. */
  signal?: AbortSignal | undefined;
  /** Called after each slice of epochs with the progress of every model, in the order of the models. */
  onProgress?: ((models: readonly ModelProgress[]) => void) | undefined;
  /**
   * Called with each warning, once if several models have the same: before the first epoch, and at the end, if a model has not
   * converged. Their reports list them, too.
   */
  onWarning?: ((warning: FitWarning) => void) | undefined;
}

/** A model's options, checked. */
export interface ModelSettingsInForce {
  settings: FitSettings;
  initialParameters: FitOptions['initialParameters'];
  warmStart: FitOptions['warmStart'];
  /** Its column among the targets. */
  target: number;
}

/**
 * Options that say what is minimised, how the examples lie and where they are read: models that share each read cannot
 * differ in them.
 */
const SHARED = [
  'loss',
  'huberDelta',
  'fitIntercept',
  'standardize',
  'strategy',
  'kernels',
  'storage',
  'backend',
] as const;

/** Options of all models together. */
const TOGETHER = ['targets', 'context', 'signal', 'onProgress', 'onWarning'] as const;

/**
 * Checks the options of several models and fills in what was left out.
 *
 * Throws `INVALID_OPTION` for an empty list, for an option that models cannot have each for themselves and for values
 * out of range, `UNKNOWN_OPTION`, and `UNKNOWN_COLUMN` for targets that there are not.
 */
export function resolveMany(
  options: readonly ModelOptions[],
  shared: ManyOptions,
  targetNames: readonly string[],
): ModelSettingsInForce[] {
  // Callers without types hand in anything.
  const count = Array.isArray(options) ? options.length : 0;
  if (count === 0) {
    throw new DescentError('INVALID_OPTION', {
      got: 'an empty list of models',
      expected: 'a list with the options of at least one model',
      fix: 'Pass [{ … }, { … }], or use fit for one model.',
    });
  }
  const resolved = Array.from(options, (given, k) => {
    requireOptions(
      given,
      `options of model ${k}`,
      'Pass an object for each model, {} for the defaults: [{}, { l2: 0.1 }].',
    );
    const ownOptions = withoutLeftOut(given);
    const together = TOGETHER.find((name) => name in ownOptions);
    if (together) {
      throw new DescentError('INVALID_OPTION', {
        got: `${together} in the options of model ${k}`,
        expected: 'it once, in the options of all models',
        fix: 'Pass it in the last argument.',
        where: { option: together },
      });
    }
    const { target, ...rest } = completed(ownOptions, shared);
    return {
      settings: resolveOptions(rest),
      initialParameters: rest.initialParameters,
      warmStart: rest.warmStart,
      target: columnOf(target, targetNames),
    };
  });
  const first = (resolved[0] as ModelSettingsInForce).settings;
  resolved.forEach(({ settings }) => checkDataKind('several models', settings));
  const conjugate = resolved.filter(({ settings }) => settings.optimizer === 'conjugateGradient');
  if (conjugate.length > 0 && conjugate.length < count) {
    throw new DescentError('INVALID_OPTION', {
      got: `optimizer 'conjugateGradient' in ${conjugate.length} of ${count} models`,
      expected: 'it in all models or in none, because it has a kernel of its own',
      fix: 'Train them in separate calls.',
    });
  }
  resolved.forEach(({ settings }, k) => {
    const name = SHARED.find((shared) => settings[shared] !== first[shared]);
    if (!name) return;
    throw new DescentError('INVALID_OPTION', {
      got: `${name} ${anyText(settings[name])} in model ${k} and ${anyText(first[name])} in model 0`,
      expected: 'the same value in all models, because they share each read of the examples',
      fix: 'Train them in separate calls.',
      where: { option: name },
    });
  });
  return resolved;
}

/** The loss of all models, which may stand in the options of each. */
export function lossOf(options: readonly ModelOptions[], { loss }: ManyOptions): FitSettings['loss'] {
  return loss ?? (options as readonly ModelOptions[] | undefined)?.[0]?.loss ?? 'squared';
}

/** Fills in the options that a model leaves out from the options of all models. */
function completed(ownOptions: ModelOptions, shared: ManyOptions): ModelOptions {
  const isTogether = (name: string) => TOGETHER.some((option) => option === name);
  const all = Object.fromEntries(Object.entries(shared).filter(([name]) => !isTogether(name)));
  return { ...all, ...ownOptions };
}

function columnOf(target: string | undefined, names: readonly string[]): number {
  if (target === undefined) return 0;
  const column = names.indexOf(target);
  if (column >= 0) return column;
  if (typeof target !== 'string') throw noTarget(target);
  throw new DescentError('UNKNOWN_COLUMN', {
    got: `target '${target}'`,
    expected: `one of ${namesIn(names)}`,
    fix: didYouMean(target, names, 'Name one of them.'),
    where: { option: 'target', column: target },
  });
}

function noTarget(target: unknown): DescentError {
  return new DescentError('INVALID_OPTION', {
    got: `target ${anyText(target)}`,
    expected: 'the name of a column of targets',
    fix: 'Leave it out for the targets of the data.',
    where: { option: 'target' },
  });
}

/** The data's own targets and the given ones, each with as many finite numbers as there are examples. */
export function targetColumns(dataset: Dataset, targets: ManyOptions['targets'] = {}): TargetColumn[] {
  const ownColumn = { name: dataset.targetName, values: dataset.targets, labels: dataset.origin?.labels ?? null };
  const otherColumns = Object.entries(targets).map(([name, column]) => {
    if (name === ownColumn.name) {
      throw new DescentError('INVALID_OPTION', {
        got: `targets named '${name}', like the data's own targets`,
        expected: 'a different name for each column of targets',
        fix: 'Rename it, or leave it out.',
        where: { option: 'targets', column: name },
      });
    }
    const { values, labels } = toTargets(column, `targets named '${name}'`, name);
    if (values.length !== dataset.exampleCount) {
      throw new DescentError('SHAPE_MISMATCH', {
        got: `${values.length} targets named '${name}' for ${dataset.exampleCount} examples`,
        expected: 'one for each example',
        fix: 'Give each column of targets as many values as the features have rows.',
        where: { option: 'targets', column: name },
      });
    }
    return { name, values: new Dataset([values], values, [name], name).targets, labels };
  });
  return [ownColumn, ...otherColumns];
}
