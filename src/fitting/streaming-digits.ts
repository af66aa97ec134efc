import { Dataset } from '../data/dataset.js';
import type { FitWarning } from '../descent/report.js';
import type { DigitCheck } from '../moments/condition.js';
import type { DescentOptions } from '../options/choose-optimizer.js';
import type { TrainingData } from './prepare-data.js';

/**
 * The warning for descent in f32 on features that nearly depend on one another: as sums in f32 do, gradients keep three digits
 * of the weights up to the condition number of moments in f32. The condition is known where moments were tried, and is found
 * where that takes some milliseconds; a penalty makes it less.
 */
export async function streamingDigits(
  training: TrainingData,
  { loss, l1, l2, fitIntercept }: DescentOptions,
  tried: DigitCheck | null,
): Promise<FitWarning[]> {
  if (loss !== 'squared' || l1 > 0 || l2 > 0 || !(training instanceof Dataset)) return [];
  const conditionNumber = tried?.conditionNumber ?? (await cheapCondition(training, fitIntercept));
  const { DIGIT_LIMITS } = await import('./moments-engine.js');
  const most = DIGIT_LIMITS.f32.condition;
  if (conditionNumber === null || !Number.isFinite(conditionNumber) || conditionNumber <= most) return [];
  const message = `The condition number of the standardized features is ${Number(conditionNumber.toPrecision(3))}: gradient descent in f32 gives three digits of the weights up to a condition number of ${most}. optimizer: 'auto' without options of gradient descent is more accurate.`;
  return [{ code: 'ILL_CONDITIONED', message }];
}

/** The condition number; null where it would take more than some milliseconds. */
async function cheapCondition(dataset: Dataset, fitIntercept: boolean): Promise<number | null> {
  const [{ cheapMoments }, { checkDigits }] = await Promise.all([
    import('./optimum-engine.js'),
    import('./moments-engine.js'),
  ]);
  const moments = cheapMoments(dataset, dataset.featureCount);
  return moments ? (await checkDigits(moments, fitIntercept)).conditionNumber : null;
}
