import { anyText } from '../../base/quote.js';
import type { FloatArray } from '../../data/dataset.js';
import { DescentError } from '../../base/errors.js';
import { number } from '../../base/text-table.js';
import type { Moments } from '../../moments/moments.js';

/**
 * The meaning of the weights of examples. 'counts': one of weight k stands for k equal examples (statsmodels'
 * `freq_weights`). 'precisions': the variance of an example is inversely proportional to its weight (R's `lm` with
 * weights, statsmodels' `WLS`).
 */
export type WeightsAs = (typeof WEIGHTS_AS)[number];

export const WEIGHTS_AS = ['counts', 'precisions'] as const;

/** A sum of weights that differs from a whole number by no more than this share of itself is one, but for rounding. */
const SUM_ROUNDING = 2 ** -40;

/**
 * The meaning of these weights: the requested one, with 'auto' counts if all weights are whole numbers and precisions
 * otherwise; null without weights. Throws `INVALID_OPTION` for counts that are not whole numbers.
 */
export function meaningOfWeights(
  weights: FloatArray | undefined,
  requested: 'auto' | WeightsAs = 'auto',
): WeightsAs | null {
  if (!weights) return null;
  if (requested === 'precisions') return 'precisions';
  const row = weights.findIndex((weight) => !Number.isInteger(weight));
  if (row < 0) return 'counts';
  if (requested === 'auto') return 'precisions';
  throw new DescentError('INVALID_OPTION', {
    got: `weight ${number(weights[row] as number)} of example ${row}, with weights as counts`,
    expected: 'whole numbers, because an example of weight k stands for k examples',
    fix: "Use weightsAs 'precisions' if weights are inverse variances, or multiples of them.",
    where: { row, option: 'weightsAs' },
  });
}

/**
 * The number of examples of moments, which know only the sum of the weights. Throws `INVALID_OPTION` where it is no
 * number of examples.
 */
export function countOfMoments({ count }: Moments, requested: 'auto' | WeightsAs = 'auto'): number {
  if (requested === 'precisions') {
    throw new DescentError('INVALID_OPTION', {
      got: "moments with weightsAs 'precisions'",
      expected: 'examples, because moments know only the sum of the weights',
      fix: 'Pass the examples instead of their moments.',
      where: { option: 'weightsAs' },
    });
  }
  const whole = Math.round(count);
  if (Math.abs(count - whole) <= SUM_ROUNDING * count) return whole;
  throw noCount(`moments with a sum of weights of ${number(count)}`, 'a whole number, because moments count examples by their weights'); // prettier-ignore
}

/** Throws `INVALID_OPTION` for moments of fewer examples than parameters that these determine. */
export function requireEnough(count: number, parameterCount: number): void {
  if (count >= parameterCount) return;
  throw noCount(
    `moments with a sum of weights of ${count}, which determine ${parameterCount} parameters`,
    `a sum of at least ${parameterCount}, because moments count examples by their weights`,
  );
}

function noCount(got: string, expected: string): DescentError {
  return new DescentError('INVALID_OPTION', {
    got,
    expected,
    fix: 'Pass the examples instead of their moments: their weights can be precisions.',
    where: { option: 'weightsAs' },
  });
}

/** Throws `INVALID_OPTION` for anything but 'auto' and the two meanings: callers without types pass anything. */
export function checkMeaning(requested: unknown): void {
  if (requested === 'auto' || WEIGHTS_AS.some((meaning) => meaning === requested)) return;
  throw new DescentError('INVALID_OPTION', {
    got: `weightsAs '${anyText(requested)}'`,
    expected: "'auto', 'counts' or 'precisions'",
    fix: 'Leave it out for precisions, or counts if all weights are whole numbers.',
    where: { option: 'weightsAs' },
  });
}
