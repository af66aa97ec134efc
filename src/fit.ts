import { trainToEnd } from './descent/run.js';
import type { FitOptions } from './fitting/fit-options.js';
import { openFit, progressCallback } from './fitting/open-fit.js';
import type { FitData } from './fitting/prepare-data.js';
import type { Checkpoint } from './model/checkpoint.js';
import type { FittedModel } from './model/fitted-model.js';

/**
 * Fits h(x) = X·w + b to the data: minimizes L = 1/(2m)·Σ (h(x) − y)², or another `loss`, on the GPU or the CPU. Without
 * options of gradient descent a solver goes on to the optimum; with one of them, epochs run:
 *
 *     source → dataset → upload → [ residual → gradient → update ] × epochs → readback → model + report
 *     source → moments → [ gradient → update ] × epochs → model + report         (strategy 'moments', on the host)
 *
 * The model's weights are in the units of the given features, whether or not training standardizes them.
 * A rate over the stability limit ends as `stopReason: 'diverged'` with the last parameters whose loss was finite.
 *
 * Throws a `DescentError` before any training for data or options that are wrong, and when the device cannot hold
 * the data, is missing or goes away. Whatever happens, nothing stays allocated.
 *
 *     const model = await fit({ features: X, targets: y, featureCount: 2 }, { epochs: 100, learningRate: 1 });
 *     model.weights // Float64Array [2]
 */
export async function fit(data: FitData, options: FitOptions = {}): Promise<FittedModel> {
  return train(data, options, null);
}

/** Fits one of several models. After `runSignal` has aborted, it ends where it begins. */
export function trainOne(data: FitData, options: FitOptions, runSignal: AbortSignal | undefined): Promise<FittedModel> {
  return train(data, options, null, runSignal);
}

/** A fit from its first epoch, or from that of a checkpoint of the same examples. */
export async function train(
  data: FitData,
  options: FitOptions,
  checkpoint: Checkpoint | null,
  runSignal?: AbortSignal,
): Promise<FittedModel> {
  // Options of another kind are refused below.
  if ((options as Partial<FitOptions> | null)?.recover)
    return (await import('./fitting/recovering-fit.js')).trainRecovering(data, options, checkpoint);
  const building = import('./fitting/build-model.js'); // loads while the fit opens and the epochs run
  building.catch(() => undefined); // it is awaited whether they fail or not: nothing goes on behind an error
  const opened = await openFit(data, options, checkpoint);
  try {
    const { trainer, from, settings, rate, rule } = opened;
    const signal = runSignal ?? options.signal;
    const run = await trainToEnd(trainer, from, {
      ...settings,
      ...rate,
      rule,
      signal,
      onProgress: progressCallback(options.onProgress, settings.epochs),
    }).finally(() => building);
    const { buildModel } = await building;
    const model = await buildModel({ ...opened, signal }, run);
    // Known at the end only: whether the model is at the optimum.
    const before = [...opened.warnings, ...opened.rateWarnings];
    for (const warning of model.report.warnings) if (!before.includes(warning)) options.onWarning?.(warning);
    return model;
  } finally {
    opened.dispose();
  }
}
