import type { DescentState, UpdateRule } from './backend.js';
import { DescentError } from './errors.js';
import type { FitSettings } from './options.js';
import type { AskedRates } from './schedules.js';

export const OPTIMIZERS = ['gradientDescent', 'momentum', 'nesterov', 'adam', 'conjugateGradient'] as const;

/** How gradients become steps. */
export type OptimizerName = (typeof OPTIMIZERS)[number];

/**
 * The rate under which an optimizer converges on the squared loss, and over which it diverges, for the largest
 * eigenvalue h of its curvature.
 *
 * Gradient descent takes an error times 1 − λh, within ±1 for λ < 2/h. The error of momentum follows
 * z² − (1 + μ − λh)·z + μ, whose roots are within the unit circle for λ < 2(1 + μ)/h (Polyak, 1964); that of nesterov
 * z² − (1 − λh)(1 + μ)·z + (1 − λh)·μ, for λ < (2 + 2μ)/((1 + 2μ)·h).
 *
 *     stabilityLimit({ optimizer: 'momentum', momentum: 0.9 }, 1) // 3.8
 */
export function stabilityLimit(
  { optimizer, momentum }: Pick<FitSettings, 'optimizer' | 'momentum'>,
  curvature: number,
): number {
  if (optimizer === 'momentum') return (2 + 2 * momentum) / curvature;
  if (optimizer === 'nesterov') return (2 + 2 * momentum) / (1 + 2 * momentum) / curvature;
  return 2 / curvature;
}

/** What the options say of how an update is made. */
export function ruleOf(settings: FitSettings, { factors }: AskedRates): UpdateRule {
  const { optimizer, momentum, beta1, beta2, epsilon, average, averageFrom } = settings;
  return {
    optimizer,
    momentum: optimizer === 'momentum' || optimizer === 'nesterov' ? momentum : 0,
    beta1,
    beta2,
    epsilon,
    factors,
    averageFrom: average ? averageFrom : Infinity,
  };
}

/** The parameters of the model: where descent stands, or the average, once there is one. */
export function resultOf(
  { epoch, parameters, memory = [] }: Pick<DescentState, 'epoch' | 'parameters' | 'memory'>,
  { averageFrom }: Pick<UpdateRule, 'averageFrom'>,
): Float64Array {
  return epoch > averageFrom ? (memory[2] ?? parameters) : parameters;
}

/** Whether the loss may rise for a while on the way down, so that a rise is no sign of being done. */
export function swings(rule: Pick<UpdateRule, 'optimizer'> | undefined): boolean {
  return rule !== undefined && ['momentum', 'nesterov', 'adam'].includes(rule.optimizer);
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
  const { schedule, warmupEpochs, optimizer, learningRate, average, l1, loss, batchSize } = settings;
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
    batchSize !== 'full' && `batchSize ${batchSize}`,
    l1 > 0 && 'l1',
    loss !== 'squared' && `loss '${loss}'`,
  ].find((text) => text !== false);
  if (unused === undefined) return;
  throw new DescentError('INVALID_OPTION', {
    got: `${unused} with optimizer 'conjugateGradient'`,
    expected:
      'the squared loss of all examples, l2 at most, and the rates that it finds itself: the steps are exact on a quadratic',
    fix: "Leave it out, or use optimizer 'nesterov'.",
  });
}

function inQuotes(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
