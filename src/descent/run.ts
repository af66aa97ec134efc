import type { RunResult, RunSettings, RunState, Trainer } from './backend.js';

/** Descent that is yet to begin, from these parameters: [d + 1] in training units. */
export function initialState(parameters: Float64Array): RunState {
  return { epoch: 0, parameters, previous: parameters, quietEpochs: 0, loss: Number.NaN };
}

/** Runs from the given state to the end, or until the signal aborts. */
export async function trainToEnd(
  trainer: Pick<Trainer, 'begin'>,
  from: RunState,
  { signal, onProgress, ...settings }: RunSettings,
): Promise<RunResult> {
  const run = await trainer.begin(from, settings);
  try {
    await run.runEpochs(settings.epochs, { signal, onProgress });
    return await run.read();
  } finally {
    run.dispose();
  }
}
