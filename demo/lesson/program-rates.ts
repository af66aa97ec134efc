// Which λ is the fastest for each optimizer on the examples of section 5: measured, by all rates in one call.

import { type Dataset, type FitReport, fitMany, type ModelOptions, SEED_PROGRAM } from '../../src/index.js';
import { type Best, ON_CPU } from './program-data.js';
import { COMPARED, type Compared, LARGEST_MOMENTUM } from './program-names.js';

/** A run has arrived when this share of its excess loss is left: far above what f32 leaves of it. */
export const ARRIVED_SHARE = 1e-4;

/** Rates tried, as shares of the limit of plain gradient descent; momentum has a limit up to twice that. */
const LEAST_SHARE = 0.004;
const LARGEST_SHARE = 2;
const RATES = 32;

/** Adam's steps have about the length of its λ, whatever the curvature: weights of a size of 1 are some of them away. */
const ADAM_RATES = [0.003, 3] as const;

/** Momenta of the map, from below. */
const MOMENTA = Array.from({ length: 12 }, (_, i) => (LARGEST_MOMENTUM * i) / 11);

/** The fastest run of an optimizer. */
export interface Fastest {
  rate: number;
  /** Epochs until it has arrived; null where the program's hundred are too few. */
  epochs: number | null;
  /** The share that is left of the excess loss after the last epoch. */
  share: number;
}

/** Epochs until arrival over λ and momentum, [momenta, rates]; null where a hundred are too few, or where it diverges. */
export interface RateMap {
  rates: readonly number[];
  momenta: readonly number[];
  epochs: readonly (number | null)[];
}

/** The first epoch before whose update the excess loss is `ARRIVED_SHARE` of that at the start. */
export function arrivalOf(losses: readonly number[], best: number): number | null {
  const enough = best + ARRIVED_SHARE * ((losses[0] ?? Number.NaN) - best);
  const found = losses.findIndex((loss) => loss <= enough);
  return found < 0 ? null : found;
}

/** The fastest λ of each optimizer, from the same start. */
export async function fastestOf(
  data: Dataset,
  { best, limit, seed, momentum }: { best: Best; limit: number; seed: number; momentum: number },
): Promise<Record<Compared, Fastest>> {
  const rates = spaced(LEAST_SHARE * limit, LARGEST_SHARE * limit, RATES);
  const tries = COMPARED.flatMap((optimizer) =>
    (optimizer === 'adam' ? spaced(...ADAM_RATES, RATES) : rates).map((rate) => ({ optimizer, rate })),
  );
  const options = tries.map(({ optimizer, rate }) => optionsOf(optimizer, { rate, seed, momentum }));
  const models = await fitMany(data, options, { ...SEED_PROGRAM, ...ON_CPU });
  const found = tries.map(({ optimizer, rate }, i) => ({
    optimizer,
    rate,
    ...outcomeOf(models[i]?.report as FitReport, best.loss),
  }));
  const fastest = (optimizer: Compared) =>
    found.filter((one) => one.optimizer === optimizer).reduce((a, b) => (isFaster(b, a) ? b : a));
  return {
    gradientDescent: fastest('gradientDescent'),
    momentum: fastest('momentum'),
    nesterov: fastest('nesterov'),
    adam: fastest('adam'),
  };
}

/** Every λ with every momentum, in one call: all runs share each pass over the examples. */
export async function mapOf(
  data: Dataset,
  { best, limit, seed }: { best: Best; limit: number; seed: number },
): Promise<RateMap> {
  const rates = spaced(LEAST_SHARE * limit, LARGEST_SHARE * limit, RATES);
  const options = MOMENTA.flatMap((momentum) => rates.map((rate) => optionsOf('momentum', { rate, seed, momentum })));
  const models = await fitMany(data, options, { ...SEED_PROGRAM, ...ON_CPU });
  const epochs = models.map(({ report }) => outcomeOf(report, best.loss).epochs);
  return { rates, momenta: MOMENTA, epochs };
}

/** The options of a run of this optimizer; the momentum goes where there is one. */
export function optionsOf(
  optimizer: Compared,
  { rate, seed, momentum }: { rate: number; seed: number; momentum: number },
): ModelOptions {
  const hasMomentum = optimizer === 'momentum' || optimizer === 'nesterov';
  return { optimizer, seed, learningRate: rate, ...(hasMomentum && { momentum }) };
}

function outcomeOf({ lossHistory, stopReason }: FitReport, best: number): Omit<Fastest, 'rate'> {
  const [first = Number.NaN, last = Number.NaN] = [lossHistory[0], lossHistory.at(-1)];
  const share = stopReason === 'diverged' || !(last < first) ? Infinity : (last - best) / (first - best);
  return { epochs: share > 1 ? null : arrivalOf(lossHistory, best), share };
}

/** By arrival, and by what is left where two arrive together or neither does. */
function isFaster(a: Omit<Fastest, 'rate'>, b: Omit<Fastest, 'rate'>): boolean {
  const [first, second] = [a.epochs ?? Infinity, b.epochs ?? Infinity];
  return first < second || (first === second && a.share < b.share);
}

/** From low to high by equal factors. */
function spaced(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => low * (high / low) ** (i / (count - 1)));
}
