import type { FitSettings } from '../options/specs.js';
import type { Trainer } from './backend.js';
import type { FitWarning } from './report.js';

/**
 * The warning that there are fewer examples than parameters, given the number of examples with a weight above 0. There is
 * none where that number is unknown: a sum of weights is not a number of examples; nor with l2, which leaves one best model.
 */
export function sizeWarnings(
  countedExamples: number | null,
  featureCount: number,
  { fitIntercept, l1, l2 }: Pick<FitSettings, 'fitIntercept' | 'l1' | 'l2'>,
): FitWarning[] {
  const parameterCount = featureCount + (fitIntercept ? 1 : 0);
  // With a penalty the best model is one, as a rule.
  if (l1 > 0 || l2 > 0 || countedExamples === null || countedExamples >= parameterCount) return [];
  const message = `${countedExamples} ${countedExamples === 1 ? 'example' : 'examples'} for ${parameterCount} parameters: the best model is not unique.`;
  return [{ code: 'UNDERDETERMINED', message }];
}

/** A warning for each constant feature. */
export function constantWarnings(
  featureNames: readonly string[],
  trainer: Pick<Trainer, 'constantFeatures'>,
): FitWarning[] {
  return trainer.constantFeatures.map((j) => ({
    code: 'CONSTANT_FEATURE',
    message: `Feature '${featureNames[j]}' is constant: its weight is 0.`,
  }));
}
