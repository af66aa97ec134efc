import type { Checkpoint } from './model/checkpoint.js';
import { readCheckpoint } from './model/read-checkpoint.js';
import { requireOptions } from './base/check-names.js';
import { DescentError } from './base/errors.js';
import { withoutLeftOut } from './base/require-object.js';
import { train } from './fit.js';
import { type FitData } from './fitting/prepare-data.js';
import { FitSteps } from './fit-steps.js';
import { RANGES } from './options/specs.js';
import type { FitOptions, StepOptions } from './fitting/fit-options.js';
import type { FittedModel } from './model/fitted-model.js';

/**
 * Options that a checkpoint fixes: its parameters are in the training units of `standardize` and of the training
 * examples, and its optimizer state belongs to one optimizer.
 */
const FIXED = [
  'initialParameters',
  'warmStart',
  'standardize',
  'optimizer',
  'batchSize',
  'average',
  'averageFrom',
  'validationFraction',
  'seed',
] as const;

type Fixed = (typeof FIXED)[number];

/** Options that take the place of those that were in force. */
export type ResumeOptions = Omit<FitOptions, Fixed>;

/**
 * Goes on with the fit that a checkpoint is of, on the same examples: on the same adapter with the bits that it would
 * have come to without the interruption. A fit that had ended is returned as it was, unless an option that changes training is
 * given another value. `epochs` counts those before the checkpoint, and so do the report's; its timings are
 * of this part.
 *
 * Throws as `fit` does, `INVALID_FILE` for what is no checkpoint, and `SHAPE_MISMATCH` or `UNKNOWN_COLUMN` for other examples.
 *
 *     const saved = JSON.stringify(model.checkpoint());
 *     const later = await resume(JSON.parse(saved), data, { epochs: 2000 });
 */
export async function resume(checkpoint: Checkpoint, data: FitData, options: ResumeOptions = {}): Promise<FittedModel> {
  const { saved, settings } = resumed(checkpoint, options);
  return train(data, settings, saved);
}

/**
 * The same step by step, as `fitSteps`. `reset` goes back to the checkpoint. The first step rejects with what `resume` throws of
 * examples and devices; what is no checkpoint is thrown at once.
 *
 *     const saved = await steps.checkpoint();
 *     for await (const step of resumeSteps(saved, data)) draw(step);
 */
export function resumeSteps(checkpoint: Checkpoint, data: FitData, options: Omit<StepOptions, Fixed> = {}): FitSteps {
  const { saved, settings } = resumed(checkpoint, options);
  return new FitSteps(data, settings, saved);
}

/** Plain options that change nothing that a fit comes to before its last epoch. */
const WITHOUT_EFFECT: readonly string[] = [
  'epochs',
  'pathEvery',
  'strategy',
  'kernels',
  'storage',
  'memoryBudget',
  'backend',
  'recover',
];

/** The checkpoint, which has not ended where the options ask for other training, and the options in force. */
function resumed<Options extends ResumeOptions>(
  checkpoint: Checkpoint,
  options: Options,
): { saved: Checkpoint; settings: FitOptions & Options } {
  const { ended, ...saved } = readCheckpoint(checkpoint);
  const settings = completed(saved.settings, options);
  const isSame = RANGES.every(({ name }) => WITHOUT_EFFECT.includes(name) || settings[name] === saved.settings[name]);
  return { saved: { ...saved, ...(ended && isSame && { ended }) }, settings };
}

function completed<Options extends ResumeOptions>(settings: FitOptions, options: Options): FitOptions & Options {
  requireOptions(options);
  const present = withoutLeftOut(options);
  const fixed = FIXED.find((name) => name in present);
  if (fixed) {
    throw new DescentError('INVALID_OPTION', {
      got: `${fixed} for a checkpoint`,
      expected: 'no such option: the checkpoint holds its value',
      fix: 'Leave it out, or start a new fit with warmStart.',
    });
  }
  return { ...settings, ...present };
}
