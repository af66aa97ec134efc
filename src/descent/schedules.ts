import { anyText } from '../base/quote.js';
import { DescentError } from '../base/errors.js';
import type { Schedule } from '../options/names.js';
import type { FitSettings } from '../options/specs.js';

/** The options of schedules and warm-up. */
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

/** The requested learning rates. */
export interface RateRequest {
  /** The learning rate; for a function, the largest of all epochs. */
  learningRate: number | 'auto';
  /** Factors on the learning rate, from `scheduleFactors`. */
  factors: Float64Array<ArrayBuffer>;
}

/** The learning rates that the options ask for. Throws `INVALID_OPTION` for a function that returns an unusable rate. */
export function ratesOf(settings: Pick<FitSettings, 'learningRate'> & ScheduleSettings): RateRequest {
  const { learningRate, epochs } = settings;
  if (typeof learningRate !== 'function') return { learningRate, factors: scheduleFactors(settings) };
  let largest = 0;
  const rates = Float64Array.from({ length: epochs }, (_, epoch) => {
    const rate: unknown = learningRate(epoch);
    if (typeof rate !== 'number' || !Number.isFinite(rate) || rate < 0) {
      throw unusable(`learningRate ${anyText(rate)} in epoch ${epoch}`);
    }
    largest = Math.max(largest, rate);
    return rate;
  });
  if (largest === 0) throw unusable('learningRate 0 in all epochs');
  return { learningRate: largest, factors: rates.map((rate) => rate / largest) };
}

function unusable(got: string): DescentError {
  return new DescentError('INVALID_OPTION', {
    got,
    expected: 'a finite number from 0 up for every epoch, and above 0 for at least one',
    fix: 'Return the learning rate of the epoch that the function receives, counted from 0.',
  });
}
