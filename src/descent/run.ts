import type { RunResult, RunSettings, RunState, Trainer } from './backend.js';

/** Descent that is yet to begin, from these parameters: [d + 1] in training units. */
export function initialState(parameters: Float64Array): RunState {
  return { epoch: 0, parameters, previous: parameters, quietEpochs: 0, loss: Number.NaN };
}

/** Runs from the given state to the end, or until the signal aborts. Of a run that had ended the state is read, and no more. */
export async function trainToEnd(
  trainer: Pick<Trainer, 'begin'>,
  from: RunState,
  { signal, onProgress, ...settings }: RunSettings,
): Promise<RunResult> {
  const run = await trainer.begin(from, settings);
  try {
    if (!from.ended) await run.runEpochs(settings.epochs, { signal, onProgress });
    return withEnd(await run.read(), from);
  } finally {
    run.dispose();
  }
}

/** The result of a run that began at this state, with the end that the state has. */
export function withEnd(result: RunResult, { ended }: Pick<RunState, 'ended'>): RunResult {
  return ended ? { ...result, stopReason: ended } : result;
}
