import type { Checkpoint } from './model/checkpoint.js';
import { readCheckpoint } from './model/read-checkpoint.js';
import { DescentError } from './base/errors.js';
import { train } from './fit.js';
import { type FitData } from './fitting/prepare-data.js';
import { FitSteps } from './fit-steps.js';
import type { LinearModel } from './model/linear-model.js';
import type { FitOptions, StepOptions } from './fitting/fit-options.js';

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
 * have come to without the interruption. `epochs` counts those before the checkpoint, and so do the report's; its timings are
 * of this part.
 *
 * Throws as `fit` does, `INVALID_FILE` for what is no checkpoint, and `SHAPE_MISMATCH` or `UNKNOWN_COLUMN` for other examples.
 *
 *     const saved = JSON.stringify(model.checkpoint());
 *     const later = await resume(JSON.parse(saved), data, { epochs: 2000 });
 */
export async function resume(checkpoint: Checkpoint, data: FitData, options: ResumeOptions = {}): Promise<LinearModel> {
  const saved = readCheckpoint(checkpoint);
  return train(data, completed(saved.settings, options), saved);
}

/**
 * The same step by step, as `fitSteps`. `reset` goes back to the checkpoint.
 *
 *     const saved = await steps.checkpoint();
 *     for await (const step of resumeSteps(saved, data)) draw(step);
 */
export function resumeSteps(checkpoint: Checkpoint, data: FitData, options: Omit<StepOptions, Fixed> = {}): FitSteps {
  const saved = readCheckpoint(checkpoint);
  return new FitSteps(data, completed(saved.settings, options), saved);
}

function completed<Options extends ResumeOptions>(settings: FitOptions, options: Options): FitOptions & Options {
  const entries: [string, unknown][] = Object.entries(options);
  const present = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  const fixed = FIXED.find((name) => name in present);
  if (fixed) {
    throw new DescentError('INVALID_OPTION', {
      got: `${fixed} for a checkpoint`,
      expected: 'no such option: the checkpoint holds its value',
      fix: 'Leave it out, or start a new fit with warmStart.',
    });
  }
  return { ...settings, ...present } as FitOptions & Options;
}
