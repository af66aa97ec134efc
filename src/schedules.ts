import type { FitSettings } from './options.js';

export const SCHEDULES = ['constant', 'inverseScaling', 'step', 'exponential', 'cosine'] as const;

/** How the learning rate goes on from epoch to epoch. */
export type Schedule = (typeof SCHEDULES)[number];

/** The options that say how. */
export type ScheduleSettings = Pick<FitSettings, 'schedule' | 'decay' | 'decayEvery' | 'warmupEpochs' | 'epochs'>;

/**
 * The factors on λ of the first epochs, in order; the last one holds for all later epochs, and none at all is 1 for all.
 *
 * With e epochs since the warm-up, of E:
 *
 *     constant        1
 *     inverseScaling  1/(e + 1)^decay
 *     step            decay^⌊e/decayEvery⌋
 *     exponential     decay^(e/decayEvery)
 *     cosine          (1 + cos(π·e/E))/2     Loshchilov and Hutter, "SGDR", 2017, without restarts
 *
 * A warm-up of W epochs comes before: 1/W, 2/W, … 1 (Goyal et al., "Accurate, large minibatch SGD", 2017).
 *
 *     scheduleFactors({ schedule: 'step', decay: 0.5, decayEvery: 2, warmupEpochs: 0, epochs: 5 }) // 1, 1, ½, ½, ¼
 */
export function scheduleFactors({
  schedule,
  decay,
  decayEvery,
  warmupEpochs,
  epochs,
}: ScheduleSettings): Float64Array<ArrayBuffer> {
  const afterWarmup = Math.max(epochs - warmupEpochs, 1);
  const factorAt: Record<Schedule, (e: number) => number> = {
    constant: () => 1,
    inverseScaling: (e) => (e + 1) ** -decay,
    step: (e) => decay ** Math.floor(e / decayEvery),
    exponential: (e) => decay ** (e / decayEvery),
    cosine: (e) => (1 + Math.cos((Math.PI * e) / afterWarmup)) / 2,
  };
  if (schedule === 'constant' && warmupEpochs === 0) return new Float64Array(0);
  const length = schedule === 'constant' ? Math.min(warmupEpochs, epochs) : epochs;
  return Float64Array.from({ length }, (_, epoch) =>
    epoch < warmupEpochs ? (epoch + 1) / warmupEpochs : factorAt[schedule](epoch - warmupEpochs),
  );
}
