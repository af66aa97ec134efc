import type { Descent, DescendSettings, DescentState, Standing, Trainer } from './backend.js';

/** Descent that is yet to begin, from these parameters: [d + 1] in training units. */
export function beginningAt(parameters: Float64Array): DescentState {
  return { epoch: 0, parameters, previous: parameters, quietEpochs: 0, loss: Number.NaN };
}

/** The result of a finished run. */
export function descentOf({ losses, validationLosses, stopReason, ...rest }: Standing): Descent {
  return { ...rest, lossHistory: losses, validationHistory: validationLosses, stopReason: stopReason ?? 'aborted' };
}

/** A run from where it begins to its end. The loss history is that of this run. */
export async function descend(
  trainer: Pick<Trainer, 'begin'>,
  from: DescentState,
  { signal, onProgress, ...settings }: DescendSettings,
): Promise<Descent> {
  const run = await trainer.begin(from, settings);
  try {
    await run.advance(settings.epochs, { signal, onProgress });
    return descentOf(await run.read());
  } finally {
    run.dispose();
  }
}
