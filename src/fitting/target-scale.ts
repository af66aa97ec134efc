import { spreadOf } from '../data/column-layout.js';
import { Dataset } from '../data/dataset.js';
import type { Evaluator } from '../descent/evaluation.js';
import { isMoments } from '../moments/is-moments.js';
import type { FitSettings } from '../options/specs.js';
import type { TrainingData } from './prepare-data.js';

/** The options that the scale depends on. */
type ScaleSettings = Pick<FitSettings, 'optimizer' | 'standardize' | 'loss' | 'fitIntercept'>;

/** δ with which every error counts by its square, also in f32. */
const EVERY_ERROR = 1e30;

/**
 * The standard deviation of the targets, in which Adam's steps and ε and the random parameters that momentum, Adam and
 * conjugate gradient begin with are measured: so these train alike whatever the units of the targets. 1 where targets have no
 * units (labels), without `standardize`, and for plain gradient descent, which takes the same way in all units but for its
 * beginning.
 */
export async function targetScaleOf(
  training: TrainingData,
  settings: ScaleSettings,
  trainer: Evaluator,
): Promise<number> {
  if (!hasTargetScale(settings)) return 1;
  if (training instanceof Dataset) return scaleOfDataset(training, settings);
  if (isMoments(training)) {
    const variance = (training.targetScatter[0] as number) / training.count;
    const mean = training.targetMeans[0] as number;
    return Math.sqrt(settings.fitIntercept ? variance : variance + mean ** 2) || 1;
  }
  const start = new Float64Array(trainer.featureCount + 1);
  const { loss } = await trainer.evaluate(start, { withHessian: false, huberDelta: EVERY_ERROR });
  return Math.sqrt(2 * loss) || 1;
}

/** The same for examples on the host. */
export function scaleOfDataset(
  { targets, exampleWeights }: Pick<Dataset, 'targets' | 'exampleWeights'>,
  settings: ScaleSettings,
): number {
  return hasTargetScale(settings) ? spreadOf(targets, exampleWeights, settings.fitIntercept).deviation : 1;
}

/** True if the scale is not 1 for all targets. */
export function hasTargetScale({ optimizer, standardize, loss }: ScaleSettings): boolean {
  return standardize && loss !== 'logistic' && optimizer !== 'gradientDescent';
}
