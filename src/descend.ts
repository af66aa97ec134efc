import type { Descent, DescendSettings, DescentState, Trainer } from './backend.js';

/** Descent that is yet to begin, from these parameters: [d + 1] in training units. */
export function beginningAt(parameters: Float64Array): DescentState {
  return { epoch: 0, parameters, previous: parameters, quietEpochs: 0, loss: Number.NaN };
}

/** A run from its first epoch to its end. */
export async function descend(
  trainer: Pick<Trainer, 'begin'>,
  initial: Float64Array,
  { signal, onProgress, ...settings }: DescendSettings,
): Promise<Descent> {
  const run = await trainer.begin(beginningAt(initial), settings);
  try {
    await run.advance(settings.epochs, { signal, onProgress });
    const { parameters, losses, stopReason, timings } = await run.read();
    return { parameters, lossHistory: losses, stopReason: stopReason ?? 'aborted', timings };
  } finally {
    run.dispose();
  }
}
