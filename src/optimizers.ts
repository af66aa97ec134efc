import type { UpdateRule } from './backend.js';
import { DescentError } from './errors.js';
import type { FitSettings } from './options.js';
import { scheduleFactors } from './schedules.js';

export const OPTIMIZERS = ['gradientDescent', 'momentum', 'nesterov', 'adam', 'conjugateGradient'] as const;

/** How gradients become steps. */
export type OptimizerName = (typeof OPTIMIZERS)[number];

/**
 * With 'auto', the rate of Adam, in training units: every parameter moves by up to about this much in an epoch, whatever
 * the size of its gradient, so no curvature bounds it. Twenty epochs take a parameter by 1, the size that weights have
 * on targets of spread 1; for targets of another spread it should grow or shrink with it.
 */
const ADAM_RATE = 0.05;

/**
 * The rate under which an optimizer converges on the squared loss, and over which it diverges, for the largest
 * eigenvalue of its curvature, that of l2 included; Infinity where there is none.
 *
 * An eigenvalue h sees gradient descent as a factor 1 − λh on the error, within ±1 for λ < 2/h. The error of momentum
 * follows z² − (1 + μ − λh)·z + μ, whose roots are within the unit circle for λ < 2(1 + μ)/h (Polyak, 1964); that of
 * Nesterov's z² − (1 − λh)(1 + μ)·z + (1 − λh)·μ, for λ < (2 + 2μ)/((1 + 2μ)h). Adam divides gradients by their size, and
 * conjugate gradient finds the length of each step itself.
 */
export function stabilityLimit({ optimizer, momentum }: Pick<FitSettings, 'optimizer' | 'momentum'>, largest: number) {
  const ofDescent = 2 / largest;
  if (optimizer === 'momentum') return ofDescent * (1 + momentum);
  if (optimizer === 'nesterov') return (ofDescent * (1 + momentum)) / (1 + 2 * momentum);
  return optimizer === 'adam' ? Infinity : ofDescent;
}

/** The rate of 'auto': half of the limit, which for gradient descent never lets the loss rise, in any direction. */
export function automaticRate(limit: number): number {
  return Number.isFinite(limit) ? limit / 2 : ADAM_RATE;
}

/** The largest rate of all epochs. */
export function fastestRate(learningRate: number, { factors }: UpdateRule): number {
  if (factors.length === 0) return learningRate;
  return learningRate * factors.reduce((largest, factor) => Math.max(largest, factor), 0);
}

/** What the options say of how an update is made. */
export function ruleOf(settings: FitSettings): UpdateRule {
  const { optimizer, momentum, beta1, beta2, epsilon, average, averageFrom, learningRate, epochs } = settings;
  const factors =
    typeof learningRate === 'function' ? ratesOf(learningRate, epochs) : scheduleFactors(settings);
  const hasMomentum = optimizer === 'momentum' || optimizer === 'nesterov';
  return {
    optimizer,
    momentum: hasMomentum ? momentum : 0,
    beta1,
    beta2,
    epsilon,
    factors,
    averageFrom: average ? averageFrom : Infinity,
  };
}

/** The rates of a function of the epoch, counted from 0. */
function ratesOf(rateAt: (epoch: number) => number, epochs: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: epochs }, (_, epoch) => {
    const rate = rateAt(epoch);
    if (typeof rate === 'number' && Number.isFinite(rate) && rate >= 0) return rate;
    throw new DescentError('INVALID_OPTION', {
      got: `learningRate ${String(rate)} in epoch ${epoch}`,
      expected: 'a finite number from 0 up for every epoch',
      fix: 'Return a number for all epochs from 0 on.',
    });
  });
}

/** Options that only some values of another option have a use for. */
const DEPENDENT: readonly {
  name: keyof FitSettings;
  of: 'optimizer' | 'schedule' | 'average';
  uses: readonly FitSettings['optimizer' | 'schedule' | 'average'][];
}[] = [
  { name: 'momentum', of: 'optimizer', uses: ['momentum', 'nesterov'] },
  { name: 'beta1', of: 'optimizer', uses: ['adam'] },
  { name: 'beta2', of: 'optimizer', uses: ['adam'] },
  { name: 'epsilon', of: 'optimizer', uses: ['adam'] },
  { name: 'decay', of: 'schedule', uses: ['inverseScaling', 'step', 'exponential'] },
  { name: 'decayEvery', of: 'schedule', uses: ['step', 'exponential'] },
  { name: 'averageFrom', of: 'average', uses: [true] },
];

/**
 * Throws `INVALID_OPTION` for options that have no meaning together: what another optimizer or schedule would use, a
 * schedule beside rates that are a function already, and all that has no place beside the steps of conjugate gradient.
 */
export function checkTogether(settings: FitSettings, defaults: Readonly<Record<string, unknown>>): void {
  for (const { name, of, uses } of DEPENDENT) {
    if (settings[name] === defaults[name] || uses.includes(settings[of])) continue;
    throw new DescentError('INVALID_OPTION', {
      got: `${name} ${String(settings[name])} with ${of} ${inQuotes(settings[of])}`,
      expected: `${name} only with ${of} ${uses.map(inQuotes).join(' or ')}, which use it`,
      fix: 'Leave one of the two out.',
    });
  }
  const { schedule, warmupEpochs, optimizer, learningRate, average, l1 } = settings;
  const changes = schedule !== 'constant' || warmupEpochs > 0;
  if (typeof learningRate === 'function' && changes) {
    throw new DescentError('INVALID_OPTION', {
      got: 'a schedule beside a learningRate that is a function of the epoch',
      expected: 'one of the two to say how the rate goes on',
      fix: 'Leave schedule and warmupEpochs out, or pass a number.',
    });
  }
  if (optimizer !== 'conjugateGradient') return;
  const unused = [
    learningRate !== 'auto' && 'a learningRate',
    changes && 'a schedule',
    average && 'average',
    l1 > 0 && 'l1',
  ].find((text) => text !== false);
  if (unused === undefined) return;
  throw new DescentError('INVALID_OPTION', {
    got: `${unused} with optimizer 'conjugateGradient'`,
    expected: 'its exact steps on a quadratic: no rate, no schedule, no average and no l1',
    fix: "Leave it out, or use optimizer 'nesterov'.",
  });
}

function inQuotes(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
