import type { RunResult } from '../descent/backend.js';
import { resultOf } from '../descent/optimizers.js';
import { pathReport } from '../descent/parameter-path.js';
import { stateReport } from '../descent/report.js';
import { Dataset } from '../data/dataset.js';
import type { ClassLabel, Classes } from '../data/table/encoding.js';
import { LinearModel } from '../model/linear-model.js';
import { Moments } from '../moments/moments.js';
import { distanceToOptimum } from '../solve/distance-to-optimum.js';
import { assembleReport, epochSpeed, streamedBytes } from './assemble-report.js';
import type { OpenFit } from './open-fit.js';

/** The model that a run came to, in the caller's units, with its report. */
export function buildModel(fit: OpenFit, descent: RunResult): LinearModel {
  const { trainer, settings, rate, rule, earlier, featureNames, targetName } = fit;
  const { startMs, ...timings } = fit.timings;
  const lossHistory = [...earlier.lossHistory, ...descent.lossHistory];
  const epochsRun = lossHistory.length;
  const initial = earlier.initial ?? fit.from.parameters;
  const best = settings.restoreBest ? descent.best?.parameters : undefined;
  const result = best ?? resultOf({ ...descent, epoch: epochsRun }, rule);
  const toCallerUnits = (parameters: Float64Array) => trainer.toCallerUnits(parameters);
  const size = { exampleCount: fit.exampleCount, featureCount: featureNames.length };
  const bytes = fit.strategy === 'streaming' ? streamedBytes(size) : null;
  const origin = fit.origin();
  const report = assembleReport({
    ...size,
    reading: origin?.reading ?? null,
    backend: fit.backend,
    adapter: fit.adapter,
    strategy: fit.strategy,
    kernels: trainer.kernels,
    settings: { ...settings, ...rate },
    lossHistory,
    validationHistory:
      settings.validationFraction > 0 ? [...earlier.validationHistory, ...descent.validationHistory] : null,
    bestEpoch: descent.best?.epoch ?? null,
    path: pathReport(earlier.path, descent, { ...settings, epochsRun }, toCallerUnits),
    stopReason: descent.stopReason,
    learningRateLimit: fit.limit,
    distanceToOptimum: distanceToOptimum(onHost(fit), settings, initial, result),
    state: stateReport(descent, initial, settings),
    timings: {
      ...timings,
      totalMs: performance.now() - startMs,
      ...descent.timings,
      ...epochSpeed(descent.lossHistory.length, descent.timings.trainMs, bytes),
    },
    warnings: [...fit.warnings, ...fit.rateWarnings],
  });
  const { encoder = null, labels = null } = origin ?? {};
  return new LinearModel({
    ...toCallerUnits(result),
    ...{ featureNames, targetName, loss: settings.loss, encoder, classes: twoOf(labels), report },
  });
}

/** The labels of a target as two classes, which they are after the logistic loss. */
function twoOf(labels: readonly ClassLabel[] | null): Classes | null {
  const [first, second] = labels ?? [];
  return first === undefined || second === undefined ? null : [first, second];
}

/** The training data, if the host has them in a form that sums can be taken of. */
function onHost({ data }: Pick<OpenFit, 'data'>): Dataset | Moments | null {
  return data instanceof Dataset || data instanceof Moments ? data : null;
}
