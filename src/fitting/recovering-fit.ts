import type { Checkpoint } from '../model/checkpoint.js';
import type { FittedModel } from '../model/fitted-model.js';
import type { FitOptions, FitProgress } from './fit-options.js';
import type { FitData } from './prepare-data.js';
import { SteppedFit } from './stepped-fit.js';

/** The time from one state on the host to the next: what a loss takes back at most, beside the opening of a device. */
const STATE_MS = 500;

/** A step has at most this many times the epochs of the one before. */
const GROWTH = 4;

/** A fit that outlives the loss of its device: its state comes to the host now and then, and a new device goes on from there. */
export async function trainRecovering(
  data: FitData,
  options: FitOptions,
  checkpoint: Checkpoint | null,
): Promise<FittedModel> {
  const { onProgress, onWarning } = options;
  const watched = { ...options, ...(onProgress && { onProgress: newEpochsOnly(onProgress) }) };
  const fit = await SteppedFit.open(data, watched, checkpoint);
  try {
    let epochs = 1;
    while (fit.stopReason === null) {
      const startMs = performance.now();
      await fit.step(epochs, fit.learningRate);
      const stepMs = performance.now() - startMs;
      epochs = Math.max(1, Math.floor(epochs * Math.min(GROWTH, STATE_MS / Math.max(stepMs, 1))));
    }
    const model = await fit.model();
    const told = fit.warningsBefore;
    for (const warning of model.report.warnings) if (!told.includes(warning)) onWarning?.(warning);
    return model;
  } finally {
    fit.dispose();
  }
}

/** Epochs that run once more after a loss were told of before. */
function newEpochsOnly(onProgress: NonNullable<FitOptions['onProgress']>): (progress: FitProgress) => void {
  let told = 0;
  return (progress) => {
    const { epoch, losses, validationLosses } = progress;
    const isNew = (_: number, k: number, all: readonly number[]) => k >= all.length - (epoch - told);
    if (epoch <= told) return;
    onProgress({
      ...progress,
      losses: losses.filter(isNew),
      validationLosses: validationLosses.filter(isNew),
    });
    told = epoch;
  };
}
