import { spreadOf } from '../data/column-layout.js';
import { Dataset } from '../data/dataset.js';
import { surveyOf } from '../data/inputs.js';
import { isMoments } from '../moments/is-moments.js';
import type { FitSettings } from '../options/specs.js';
import type { ConstantModel } from '../solve/constant-model.js';
import type { AssessedFit, FitEnd } from './assess-convergence.js';

/** Predictions that are off by this share of the targets, a few units in their last place, are right. */
const ROUNDING = 2 ** -50;

/** The share of δ beyond which errors are more than rounding, whatever the size of the targets. */
const ROUNDING_OF_DELTA = 2 ** -10;

/** The root mean square of the slopes by the prediction, of the best constant model: no standardized feature is steeper. */
export function boundOfSlopes(
  { parameters, evaluation }: ConstantModel,
  loss: FitSettings['loss'],
  huberDelta: number,
): number {
  if (loss === 'squared') return Math.sqrt(2 * evaluation.loss);
  if (loss === 'huber') return Math.min(huberDelta, Math.sqrt(2 * evaluation.loss));
  const probability = 1 / (1 + Math.exp(-(parameters.at(-1) as number)));
  return Math.sqrt(probability * (1 - probability));
}

/**
 * The slope that a standardized feature may have if all predictions are right but for the rounding of the targets; where these
 * are 0, for that of the first predictions.
 */
export function roundingOfSlopes(
  { data, settings: { loss } }: AssessedFit,
  { firstObjective }: FitEnd,
  huberDelta: number,
): number {
  if (loss === 'logistic') return 0;
  const rounding = ROUNDING * (sizeOfTargets(data) ?? (Math.sqrt(2 * firstObjective) || 0));
  return loss === 'huber' ? Math.min(rounding, ROUNDING_OF_DELTA * huberDelta) : rounding;
}

/** The root mean square of the targets; null if they are all 0, and 0 if they are not at hand. */
function sizeOfTargets(data: AssessedFit['data']): number | null {
  const spread =
    data instanceof Dataset
      ? spreadOf(data.targets, data.exampleWeights, false)
      : surveyOf(data)?.targets.spread(false);
  if (spread) return spread.isConstant ? null : spread.deviation;
  if (!isMoments(data)) return 0;
  const { count, targetScatter, targetMeans } = data;
  return Math.sqrt((targetScatter[0] as number) / count + (targetMeans[0] as number) ** 2) || null;
}
