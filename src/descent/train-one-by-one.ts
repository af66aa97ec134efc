import type { ManyRun, ModelProgress, Run, RunResult, RunState, Start } from './backend.js';
import { initialState, trainToEnd } from './run.js';

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
