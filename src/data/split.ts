import { Dataset } from './checked-dataset.js';
import { takeRows } from './dataset-rows.js';
import { filledFromTraining } from './fill-means.js';
import { DescentError } from '../base/errors.js';
import type { FitSettings } from '../options/specs.js';
import { CounterRandom, STREAMS } from '../base/random.js';
import type { WorkInParts } from '../base/turns.js';
import { SyntheticData } from './synthetic.js';

/** Training examples, and validation examples. */
export interface Split<Examples> {
  training: Examples;
  validation: Examples;
}

/** Rows that are drawn in one part of the work: some milliseconds. */
const ROWS_AT_ONCE = 2 ** 18;

/** Number of validation examples, rounded to the nearest whole number. */
export function validationCount(exampleCount: number, validationFraction: number): number {
  return Math.round(validationFraction * exampleCount);
}

/**
 * The rows of the training and of the validation examples, drawn by the seed, in increasing order.
 *
 * Selection sampling (Knuth, The Art of Computer Programming, volume 2, section 3.4.2, algorithm S): each row is
 * selected with probability (still needed) / (rows left). Every choice of rows is equally likely.
 *
 * Throws `INVALID_OPTION` if that leaves a part without rows.
 *
 *     atOnce(splitRows(10, { validationFraction: 0.2, seed: 7 })).validation.length // 2
 */
export function* splitRows(
  exampleCount: number,
  { validationFraction, seed }: Pick<FitSettings, 'validationFraction' | 'seed'>,
): WorkInParts<Split<Uint32Array>> {
  const validationSize = validationCount(exampleCount, validationFraction);
  if (validationSize === 0 || validationSize === exampleCount) {
    throw new DescentError('INVALID_OPTION', {
      got: `validationFraction ${validationFraction} of ${exampleCount} ${exampleCount === 1 ? 'example' : 'examples'}`,
      expected: 'at least one example for training and one for validation',
      fix: 'Change validationFraction, or leave it out.',
      where: { option: 'validationFraction' },
    });
  }
  const random = new CounterRandom(seed, STREAMS.validation);
  const training = new Uint32Array(exampleCount - validationSize);
  const validation = new Uint32Array(validationSize);
  let words = random.words(0, 0);
  for (let row = 0, k = 0; row < exampleCount; row++) {
    if (row % ROWS_AT_ONCE === 0) yield;
    if (row % 4 === 0) words = random.words(row / 4, 0);
    const chance = (words[row % 4] as number) / 2 ** 32;
    if (chance * (exampleCount - row) < validationSize - k) validation[k++] = row;
    else training[row - k] = row;
  }
  return { training, validation };
}

/**
 * Splits examples by these rows: a dataset is copied, synthetic data are generated later. Throws like `splitRows`, and
 * `EMPTY_DATA` if all examples of a part have weight 0.
 */
export function splitExamples<Examples extends Dataset | SyntheticData>(
  examples: Examples,
  settings: Pick<FitSettings, 'validationFraction' | 'seed'>,
): WorkInParts<Split<Examples>>;
export function* splitExamples(
  examples: Dataset | SyntheticData,
  settings: Pick<FitSettings, 'validationFraction' | 'seed'>,
): WorkInParts<Split<Dataset | SyntheticData>> {
  const { training, validation } = yield* splitRows(examples.exampleCount, settings);
  if (!(examples instanceof Dataset))
    return { training: examples.part(training), validation: examples.part(validation) };
  const filled = filledFromTraining(examples, training);
  return { training: yield* takeRows(filled, training), validation: yield* takeRows(filled, validation) };
}
