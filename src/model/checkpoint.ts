import { DescentError } from '../base/errors.js';
import { isDescent } from '../options/choose-optimizer.js';
import type { LinearModel } from './linear-model.js';
import type { FitSettings } from '../options/specs.js';
import type { FitReport, PathPoint, StateReport } from '../descent/report.js';

export const CHECKPOINT_FORMAT = 'webgpu-descent/checkpoint';
export const CHECKPOINT_VERSION = 1;

/** A fit that was interrupted, or that has ended, with all that its next epoch depends on. Plain data. */
export interface Checkpoint extends Omit<StateReport, 'tolerance' | 'ended'> {
  /** The mark by which files of checkpoints are known. */
  format: typeof CHECKPOINT_FORMAT;
  /** Version of the format. */
  version: typeof CHECKPOINT_VERSION;
  /** d names, which the examples of `resume` must have. */
  featureNames: string[];
  /** Name of the target. */
  targetName: string;
  /** m, which the examples of `resume` must have. */
  exampleCount: number;
  /** The options in force: the learning rate as a number, and the strategy that ran. */
  settings: FitSettings;
  /** One loss for each epoch until now. */
  lossHistory: number[];
  /** Same as `validationHistory` of the report. */
  validationHistory: number[] | null;
  /** Same as `path` of the report. */
  path: PathPoint[] | null;
  /** The reason for which the fit had ended before its last epoch: `resume` then returns it. Left out while it may go on. */
  ended?: 'plateau' | 'earlyStopping';
  /** Same as `tuning` of the report; left out where that is null. For the same bits, resume with a context of this tuning. */
  tuning?: Record<string, number | string>;
}

/**
 * The checkpoint of a model, from which `resume` continues. For a fit that diverged: the state one epoch earlier, from
 * which a smaller learning rate can continue.
 *
 * Throws `INVALID_OPTION` for a model without a report, as a loaded one is.
 */
export function checkpointOf({ featureNames, targetName, report }: LinearModel): Checkpoint {
  if (report && !isDescent(report.settings)) {
    throw new DescentError('INVALID_OPTION', {
      got: `a model by the solver '${report.optimizer}'`,
      expected: 'a model by gradient descent, whose epochs a checkpoint continues',
      fix: "Save the model and go on from it with warmStart, or train with optimizer 'gradientDescent'.",
    });
  }
  if (!report?.state || report.strategy === 'exact') {
    throw new DescentError('INVALID_OPTION', {
      got: `a model without ${report ? 'a training state that can be saved' : 'a report'}`,
      expected: 'a model that fit returned, trained with a learning rate that is not a function',
      fix: 'Save a checkpoint instead of the model, or start a new fit from the model with warmStart.',
    });
  }
  const { state, settings, strategy, exampleCount, lossHistory, validationHistory, path, stopReason, tuning } = report;
  const { initial, parameters, previous, quietEpochs, optimizerState, best, tolerance, ended } = state;
  requireFiniteState(state);
  const common: Omit<Checkpoint, OfLastEpoch> = {
    format: CHECKPOINT_FORMAT,
    version: CHECKPOINT_VERSION,
    featureNames: [...featureNames],
    targetName,
    exampleCount,
    settings: { ...settings, learningRate: rateOf(settings), tolerance, strategy },
    path: path && path.map((point) => ({ ...point, weights: [...point.weights] })),
    initial: [...initial],
    parameters: [...parameters],
    ...(tuning && { tuning: { ...tuning } }),
  };
  // The parameters are then those before the last update: the last whose loss was finite.
  if (stopReason === 'diverged') {
    const epochs = Math.max(0, lossHistory.length - 1);
    return {
      ...common,
      lossHistory: lossHistory.slice(0, epochs),
      validationHistory: validationHistory && validationHistory.slice(0, epochs),
      previous: [...parameters],
      quietEpochs: 0,
      optimizerState: [],
      best: best && best.epoch <= epochs ? copied(best) : null,
    };
  }
  return {
    ...common,
    lossHistory: [...lossHistory],
    validationHistory: validationHistory && [...validationHistory],
    previous: [...previous],
    quietEpochs,
    optimizerState: optimizerState.map((values) => [...values]),
    best: best && copied(best),
    ...(ended && { ended }),
  };
}

/** Throws `NON_FINITE_VALUE` for a state that JSON does not hold. */
function requireFiniteState({ parameters, previous, optimizerState }: StateReport): void {
  if ([parameters, previous, ...optimizerState].every((values) => values.every(Number.isFinite))) return;
  throw new DescentError('NON_FINITE_VALUE', {
    got: 'a training state with numbers that f64 does not hold',
    expected: 'features, targets and penalties of moderate size',
    fix: 'Scale the largest of them, and train again; or save the model and go on from it with warmStart.',
  });
}

/** The fields that a divergence takes back by one epoch. */
type OfLastEpoch = 'lossHistory' | 'validationHistory' | 'previous' | 'quietEpochs' | 'optimizerState' | 'best';

type Best = NonNullable<Checkpoint['best']>;

function copied({ parameters, ...best }: Best): Best {
  return { ...best, parameters: [...parameters] };
}

/** The rate in force, where the optimizer leaves it to the options. */
function rateOf({ optimizer, learningRate }: FitReport['settings']): number | 'auto' {
  return optimizer === 'conjugateGradient' ? 'auto' : learningRate;
}
