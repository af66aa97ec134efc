import type { RunResult, RunSettings, RunState, RunReading, Trainer } from './backend.js';

/** Descent that is yet to begin, from these parameters: [d + 1] in training units. */
export function initialState(parameters: Float64Array): RunState {
  return { epoch: 0, parameters, previous: parameters, quietEpochs: 0, loss: Number.NaN };
}

/** The result of a finished run. */
export function runResult({ losses, validationLosses, stopReason, ...rest }: RunReading): RunResult {
  return { ...rest, lossHistory: losses, validationHistory: validationLosses, stopReason: stopReason ?? 'aborted' };
}

/** A run from where it begins to its end. The loss history is that of this run. */
export async function trainToEnd(
  trainer: Pick<Trainer, 'begin'>,
  from: RunState,
  { signal, onProgress, ...settings }: RunSettings,
): Promise<RunResult> {
  const run = await trainer.begin(from, settings);
  try {
    await run.runEpochs(settings.epochs, { signal, onProgress });
    return runResult(await run.read());
  } finally {
    run.dispose();
  }
}
