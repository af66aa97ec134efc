import { DescentError } from './errors.js';
import { MOST_CURVATURE } from './loss.js';
import type { FitSettings } from './options.js';
import type { FitWarning } from './report.js';

/** What descent goes by, once the curvature is known. */
export interface ChosenRate {
  learningRate: number;
  tolerance: number;
  /** null when it is out of reach of the numbers. */
  limit: number | null;
}

/**
 * The rate and its limit by the largest eigenvalue λmax of H = 1/m·[X 1]ᵀ[X 1] in training units. The curvature of a loss is
 * nowhere more than L = c·λmax + l2 (c in src/loss.ts), and descent never lets the objective rise at rates under 2/L.
 *
 * With 'auto' it is 1/L, half the limit, the longest step that is sure to bring the objective down. Over the limit the loss of
 * least squares rises without end: an epoch in which it does not fall is no sign of being done, so the tolerance is 0 there.
 *
 * Throws `INVALID_OPTION` for 'auto' where the curvature overflows.
 */
export function chooseRate(
  largestEigenvalue: number,
  { learningRate: asked, tolerance, l2, loss }: Pick<FitSettings, 'learningRate' | 'tolerance' | 'l2' | 'loss'>,
  warnings: FitWarning[],
): ChosenRate {
  if (!(largestEigenvalue > 0 && Number.isFinite(largestEigenvalue))) {
    warnings.push({
      code: 'LIMIT_UNKNOWN',
      message:
        'The learning-rate limit is unknown: the squares of the features overflow. Standardize, or scale them down.',
    });
    if (asked === 'auto') {
      throw new DescentError('INVALID_OPTION', {
        got: "learningRate 'auto' for features whose squares overflow",
        expected: 'features of moderate size',
        fix: 'Standardize, or scale the features down.',
      });
    }
    return { learningRate: asked, tolerance, limit: null };
  }
  const limit = 2 / (MOST_CURVATURE[loss] * largestEigenvalue + l2);
  if (asked === 'auto') return { learningRate: limit / 2, tolerance, limit };
  if (asked < limit) return { learningRate: asked, tolerance, limit };
  const outcome = loss === 'squared' ? 'descent diverges' : 'the loss may rise';
  warnings.push({
    code: 'LEARNING_RATE_ABOVE_LIMIT',
    message: `Learning rate ${asked} is not under the limit ${Number(limit.toPrecision(6))}: ${outcome}.`,
  });
  return { learningRate: asked, tolerance: 0, limit };
}
