import { largestEigenvalue } from '../base/largest-eigenvalue.js';
import { DescentError } from '../base/errors.js';
import type { Trainer } from './backend.js';
import { MOST_CURVATURE } from './loss.js';
import { stabilityLimit } from './optimizers.js';
import type { FitSettings } from '../options/specs.js';
import type { FitWarning } from './report.js';
import type { RateRequest } from './schedules.js';

/** The learning rate and tolerance in force, once the curvature is known. */
export interface Rate {
  learningRate: number;
  tolerance: number;
}

/**
 * With 'auto', the rate of Adam, in training units and in standard deviations of the targets: every parameter moves by up to
 * about this much in an epoch, whatever the size of its gradient, so no curvature bounds it. Twenty epochs take a parameter by
 * 1, the size that weights have.
 */
const ADAM_RATE = 0.05;

/** With batches, the rate of Adam in its paper, which is for them: what the examples of one say of the way is in part chance. */
const ADAM_BATCH_RATE = 0.001;

/** The known bounds of the curvature. */
export interface KnownCurvature {
  /** The result of `limitOf`. */
  limit: number | null;
  /** `Trainer.largestSquare`: the largest squared norm of an example; null for the full batch. */
  largestSquare: number | null;
}

/** True if the optimizer has a stability limit for the learning rate, for which the curvature must be measured. */
export function hasLimit({ optimizer }: Pick<FitSettings, 'optimizer'>): boolean {
  return optimizer !== 'adam';
}

/**
 * The learning rate under which descent never lets the objective rise, by the largest eigenvalue h of
 * H = 1/m·[X 1]ᵀ[X 1] in training units. The curvature of a loss is nowhere more than L = c·h + l2 (c in src/descent/loss.ts), and
 * the limit is 2/L, or that of another optimizer. null when h is out of reach of the numbers, and for Adam, which has
 * none.
 */
export function limitOf(
  largestEigenvalue: number,
  settings: Pick<FitSettings, 'l2' | 'loss' | 'optimizer' | 'momentum'>,
): number | null {
  if (!hasLimit(settings)) return null;
  if (!(largestEigenvalue > 0 && Number.isFinite(largestEigenvalue))) return null;
  return stabilityLimit(settings, MOST_CURVATURE[settings.loss] * largestEigenvalue + settings.l2);
}

/**
 * The rate in force, of the epoch that has the largest. With 'auto' it is half the limit, for descent the longest step that
 * is sure to bring the objective down. Over the limit the loss of least squares rises without end: an epoch in which it does
 * not fall is no sign of being done, so the tolerance is 0 there. Of conjugate gradient it is how far the first step looks
 * ahead.
 *
 * Mini-batches: of a batch h may be larger than of all examples, but is never more than the largest ‖[x 1]‖² = R² of one.
 * With 'auto' the rate is 1/(c·R² + l2), so that no batch's step raises that batch's objective or leads away from parameters
 * that are best for all batches at once (as in Needell, Srebro and Ward, "Stochastic gradient descent, weighted sampling, and
 * the randomized Kaczmarz algorithm", 2016, whose step is bounded by the example that curves most). With momentum it is 1 − μ
 * times that, since a step goes on for 1/(1 − μ) updates, in which other batches come.
 *
 * Throws `INVALID_OPTION` for 'auto' where the limit is not known.
 */
export function chooseRate(
  request: RateRequest & Pick<FitSettings, 'tolerance' | 'loss' | 'optimizer' | 'momentum' | 'l2'>,
  { limit, largestSquare }: KnownCurvature,
): { rate: Rate; warnings: FitWarning[] } {
  const { learningRate, factors, tolerance, loss } = request;
  if (!hasLimit(request)) {
    const rate = largestSquare === null ? ADAM_RATE : ADAM_BATCH_RATE;
    return { rate: { learningRate: learningRate === 'auto' ? rate : learningRate, tolerance }, warnings: [] };
  }
  if (limit === null) {
    const message =
      'The learning-rate limit is unknown: the squares of the features overflow. Standardize the features, or scale them down.';
    if (learningRate !== 'auto') {
      return { rate: { learningRate, tolerance }, warnings: [{ code: 'LIMIT_UNKNOWN', message }] };
    }
    throw new DescentError('INVALID_OPTION', {
      got: "learningRate 'auto' for features whose squares leave the numbers, or are all 0",
      expected: 'features of moderate size, and one at least with an effect',
      fix: 'Standardize, scale the features, or leave out those that are 0.',
      where: { option: 'learningRate' },
    });
  }
  if (learningRate === 'auto') {
    return { rate: { learningRate: safeRate(request, limit, largestSquare), tolerance }, warnings: [] };
  }
  if (learningRate < limit) return { rate: { learningRate, tolerance }, warnings: [] };
  const outcome = loss === 'squared' && factors.length === 0 ? 'training diverges' : 'the loss may rise';
  const message = `Learning rate ${learningRate} is not below the stability limit ${Number(limit.toPrecision(6))}: ${outcome}.`;
  return { rate: { learningRate, tolerance: 0 }, warnings: [{ code: 'LEARNING_RATE_ABOVE_LIMIT', message }] };
}

function safeRate(
  { loss, l2, optimizer, momentum }: Pick<FitSettings, 'loss' | 'l2' | 'optimizer' | 'momentum'>,
  limit: number,
  largestSquare: number | null,
): number {
  if (largestSquare === null) return limit / 2;
  const share = optimizer === 'momentum' || optimizer === 'nesterov' ? 1 - momentum : 1;
  return share / (MOST_CURVATURE[loss] * largestSquare + l2);
}

/** Measures the limit for the examples of a trainer, and chooses the rate by it. */
export async function measureRate(
  trainer: Pick<Trainer, 'curvature' | 'largestSquare'>,
  featureCount: number,
  request: Parameters<typeof chooseRate>[0],
): Promise<{ limit: number | null; rate: Rate; warnings: FitWarning[] }> {
  const curvature = (direction: Float64Array) => trainer.curvature(direction);
  const limit = hasLimit(request) ? limitOf(await largestEigenvalue(curvature, featureCount + 1), request) : null;
  return { limit, ...chooseRate(request, { limit, largestSquare: trainer.largestSquare }) };
}
