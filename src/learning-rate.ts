import type { UpdateRule } from './backend.js';
import { DescentError } from './errors.js';
import { MOST_CURVATURE } from './loss.js';
import { ruleOf, stabilityLimit } from './optimizers.js';
import type { FitSettings } from './options.js';
import type { FitWarning } from './report.js';
import { ratesOf } from './schedules.js';

/** What descent goes by, once the curvature is known. */
export interface ChosenRate {
  /** λ, the largest of all epochs where a function gives one for each. */
  learningRate: number;
  tolerance: number;
  /** null when it is out of reach of the numbers, or where the optimizer has none. */
  limit: number | null;
  /** With the factors on λ of the epochs. */
  rule: UpdateRule;
}

/**
 * With 'auto', the rate of Adam, in training units: every parameter moves by up to about this much in an epoch, whatever
 * the size of its gradient, so no curvature bounds it. Twenty epochs take a parameter by 1, the size that weights have
 * on targets of spread 1; for targets of another spread it should grow or shrink with it.
 */
const ADAM_RATE = 0.05;

/** Whether a rate can be too long for the optimizer by the curvature, which is then to be measured. */
export function hasLimit({ optimizer }: Pick<FitSettings, 'optimizer'>): boolean {
  return optimizer !== 'adam';
}

/**
 * The rate and its limit by the largest eigenvalue λmax of H = 1/m·[X 1]ᵀ[X 1] in training units. The curvature of a loss is
 * nowhere more than L = c·λmax + l2 (c in src/loss.ts), and descent never lets the objective rise at rates under 2/L; what
 * the limit is for other optimizers is in src/optimizers.ts.
 *
 * With 'auto' it is half the limit: for descent 1/L, the longest step that is sure to bring the objective down. Over the limit
 * the loss of least squares rises without end: an epoch in which it does not fall is no sign of being done, so the tolerance
 * is 0 there. A schedule is as long as its longest step. The rate of conjugate gradient is where it tries a line first.
 *
 * Throws `INVALID_OPTION` for 'auto' where the curvature overflows, and for a function that gives no rates.
 */
export function chooseRate(largestEigenvalue: number, settings: FitSettings, warnings: FitWarning[]): ChosenRate {
  const { tolerance, l2, loss } = settings;
  const { asked, factors } = ratesOf(settings);
  const rule = ruleOf(settings, factors);
  if (!hasLimit(settings)) return { learningRate: asked === 'auto' ? ADAM_RATE : asked, tolerance, limit: null, rule };
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
    return { learningRate: asked, tolerance, limit: null, rule };
  }
  const limit = stabilityLimit(settings, MOST_CURVATURE[loss] * largestEigenvalue + l2);
  if (asked === 'auto') return { learningRate: limit / 2, tolerance, limit, rule };
  if (asked < limit) return { learningRate: asked, tolerance, limit, rule };
  const outcome = loss === 'squared' && factors.length === 0 ? 'descent diverges' : 'the loss may rise';
  warnings.push({
    code: 'LEARNING_RATE_ABOVE_LIMIT',
    message: `Learning rate ${asked} is not under the limit ${Number(limit.toPrecision(6))}: ${outcome}.`,
  });
  return { learningRate: asked, tolerance: 0, limit, rule };
}
