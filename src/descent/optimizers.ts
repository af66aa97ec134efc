import type { RunState, UpdateRule } from './backend.js';
import type { DescentOptions } from '../options/choose-optimizer.js';
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

/** The options that an update rule depends on. */
type RuleSettings = Pick<
  DescentOptions,
  'optimizer' | 'momentum' | 'beta1' | 'beta2' | 'epsilon' | 'average' | 'averageFrom'
>;

/**
 * The update rule that the options ask for. `targetScale` is the size of the targets: the steps of Adam have the size of the
 * learning rate, whatever that of the gradient, so that they and ε are measured in it.
 */
export function ruleOf(settings: RuleSettings, { factors }: RateRequest, targetScale = 1): UpdateRule {
  const { optimizer, momentum, beta1, beta2, epsilon, average, averageFrom } = settings;
  const stepScale = optimizer === 'adam' ? targetScale : 1;
  const all = factors.length === 0 && stepScale !== 1 ? Float64Array.of(1) : factors;
  return {
    optimizer,
    momentum: optimizer === 'momentum' || optimizer === 'nesterov' ? momentum : 0,
    beta1,
    beta2,
    epsilon: epsilon * stepScale,
    factors: stepScale === 1 ? all : all.map((factor) => factor * stepScale),
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

/** The rule that stands where no update rule runs: its model is where the run ended. */
export const PLAIN_RULE: UpdateRule = {
  optimizer: 'gradientDescent',
  momentum: 0,
  beta1: 0,
  beta2: 0,
  epsilon: 0,
  factors: new Float64Array(0),
  averageFrom: Infinity,
};
