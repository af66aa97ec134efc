import type { FitSettings } from '../options/specs.js';
import type { Trainer } from './backend.js';
import type { FitWarning } from './report.js';

/** The warning that there are fewer examples than parameters. */
export function sizeWarnings(
  exampleCount: number,
  featureCount: number,
  { fitIntercept }: Pick<FitSettings, 'fitIntercept'>,
): FitWarning[] {
  const parameterCount = featureCount + (fitIntercept ? 1 : 0);
  if (exampleCount >= parameterCount) return [];
  const message = `${exampleCount} ${exampleCount === 1 ? 'example' : 'examples'} for ${parameterCount} parameters: the best model is not unique, and this is one of many.`;
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
