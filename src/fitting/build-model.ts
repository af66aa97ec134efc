import type { RunResult } from '../descent/backend.js';
import { resultOf } from '../descent/optimizers.js';
import { pathReport } from '../descent/parameter-path.js';
import { stateReport } from '../descent/report.js';
import { Dataset } from '../data/dataset.js';
import { LinearModel } from '../model/linear-model.js';
import { Moments } from '../moments/moments.js';
import { distanceToOptimum } from '../solve/distance-to-optimum.js';
import { assembleReport, epochSpeed, streamedBytes } from './assemble-report.js';
import type { OpenFit } from './open-fit.js';

/** The model that a run came to, in the caller's units, with its report. */
export function buildModel(fit: OpenFit, run: RunResult): LinearModel {
  const { trainer, settings, rate, rule, initial, earlier, featureNames, targetName } = fit;
  const { startMs, ...timings } = fit.timings;
  const lossHistory = [...(earlier?.lossHistory ?? []), ...run.losses];
  const best = settings.restoreBest ? run.best?.parameters : undefined;
  const result = best ?? resultOf(run, rule);
  const toCallerUnits = (parameters: Float64Array) => trainer.toCallerUnits(parameters);
  const size = { exampleCount: fit.exampleCount, featureCount: featureNames.length };
  const bytes = fit.strategy === 'streaming' ? streamedBytes(size) : null;
  const report = assembleReport({
    ...size,
    backend: fit.backend,
    adapter: fit.adapter,
    strategy: fit.strategy,
    kernels: trainer.kernels,
    settings: { ...settings, ...rate },
    lossHistory,
    validationHistory:
      settings.validationFraction > 0 ? [...(earlier?.validationHistory ?? []), ...run.validationLosses] : null,
    bestEpoch: run.best?.epoch ?? null,
    path: pathReport(earlier?.path ?? [], run, settings, toCallerUnits),
    stopReason: run.stopReason ?? 'aborted',
    learningRateLimit: fit.limit,
    distanceToOptimum: distanceToOptimum(onHost(fit), settings, initial, result),
    state: stateReport(run, initial, settings),
    timings: {
      ...timings,
      totalMs: performance.now() - startMs,
      ...run.timings,
      ...epochSpeed(run.losses.length, run.timings.trainMs, bytes),
    },
    warnings: [...fit.warnings, ...fit.rateWarnings],
  });
  return new LinearModel({ ...toCallerUnits(result), featureNames, targetName, loss: settings.loss, report });
}

/** The training data, if the host has them in a form that sums can be taken of. */
function onHost({ data }: Pick<OpenFit, 'data'>): Dataset | Moments | null {
  return data instanceof Dataset || data instanceof Moments ? data : null;
}
