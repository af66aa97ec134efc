import type { Dataset } from '../data/dataset.js';
import { fit } from '../fit.js';
import { fitMany } from '../fit-many.js';
import type { LinearModel } from '../model/linear-model.js';
import type { FitOptions } from '../fitting/fit-options.js';
import type { FitSettings } from '../options/specs.js';
import type { FitWarning } from '../descent/report.js';
import type { JobResult } from './browser/page-protocol.js';

/** The progress of the training of several models. */
export interface TrainingProgress {
  /** Epochs finished, of the model that is farthest. */
  epoch: number;
  /** Epochs asked for. */
  epochs: number;
  /** Before the last finished epoch's update; null where there are several. */
  loss: number | null;
}

/** Callbacks during the training of several models. */
export interface TargetsWatch {
  onProgress: (progress: TrainingProgress) => void;
  onWarning: (warning: FitWarning) => void;
}

type LearnOptions = Omit<FitOptions, keyof TargetsWatch | 'warmStart'> & TargetsWatch & Pick<FitSettings, 'epochs'>;

/**
 * A model for each dataset: one by `fit`, and several, of the same features, by `fitMany`, which share each read of them. Each
 * begins at its own of `warmStarts`, or by chance where there are none.
 */
export async function fitTargets(
  [dataset, ...otherDatasets]: readonly [Dataset, ...Dataset[]],
  warmStarts: readonly LinearModel[],
  { onProgress, ...options }: LearnOptions,
): Promise<JobResult[]> {
  const startOf = (k: number) => (warmStarts[k] ? { warmStart: warmStarts[k] } : {});
  const models =
    otherDatasets.length === 0
      ? [await fit(dataset, { ...options, ...startOf(0), onProgress })]
      : await fitMany(
          dataset,
          [startOf(0), ...otherDatasets.map(({ targetName }, k) => ({ target: targetName, ...startOf(k + 1) }))],
          {
            ...options,
            targets: Object.fromEntries(otherDatasets.map(({ targetName, targets }) => [targetName, targets])),
            onProgress: (models) =>
              onProgress({ epoch: Math.max(...models.map(({ epoch }) => epoch)), epochs: options.epochs, loss: null }),
          },
        );
  return models.map(({ weights, bias, report }) => ({ weights: [...weights], bias, report }));
}
