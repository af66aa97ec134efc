import { isStreamed } from '../data/inputs.js';
import { Dataset } from '../data/dataset.js';
import type { DescentOptions } from '../options/choose-optimizer.js';
import type { OptimizerName } from '../options/names.js';
import { LEAST_SQUARES } from '../options/objective.js';
import type { FitSettings } from '../options/specs.js';
import type { TrainingData } from './prepare-data.js';

/**
 * The options with δ as a number: where 'auto' is asked for, the one that a robust fit of the same objective comes to, on the
 * host in f64. Other losses ignore it.
 */
export async function resolveHuberDelta<Settings extends FitSettings & { optimizer: OptimizerName }>(
  training: TrainingData,
  settings: Settings,
  signal: AbortSignal | undefined,
): Promise<Settings & DescentOptions> {
  const { huberDelta, loss } = settings;
  if (huberDelta !== 'auto') return { ...settings, huberDelta };
  if (loss !== 'huber') return { ...settings, huberDelta: LEAST_SQUARES.huberDelta };
  if (isStreamed(training)) {
    const { streamedHuberDelta } = await import('./streaming/streaming.js');
    return { ...settings, huberDelta: await streamedHuberDelta(training, settings, signal) };
  }
  if (!(training instanceof Dataset)) throw new TypeError("huberDelta 'auto' needs the examples on the host");
  const { findHuberDelta } = await import('./find-huber-delta.js');
  return { ...settings, huberDelta: await findHuberDelta(training, settings, signal) };
}

/** The options for a report: with δ as a number if the loss has one. */
export function withDelta<Settings extends FitSettings>(asked: Settings, { huberDelta }: DescentOptions): Settings {
  return asked.loss === 'huber' ? { ...asked, huberDelta } : asked;
}
