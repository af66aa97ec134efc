import { largestEigenvalue } from '../base/largest-eigenvalue.js';
import type { Trainer } from '../descent/backend.js';
import { chooseRate, hasLimit, limitOf } from '../descent/learning-rate.js';
import { ruleOf } from '../descent/optimizers.js';
import { requirePathFits } from '../descent/parameter-path.js';
import { ratesOf } from '../descent/schedules.js';
import { isMoments } from '../moments/is-moments.js';
import type { DescentOptions } from '../options/choose-optimizer.js';
import { causeOf } from './changed-data.js';
import type { FitOptions } from './fit-options.js';
import { openBackend } from './open-backend.js';
import type { OpenTraining } from './open-fit.js';
import { MOMENTS_PLACEMENT, placeOf } from './place.js';
import { workOf } from './placement.js';
import type { PreparedData } from './prepare-data.js';
import { chooseTrainer } from './strategy.js';
import { targetScaleOf } from './target-scale.js';

export { resolveHuberDelta, withDelta } from './huber-delta.js'; // needed with descent alone

/** Uploads the examples for gradient descent, and chooses strategy and learning rate. */
export async function openDescent(
  prepared: PreparedData,
  settings: DescentOptions,
  { context, signal }: FitOptions,
): Promise<OpenTraining> {
  const { featureNames, training } = prepared;
  requirePathFits(settings, featureNames.length);
  const requestedRates = ratesOf(settings);
  const startMs = performance.now();
  const opened = isMoments(training) ? null : await openBackend(settings, context, workOf(training, settings), signal);
  const backend = opened?.backend ?? null;
  const openedMs = performance.now();
  let trainer: Trainer | undefined;
  const dispose = () => {
    trainer?.dispose();
    backend?.dispose();
  };
  try {
    const chosen = await chooseTrainer(prepared, backend, settings, signal);
    trainer = chosen.trainer;
    if (chosen.strategy === 'streaming' && backend?.name === 'webgpu') {
      const { requireF32Sizes } = await import('./gpu-limits.js');
      await requireF32Sizes(training, settings);
    }
    const uploadedMs = performance.now();
    const limit = await measureLimit(trainer, featureNames.length, settings, signal);
    const targetScale = await targetScaleOf(training, settings, trainer);
    const curvature = { limit, largestSquare: trainer.largestSquare };
    const { rate, warnings: rateWarnings } = chooseRate({ ...settings, ...requestedRates }, curvature);
    return {
      ...chosen,
      ...placeOf(opened, opened?.placement ?? MOMENTS_PLACEMENT),
      settings,
      warnings: [...(opened?.warnings ?? []), ...chosen.warnings],
      limit,
      rate,
      rule: ruleOf(settings, requestedRates, targetScale),
      startScale: targetScale,
      rateWarnings,
      timings: { deviceMs: openedMs - startMs, uploadMs: uploadedMs - openedMs },
      dispose,
    };
  } catch (error) {
    dispose();
    throw causeOf(error, training);
  }
}

/** The stability limit of the learning rate, from the largest curvature of the examples. */
async function measureLimit(
  trainer: Trainer,
  featureCount: number,
  settings: DescentOptions,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  if (!hasLimit(settings)) return null;
  const curvature = (direction: Float64Array) => trainer.curvature(direction);
  return limitOf(await largestEigenvalue(curvature, featureCount + 1, signal), settings);
}
