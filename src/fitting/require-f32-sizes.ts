import { spreadOf } from '../data/column-layout.js';
import { Dataset } from '../data/dataset.js';
import { isStreamed, surveyOf } from '../data/inputs.js';
import { DescentError } from '../base/errors.js';
import { requireSquares } from '../descent/f32-sizes.js';
import type { FitSettings } from '../options/specs.js';
import type { TrainingData } from './prepare-data.js';

/** The largest number whose square f32 holds with room for sums of it, about 1e18. */
const MOST_ROOT = 1e18;

/**
 * Throws where descent in f32 leaves the numbers: `NON_FINITE_VALUE` for targets so near one another that the squares of errors
 * vanish, and `INVALID_OPTION` for a penalty under which the squares of conjugate gradient's slopes overflow. The targets of
 * buffers are looked at on their device.
 */
export async function requireF32Sizes(
  training: TrainingData,
  settings: Pick<FitSettings, 'loss' | 'fitIntercept' | 'optimizer' | 'l1' | 'l2'>,
): Promise<void> {
  const { loss, fitIntercept, optimizer, l2 } = settings;
  const found = loss === 'logistic' ? null : await spreadOfTargets(training, fitIntercept);
  if (!found) return;
  const { spread, targetName } = found;
  requireSquares(spread, targetName, settings);
  if (optimizer === 'conjugateGradient' && l2 * spread.deviation > MOST_ROOT) {
    throw new DescentError('INVALID_OPTION', {
      got: `l2 ${l2} for targets that differ by about ${spread.deviation.toPrecision(2)}, with slopes whose squares f32 cannot hold`,
      expected: `l2 of at most ${(MOST_ROOT / spread.deviation).toPrecision(2)} for conjugate gradient on WebGPU`,
      fix: "Use a smaller l2, optimizer: 'auto', strategy: 'moments' or backend: 'cpu'.",
      where: { option: 'l2' },
    });
  }
}

/** The spread of targets that the host has, or has seen; null for others. */
async function spreadOfTargets(training: TrainingData, fitIntercept: boolean) {
  if (training instanceof Dataset) {
    const { targets, targetName, exampleWeights } = training;
    return { spread: spreadOf(targets, exampleWeights, fitIntercept), targetName };
  }
  const survey = surveyOf(training);
  if (!survey || !isStreamed(training)) return null;
  const { target: targetName } = await training.columns();
  return { spread: survey.targets.spread(fitIntercept), targetName };
}
