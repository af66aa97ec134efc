import type { Dataset } from '../data/dataset.js';
import { DescentError } from '../base/errors.js';
import { momentsOfDataset } from '../moments/columns.js';
import { isMoments } from '../moments/is-moments.js';
import type { Moments } from '../moments/moments.js';
import { SquaredLoss } from '../moments/squared-loss.js';
import type { FitSettings } from '../options/specs.js';
import { normalEquations, solveNormalEquations } from './by-moments.js';

/**
 * Multiply-adds that may go into the moments and into their factor: some milliseconds on one core, and half of one. That is
 * at most 2% of a fit of 100 epochs on a software adapter: 0.1 of 10 ms at 1,000 × 2, 0.5 of 100 at 100,000 × 2, 2.2 of 116
 * at 28,000 × 16, and by moments 0.2 of 27 at 10,000 × 64.
 */
const MOST_WORK = { moments: 2 ** 22, factor: 2 ** 17 };

/**
 * `FitReport.distanceToOptimum`: (L − L*)/(L₀ − L*) for the parameters at the start and at the end, [d + 1] each in training
 * units. With θ* the optimum and H the curvature of the objective, L − L* = ½(θ − θ*)ᵀH(θ − θ*): nothing cancels, so that
 * 1e-12 is told from 0.
 *
 * null with another loss and with l1, where there are neither moments nor a dataset on the host, where it would take
 * more than some milliseconds, and where sums in f32 cannot tell which features depend on others.
 */
export function distanceToOptimum(
  data: Dataset | Moments | null,
  settings: Pick<FitSettings, 'loss' | 'l1' | 'l2' | 'standardize' | 'fitIntercept'>,
  start: Float64Array,
  end: Float64Array,
): number | null {
  const { loss: minimised, l1, l2, standardize, fitIntercept } = settings;
  if (minimised !== 'squared' || l1 > 0) return null;
  const moments = cheapMoments(data, start.length - 1);
  if (!moments) return null;
  const equations = normalEquations(moments, settings);
  if (equations.factor.isDeficient && moments.precision === 'f32') return null;
  const { weights, atCenter } = solveNormalEquations(equations);
  const optimum = weights.map(
    (weight, j) => weight * (equations.units[j] as number) * (equations.lengths[j] as number),
  );
  // Where features and targets are centred, so is the bias.
  const isCentered = standardize && fitIntercept;
  const bias = isCentered
    ? 0
    : weights.reduce((sum, weight, j) => sum - weight * (equations.means[j] as number), atCenter);
  const loss = new SquaredLoss(moments, settings, 0);
  const excess = (parameters: Float64Array) => {
    const offset = parameters.map((value, j) => value - (j < optimum.length ? (optimum[j] as number) : bias));
    const slope = loss.curvature(offset);
    return offset.reduce((sum, by, j) => sum + by * ((slope[j] as number) + (j < optimum.length ? l2 * by : 0)), 0);
  };
  const [startExcess, endExcess] = [excess(start), excess(end)];
  const share = endExcess === 0 ? 0 : endExcess / startExcess;
  return Number.isFinite(share) ? Math.max(0, share) : null;
}

/** The moments, if they are at hand or cost little. */
export function cheapMoments(data: Dataset | Moments | null, featureCount: number): Moments | undefined {
  if (featureCount ** 3 / 6 > MOST_WORK.factor) return undefined;
  if (data === null) return undefined;
  if (isMoments(data)) return data;
  if ((data.exampleCount * (featureCount + 1) ** 2) / 2 > MOST_WORK.moments) return undefined;
  try {
    return momentsOfDataset(data);
  } catch (error) {
    if (error instanceof DescentError && error.code === 'NON_FINITE_VALUE') return undefined; // squares that leave f64
    throw error;
  }
}
