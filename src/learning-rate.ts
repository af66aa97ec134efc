import { DescentError } from './errors.js';
import { MOST_CURVATURE } from './loss.js';
import type { FitSettings } from './options.js';
import type { FitWarning } from './report.js';

/** What descent goes by, once the curvature is known. */
export interface Rate {
  learningRate: number;
  tolerance: number;
}

/**
 * The learning rate under which descent never lets the objective rise, by the largest eigenvalue λmax of
 * H = 1/m·[X 1]ᵀ[X 1] in training units. The curvature of a loss is nowhere more than L = c·λmax + l2 (c in src/loss.ts), and
 * the limit is 2/L. null when λmax is out of reach of the numbers.
 */
export function limitOf(largestEigenvalue: number, { l2, loss }: Pick<FitSettings, 'l2' | 'loss'>): number | null {
  if (!(largestEigenvalue > 0 && Number.isFinite(largestEigenvalue))) return null;
  return 2 / (MOST_CURVATURE[loss] * largestEigenvalue + l2);
}

/**
 * The rate in force. With 'auto' it is half the limit, the longest step that is sure to bring the objective down. Over the
 * limit the loss of least squares rises without end: an epoch in which it does not fall is no sign of being done, so the
 * tolerance is 0 there.
 *
 * Throws `INVALID_OPTION` for 'auto' where the limit is not known.
 */
export function chooseRate(
  { learningRate: asked, tolerance, loss }: Pick<FitSettings, 'learningRate' | 'tolerance' | 'loss'>,
  limit: number | null,
  warnings: FitWarning[],
): Rate {
  if (limit === null) {
    warnings.push({
      code: 'LIMIT_UNKNOWN',
      message:
        'The learning-rate limit is unknown: the squares of the features overflow. Standardize, or scale them down.',
    });
    if (asked !== 'auto') return { learningRate: asked, tolerance };
    throw new DescentError('INVALID_OPTION', {
      got: "learningRate 'auto' for features whose squares overflow",
      expected: 'features of moderate size',
      fix: 'Standardize, or scale the features down.',
      where: { option: 'learningRate' },
    });
  }
  if (asked === 'auto') return { learningRate: limit / 2, tolerance };
  if (asked < limit) return { learningRate: asked, tolerance };
  const outcome = loss === 'squared' ? 'descent diverges' : 'the loss may rise';
  warnings.push({
    code: 'LEARNING_RATE_ABOVE_LIMIT',
    message: `Learning rate ${asked} is not under the limit ${Number(limit.toPrecision(6))}: ${outcome}.`,
  });
  return { learningRate: asked, tolerance: 0 };
}
