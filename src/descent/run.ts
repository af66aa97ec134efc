import type { ManyRun, ModelProgress, Run, RunResult, RunSettings, RunState, Start, Trainer } from './backend.js';

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

/** Runs several models one after another, each from its own start; `begin` begins one on the examples that it sees. */
export async function trainOneByOne(
  starts: readonly Start[],
  begin: (start: Start, from: RunState) => Promise<Run>,
  { signal, onProgress }: ManyRun,
): Promise<RunResult[]> {
  const all = starts.map((): ModelProgress => ({ epoch: 0, loss: Number.NaN, isRunning: true }));
  const results: RunResult[] = [];
  for (const [k, start] of starts.entries()) {
    const tell = (epoch: number, loss: number) => {
      all[k] = { epoch, loss, isRunning: true };
      onProgress?.(all.slice());
    };
    const trainer = { begin: (from: RunState) => begin(start, from) };
    const settings = { ...start.settings, signal, onProgress: tell };
    results.push(await trainToEnd(trainer, initialState(start.initial), settings));
    all[k] = { ...(all[k] as ModelProgress), isRunning: false };
  }
  onProgress?.(all.slice());
  return results;
}
