import type { Evaluation } from '../descent/evaluation.js';
import { type ColumnLayout, Standardization } from '../descent/standardization.js';
import { constantFeaturesOf } from '../moments/constant-features.js';
import type { Moments } from '../moments/moments.js';
import { SquaredLoss } from '../moments/squared-loss.js';
import type { FitSettings } from '../options/specs.js';

/** The parts of the options that units and objective depend on. */
export type SqlObjective = Pick<FitSettings, 'loss' | 'fitIntercept' | 'standardize'>;

/** The units of training of the columns that moments are of. Labels stay as they are. */
export function sqlUnits(moments: Moments, { loss, fitIntercept, standardize }: SqlObjective): Standardization {
  const { means, targetMeans } = moments;
  const isCentered = standardize && fitIntercept;
  const { deviations } = new SquaredLoss(moments, { standardize, fitIntercept }, 0);
  const constant = standardize ? constantFeaturesOf(moments, fitIntercept) : [];
  const columns = Array.from(deviations, (spread, j): ColumnLayout => {
    return { center: isCentered ? (means[j] as number) : 0, exponent: 0, spread, isConstant: constant.includes(j) };
  });
  const targetCenter = isCentered && loss !== 'logistic' ? (targetMeans[0] as number) : 0;
  return new Standardization(columns, [targetCenter], fitIntercept);
}

/**
 * The logistic loss of a constant model with its derivatives: they follow from moments, since every example has the same
 * prediction p. The gradient is that of the squared loss at residuals p − y, the Hessian p·(1 − p) times its own.
 */
export function constantLogistic(
  moments: Moments,
  { fitIntercept, standardize }: SqlObjective,
  bias: number,
  isWhole: boolean,
): Evaluation {
  const squared = new SquaredLoss(moments, { standardize, fitIntercept }, 0);
  const mean = moments.targetMeans[0] as number;
  const probability = 1 / (1 + Math.exp(-bias));
  const parameters = new Float64Array(moments.featureCount + 1);
  parameters[moments.featureCount] = standardize && fitIntercept ? probability - mean : probability;
  const gradient = new Float64Array(parameters.length);
  squared.gradient(parameters, gradient);
  // log(1 + eᵇ) − ȳ·b
  const loss = Math.max(bias, 0) + Math.log1p(Math.exp(-Math.abs(bias))) - mean * bias;
  const curvature = probability * (1 - probability);
  return { loss, gradient, hessian: isWhole ? squared.hessian().map((value) => curvature * value) : null };
}
