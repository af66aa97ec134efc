import type { RunState, UpdateRule } from './backend.js';
import type { FitSettings } from '../options/specs.js';
import type { RateRequest } from './schedules.js';

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

/** The update rule that the options ask for. */
export function ruleOf(settings: FitSettings, { factors }: RateRequest): UpdateRule {
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
  { epoch, parameters, optimizerState = [] }: Pick<RunState, 'epoch' | 'parameters' | 'optimizerState'>,
  { averageFrom }: Pick<UpdateRule, 'averageFrom'>,
): Float64Array {
  return epoch > averageFrom ? (optimizerState[2] ?? parameters) : parameters;
}

/** True for optimizers whose loss can rise temporarily; a rise then does not mean convergence. */
export function swings(rule: Pick<UpdateRule, 'optimizer'> | undefined): boolean {
  return rule !== undefined && ['momentum', 'nesterov', 'adam'].includes(rule.optimizer);
}
